/* What is said of certificates: by their own words, by pins, and by TLSA records. */
#include "tls-fixture.h"
#include "wire/tlsa.h"

/* Shakes hands with a server that shows @identity, which is taken over. */
static void
meet (Fixture *fixture,
      TlsIdentity *identity,
      const char *host,
      const EstDemands *demands,
      gboolean good)
{
  g_autoptr (GError) error = NULL;
  fixture->identity = *identity;
  fixture->server = (TlsServer){fixture->far, &fixture->identity, TLS13, fixture->above};
  fixture->thread = g_thread_new ("server", serve_echo, &fixture->server);
  if (demands != NULL)
    est_wire_demand (fixture->wire, demands);
  g_assert_cmpint (est_wire_start_tls (fixture->wire, fixture->trust, host, &error), ==,
                   good);
  if (!good)
    g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_UNTRUSTED);
  g_assert_nonnull (est_wire_certificate (fixture->wire));
}

static char *
pin_of (const TlsIdentity *identity)
{
  guchar digest[32];
  gsize size = sizeof digest;
  g_assert_cmpint (gnutls_x509_crt_get_key_id (identity->certificate,
                                               GNUTLS_KEYID_USE_SHA256, digest, &size),
                   ==, 0);
  g_autofree char *text = g_base64_encode (digest, size);
  return g_strconcat ("sha256:", text, NULL);
}

typedef struct
{
  const char *name;
  gboolean other_authority;
  const char *certificate_for;
  gboolean pinned;  /* the right key is among the pins */
  gboolean suffice; /* and that is enough */
  gboolean good;
  EstCertificateFault fault;
} PinCase;

static const PinCase pin_cases[] = {
  {"right",              FALSE, NAME,          TRUE,  FALSE, TRUE,  EST_CERTIFICATE_GOOD  },
  {"wrong",              FALSE, NAME,          FALSE, FALSE, FALSE, EST_CERTIFICATE_PIN   },
  {"right-but-issuer",   TRUE,  NAME,          TRUE,  FALSE, FALSE, EST_CERTIFICATE_ISSUER},
  {"right-but-name",     FALSE, "example.com", TRUE,  FALSE, FALSE, EST_CERTIFICATE_NAME  },
  {"wrong-and-issuer",   TRUE,  NAME,          FALSE, FALSE, FALSE, EST_CERTIFICATE_ISSUER},
  {"right-local",        FALSE, NAME,          TRUE,  TRUE,  TRUE,  EST_CERTIFICATE_GOOD  },
  {"right-local-issuer", TRUE,  NAME,          TRUE,  TRUE,  TRUE,  EST_CERTIFICATE_GOOD  },
  {"right-local-name",   TRUE,  "example.com", TRUE,  TRUE,  TRUE,  EST_CERTIFICATE_GOOD  },
  {"wrong-local",        FALSE, NAME,          FALSE, TRUE,  FALSE, EST_CERTIFICATE_PIN   },
  {"wrong-local-issuer", TRUE,  NAME,          FALSE, TRUE,  FALSE, EST_CERTIFICATE_PIN   },
};

static void
test_pin (Fixture *fixture, gconstpointer data)
{
  const PinCase *c = data;
  TlsIdentity identity = make_identity (
    c->other_authority ? &other_authority : &authority, c->certificate_for, 9);
  g_autofree char *pin = pin_of (&identity);
  const char *pins[] = {
    "sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", c->pinned ? pin : NULL, NULL};
  const EstDemands demands = {.pins = pins, .pins_suffice = c->suffice};
  meet (fixture, &identity, NAME, &demands, c->good);
  const EstCertificate *seen = est_wire_certificate (fixture->wire);
  g_assert_cmpint (seen->fault, ==, c->fault);
  g_assert_cmpstr (seen->pin, ==, pin);
  if (c->fault == EST_CERTIFICATE_PIN)
    g_assert_cmpstr (seen->figures, ==, pin);
  if (c->good)
    g_assert_cmpint (seen->voucher, ==,
                     c->other_authority ? EST_VOUCHER_PIN : EST_VOUCHER_AUTHORITY);
}

typedef enum
{
  OWN,      /* the server's own certificate */
  ISSUER,   /* whoever signed it */
  SOMEBODY, /* nobody in the chain */
} Named;

typedef struct
{
  const char *name;
  gboolean stranger; /* signed by the authority we do not trust */
  const char *certificate_for;
  int days;
  guint8 usage, selector, matching;
  Named named;
  gboolean suffices;
  EstCertificateFault fault;
  EstVoucher voucher;
} TlsaCase;

#define GOOD      EST_CERTIFICATE_GOOD
#define AUTHORITY EST_VOUCHER_AUTHORITY
#define DANE      EST_VOUCHER_DANE
#define NOBODY    EST_VOUCHER_NOBODY

static const TlsaCase tlsa_cases[] = {
  {"ee-key",            FALSE, NAME,          9,  3, 1, 1, OWN,      TRUE,  GOOD,                   AUTHORITY},
  {"ee-key-alone",      TRUE,  NAME,          9,  3, 1, 1, OWN,      TRUE,  GOOD,                   DANE     },
  {"ee-key-512",        TRUE,  NAME,          9,  3, 1, 2, OWN,      TRUE,  GOOD,                   DANE     },
  {"ee-key-whole",      TRUE,  NAME,          9,  3, 1, 0, OWN,      TRUE,  GOOD,                   DANE     },
  {"ee-whole",          TRUE,  NAME,          9,  3, 0, 0, OWN,      TRUE,  GOOD,                   DANE     },
  {"ee-whole-digest",   TRUE,  NAME,          9,  3, 0, 1, OWN,      TRUE,  GOOD,                   DANE     },
  {"ee-other-name",     TRUE,  "example.com", 9,  3, 1, 1, OWN,      TRUE,  GOOD,                   DANE     },
  {"ee-expired",        TRUE,  NAME,          -2, 3, 1, 1, OWN,      TRUE,  GOOD,                   DANE     },
  {"ee-not-enough",     TRUE,  NAME,          9,  3, 1, 1, OWN,      FALSE, EST_CERTIFICATE_ISSUER, NOBODY   },
  {"ee-somebody",       FALSE, NAME,          9,  3, 1, 1, SOMEBODY, TRUE,  EST_CERTIFICATE_BAD,    NOBODY   },
  {"ee-issuer",         FALSE, NAME,          9,  3, 1, 1, ISSUER,   TRUE,  EST_CERTIFICATE_BAD,    NOBODY   },
  {"somebody-stranger", TRUE,  NAME,          9,  3, 1, 1, SOMEBODY, TRUE,  EST_CERTIFICATE_ISSUER,
   NOBODY                                                                                                    },
  {"ta-alone",          TRUE,  NAME,          9,  2, 1, 1, ISSUER,   TRUE,  GOOD,                   DANE     },
  {"ta-whole",          TRUE,  NAME,          9,  2, 0, 1, ISSUER,   TRUE,  GOOD,                   DANE     },
  {"ta-not-enough",     TRUE,  NAME,          9,  2, 1, 1, ISSUER,   FALSE, EST_CERTIFICATE_ISSUER,
   NOBODY                                                                                                    },
  {"ta-other-name",     TRUE,  "example.com", 9,  2, 1, 1, ISSUER,   TRUE,  EST_CERTIFICATE_NAME,
   NOBODY                                                                                                    },
  {"ta-expired",        TRUE,  NAME,          -2, 2, 1, 1, ISSUER,   TRUE,  EST_CERTIFICATE_ISSUER, NOBODY   },
  {"ta-own",            TRUE,  NAME,          9,  2, 1, 1, OWN,      TRUE,  EST_CERTIFICATE_ISSUER, NOBODY   },
  {"ta-somebody",       FALSE, NAME,          9,  2, 1, 1, SOMEBODY, TRUE,  EST_CERTIFICATE_BAD,    NOBODY   },
  {"pkix-ee",           FALSE, NAME,          9,  1, 1, 1, OWN,      TRUE,  GOOD,                   AUTHORITY},
  {"pkix-ee-stranger",  TRUE,  NAME,          9,  1, 1, 1, OWN,      TRUE,  EST_CERTIFICATE_ISSUER, NOBODY   },
  {"pkix-ee-somebody",  FALSE, NAME,          9,  1, 1, 1, SOMEBODY, TRUE,  EST_CERTIFICATE_BAD,
   NOBODY                                                                                                    },
  {"pkix-ta",           FALSE, NAME,          9,  0, 1, 1, ISSUER,   TRUE,  GOOD,                   AUTHORITY},
  {"pkix-ta-stranger",  TRUE,  NAME,          9,  0, 1, 1, ISSUER,   TRUE,  EST_CERTIFICATE_ISSUER,
   NOBODY                                                                                                    },
  {"pkix-ta-somebody",  FALSE, NAME,          9,  0, 1, 1, SOMEBODY, TRUE,  EST_CERTIFICATE_BAD,
   NOBODY                                                                                                    },
};

static GBytes *
export_for (const TlsIdentity *identity, guint8 selector)
{
  gnutls_datum_t octets;
  gnutls_pubkey_t key;
  gnutls_pubkey_init (&key);
  gnutls_pubkey_import_x509 (key, identity->certificate, 0);
  if (selector == 0)
    gnutls_x509_crt_export2 (identity->certificate, GNUTLS_X509_FMT_DER, &octets);
  else
    gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_DER, &octets);
  gnutls_pubkey_deinit (key);
  return g_bytes_new_with_free_func (octets.data, octets.size, gnutls_free, octets.data);
}

static EstTlsa *
make_record (const TlsaCase *c, const TlsIdentity *identity)
{
  static const GChecksumType digests[] = {0, G_CHECKSUM_SHA256, G_CHECKSUM_SHA512};
  EstTlsa *record = g_new0 (EstTlsa, 1);
  GBytes *octets = export_for (identity, c->selector);
  *record = (EstTlsa){c->usage, c->selector, c->matching, octets};
  if (c->matching == 0)
    return record;
  guint8 digest[64];
  gsize size = sizeof digest;
  g_autoptr (GChecksum) sum = g_checksum_new (digests[c->matching]);
  g_checksum_update (sum, g_bytes_get_data (octets, NULL), g_bytes_get_size (octets));
  g_checksum_get_digest (sum, digest, &size);
  record->data = g_bytes_new (digest, size);
  g_bytes_unref (octets);
  return record;
}

/* The issuer is shown only where RFC 7671 5.2 wants it: roots seldom are. */
static void
test_tlsa (Fixture *fixture, gconstpointer data)
{
  const TlsaCase *c = data;
  const TlsIdentity *issuer = c->stranger ? &other_authority : &authority;
  TlsIdentity identity = make_identity (issuer, c->certificate_for, c->days);
  TlsIdentity somebody = make_identity (NULL, "somebody.example", 9);
  const TlsIdentity *named = c->named == OWN      ? &identity
                             : c->named == ISSUER ? issuer
                                                  : &somebody;
  g_autoptr (GPtrArray) records
    = g_ptr_array_new_with_free_func ((GDestroyNotify) est_tlsa_free);
  g_ptr_array_add (records, make_record (c, named));
  const EstDemands demands = {.tlsa = records, .tlsa_suffices = c->suffices};
  fixture->above = c->usage == 2 ? issuer : NULL;
  meet (fixture, &identity, NAME, &demands, c->fault == GOOD);
  const EstCertificate *seen = est_wire_certificate (fixture->wire);
  g_assert_cmpint (seen->fault, ==, c->fault);
  g_assert_cmpint (seen->voucher, ==, c->voucher);
  if (c->fault == EST_CERTIFICATE_BAD)
    g_assert_cmpstr (seen->figures, ==, "dane");
  clear_identity (&somebody);
}

/* One that fits is enough; a pin is asked for besides. */
static void
test_tlsa_among_others (Fixture *fixture, gconstpointer data)
{
  static const char *const pins[]
    = {"sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", NULL};
  const TlsaCase other = {.usage = 1, .selector = 1, .matching = 1};
  const TlsaCase fits = {.usage = 3, .selector = 1, .matching = 1};
  TlsIdentity identity = make_identity (&other_authority, NAME, 9);
  g_autoptr (GPtrArray) records
    = g_ptr_array_new_with_free_func ((GDestroyNotify) est_tlsa_free);
  g_ptr_array_add (records, make_record (&other, &authority));
  g_ptr_array_add (records, make_record (&fits, &identity));
  const EstDemands demands
    = {.tlsa = records, .tlsa_suffices = TRUE, .pins = data != NULL ? pins : NULL};
  meet (fixture, &identity, NAME, &demands, data == NULL);
  g_assert_cmpint (est_wire_certificate (fixture->wire)->fault, ==,
                   data == NULL ? GOOD : EST_CERTIFICATE_PIN);
}

static void
sign (TlsIdentity *identity, const TlsIdentity *issuer)
{
  g_assert_cmpint (gnutls_x509_crt_sign2 (identity->certificate, issuer->certificate,
                                          issuer->key, GNUTLS_DIG_SHA256, 0),
                   ==, 0);
}

/* DER, by hand: GnuTLS does not write such names. */
static void
add_der (GString *der, guchar tag, const char *octets, gsize length)
{
  const char head[] = {(char) tag, (char) 0x82, (char) (length >> 8), (char) length};
  g_string_append_len (der, head, sizeof head);
  g_string_append_len (der, octets, (gssize) length);
}

#define DNS_NAME 0x82
#define SEQUENCE 0x30

static void
set_names (TlsIdentity *identity, GString *names)
{
  g_autoptr (GString) der = g_string_new (NULL);
  add_der (der, SEQUENCE, names->str, names->len);
  g_assert_cmpint (gnutls_x509_crt_set_extension_by_oid (identity->certificate,
                                                         GNUTLS_X509EXT_OID_SAN, der->str,
                                                         der->len, 0),
                   ==, 0);
}

static void
test_not_yet (Fixture *fixture, gconstpointer data)
{
  gint64 tomorrow = time (NULL) + 86400;
  g_autofree char *expected = g_strdup_printf ("from %" G_GINT64_FORMAT, tomorrow);
  TlsIdentity identity = make_identity (&authority, NAME, 9);
  gnutls_x509_crt_set_activation_time (identity.certificate, tomorrow);
  sign (&identity, &authority);
  meet (fixture, &identity, NAME, NULL, FALSE);
  assert_judged (fixture, EST_CERTIFICATE_EXPIRED, expected);
}

static void
test_self_signed (Fixture *fixture, gconstpointer data)
{
  TlsIdentity identity = make_identity (NULL, NAME, 9);
  meet (fixture, &identity, NAME, NULL, FALSE);
  assert_judged (fixture, EST_CERTIFICATE_ISSUER, "self");
}

static void
test_not_for_servers (Fixture *fixture, gconstpointer data)
{
  TlsIdentity identity = make_identity (&authority, NAME, 9);
  gnutls_x509_crt_set_key_purpose_oid (identity.certificate, GNUTLS_KP_TLS_WWW_CLIENT, 0);
  sign (&identity, &authority);
  meet (fixture, &identity, NAME, NULL, FALSE);
  assert_judged (fixture, EST_CERTIFICATE_BAD, NULL);
}

static void
assert_plain (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    g_assert_false (g_unichar_iscntrl (g_utf8_get_char (at)));
}

/* Names that would end a string, move a cursor, be a format, or fill the screen; and
   more of them than anybody wants to read. */
static void
test_hostile_names (Fixture *fixture, gconstpointer data)
{
  static const char nul[] = "mail.example.org\0.evil.example";
  static const char odd[] = "\x1b[2J%s%n\xff\xfe \n.example";
  g_autofree char *endless = g_strnfill (5000, 'x');
  TlsIdentity identity = make_identity (&authority, "a.example", 9);
  g_autoptr (GString) names = g_string_new (NULL);
  add_der (names, DNS_NAME, nul, sizeof nul - 1);
  add_der (names, DNS_NAME, endless, strlen (endless));
  add_der (names, DNS_NAME, odd, sizeof odd - 1);
  for (guint i = 0; i < 200; i++)
    add_der (names, DNS_NAME, "b.example", 9);
  set_names (&identity, names);
  sign (&identity, &authority);
  meet (fixture, &identity, NAME, NULL, FALSE);
  const EstCertificate *seen = est_wire_certificate (fixture->wire);
  g_assert_cmpint (seen->fault, ==, EST_CERTIFICATE_NAME);
  g_assert_cmpuint (strlen (seen->figures), <, 1100);
  g_assert_cmpuint (strlen (seen->words), <=, 1000);
  assert_plain (seen->figures);
  g_assert_null (strstr (seen->figures, "mail.example.org "));
  g_assert_true (g_str_has_suffix (seen->figures, " ..."));
}

/* An authority with that name alone. */
static TlsIdentity
make_authority_called (const char *name, gsize length)
{
  TlsIdentity made = {.key = make_key ()};
  gnutls_x509_crt_init (&made.certificate);
  gnutls_x509_crt_set_version (made.certificate, 3);
  gnutls_x509_crt_set_serial (made.certificate, "\1", 1);
  gnutls_x509_crt_set_activation_time (made.certificate, time (NULL) - 86400);
  gnutls_x509_crt_set_expiration_time (made.certificate, time (NULL) + 86400);
  gnutls_x509_crt_set_key (made.certificate, made.key);
  gnutls_x509_crt_set_ca_status (made.certificate, 1);
  g_assert_cmpint (gnutls_x509_crt_set_dn_by_oid (made.certificate,
                                                  GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                                  (guint) length),
                   ==, 0);
  sign (&made, &made);
  return made;
}

static void
test_hostile_issuer (Fixture *fixture, gconstpointer data)
{
  static const char odd[] = "Evil\x1b[2J %s %n \xe2\x80\xae Authority";
  TlsIdentity evil = make_authority_called (odd, sizeof odd - 1);
  TlsIdentity identity = make_identity (&evil, NAME, 9);
  meet (fixture, &identity, NAME, NULL, FALSE);
  assert_judged (fixture, EST_CERTIFICATE_ISSUER, "by Evil");
  assert_plain (est_wire_certificate (fixture->wire)->figures);
  clear_identity (&evil);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  make_authorities ();
  for (gsize i = 0; i < G_N_ELEMENTS (pin_cases); i++)
    {
      g_autofree char *path
        = g_strconcat ("/wire/certificate/pin/", pin_cases[i].name, NULL);
      g_test_add (path, Fixture, &pin_cases[i], set_up, test_pin, tear_down);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (tlsa_cases); i++)
    {
      g_autofree char *path
        = g_strconcat ("/wire/certificate/tlsa/", tlsa_cases[i].name, NULL);
      g_test_add (path, Fixture, &tlsa_cases[i], set_up, test_tlsa, tear_down);
    }
  g_test_add ("/wire/certificate/tlsa-pinned", Fixture, "pinned", set_up,
              test_tlsa_among_others, tear_down);
#define ADD(name, function)                                                              \
  g_test_add ("/wire/certificate/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("tlsa-among-others", test_tlsa_among_others);
  ADD ("not-yet", test_not_yet);
  ADD ("self-signed", test_self_signed);
  ADD ("not-for-servers", test_not_for_servers);
  ADD ("hostile-names", test_hostile_names);
  ADD ("hostile-issuer", test_hostile_issuer);
  int result = g_test_run ();
  clear_authorities ();
  return result;
}
