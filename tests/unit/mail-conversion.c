/* Binary parts become base64 and nothing else changes, however the content is cut into
   pieces; what must not be changed, or cannot be found for certain, is an error. */
#include "mail/conversion.h"

#include "mail/lines.h"
#include "mail/mail-error.h"
#include "mail/mime.h"
#include "random-message.h"

#include <string.h>

#define SAME   NULL
#define TYPE   "Content-Type: "
#define LABEL  "Content-Transfer-Encoding: "
#define BINARY LABEL "binary\r\n"
#define BASE64 LABEL "base64\r\n"
#define MIXED  TYPE "multipart/mixed; boundary=b\r\n"
#define SIGNED TYPE "multipart/signed; boundary=\"s\"\r\n"
#define END    "\r\n--b--\r\n"

#define TEXT(data) data, sizeof data - 1

typedef struct
{
  const char *name;
  const char *content;
  gsize length;
  const char *converted; /* SAME: as it was */
} Case;

static const Case cases[] = {
  {"nothing",                                  TEXT (""),                                                         SAME                              },
  {"no MIME",                                  TEXT ("A: b\r\n\r\ntext\r\n"),                                     SAME                              },
  {"header only",                              TEXT ("A: b"),                                                     SAME                              },
  {"no header",                                TEXT ("\r\n--b\r\n\r\n"),                                          SAME                              },
  {"not labelled",                             TEXT (MIXED "\r\n--b\r\n\r\na\0b\n" END),                          SAME                              },
  {"other labels",
   TEXT (LABEL "8bit\r\n" MIXED "\r\n--b\r\n" LABEL "quoted-printable\r\n\r\n=00" END),
   SAME                                                                                                                                             },
  {"whole message",                            TEXT (BINARY "A: b\r\n\r\na\0b\r\n"),                              BASE64 "A: b\r\n\r\nYQBiDQo="     },
  {"whole message, empty",                     TEXT (BINARY "\r\n"),                                              BASE64 "\r\n"                     },
  {"a part",
   TEXT ("A: b\r\n" MIXED "\r\npre\r\n--b\r\n\r\ntext\r\n--b\r\n" BINARY "\r\na\r\n" END
         "epilogue\n"),
   "A: b\r\n" MIXED "\r\npre\r\n--b\r\n\r\ntext\r\n--b\r\n" BASE64 "\r\nYQ0K" END
   "epilogue\n"                                                                                                                                     },
  {"spelt and folded in its way",
   TEXT ("CONTENT-TYPE:multipart/x;\r\n\tBoundary = \"b\" (c)\r\n\r\n--b\r\nX:\r\n y\r\n"
         "content-transfer-encoding:\r\n BINARY (c)\r\nZ: \t \r\n\r\na" END),
   "CONTENT-TYPE:multipart/x;\r\n\tBoundary = \"b\" (c)\r\n\r\n--b\r\nX:\r\n y\r\n" BASE64
   "Z: \t \r\n\r\nYQ==" END                                                                                                                         },
  {"boundary of RFC 2231",
   TEXT (TYPE "multipart/x; boundary*0=\"a \"; boundary*1=b\r\n\r\n--a b\r\n" BINARY
              "\r\na\r\n--a b--"),
   TYPE "multipart/x; boundary*0=\"a \"; boundary*1=b\r\n\r\n--a b\r\n" BASE64
        "\r\nYQ==\r\n--a b--"                                                                                                                       },
  {"lines of 76",
   TEXT (BINARY "\r\n0123456789012345678901234567890123456789012345678901234567"),
   BASE64 "\r\nMDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"
          "NDU2\r\nNw=="                                                                                                                            },
  {"empty part",                               TEXT (MIXED "\r\n--b\r\n" BINARY "\r\n--b\r\n" BINARY "\r\n" END),
   MIXED "\r\n--b\r\n" BASE64 "\r\n--b\r\n" BASE64 "\r\n" END                                                                                       },
  {"the CRLF before a delimiter is its own",
   TEXT (MIXED "\r\n--b\r\n" BINARY "\r\na\r\r\n--b\r\n" BINARY "\r\n\r\n\r\n--b--"),
   MIXED "\r\n--b\r\n" BASE64 "\r\nYQ0=\r\n--b\r\n" BASE64 "\r\nDQo=\r\n--b--"                                                                      },
  {"blanks behind a delimiter",
   TEXT (MIXED "\r\n--b \t\r\n" BINARY "\r\na\r\n--b--  \r\n--b\r\n" BINARY "\r\na"),
   MIXED "\r\n--b \t\r\n" BASE64 "\r\nYQ==\r\n--b--  \r\n--b\r\n" BINARY "\r\na"                                                                    },
  {"no delimiters",
   TEXT (MIXED "\r\n--b\r\n" BINARY "\r\n\n--b\n\r--b\r--bb\r\n-b\r\n --b\r\n--" END),
   MIXED "\r\n--b\r\n" BASE64 "\r\nCi0tYgoNLS1iDS0tYmINCi1iDQogLS1iDQotLQ==" END                                                                    },
  {"containers",
   TEXT (BINARY MIXED "\r\n--b\r\n" TYPE "multipart/x; boundary=c\r\n" BINARY
                      "\r\n--c\r\n" BINARY "\r\na\r\n--c--\r\n\r\n--b\r\n\r\nx" END),
   LABEL "8bit\r\n" MIXED "\r\n--b\r\n" TYPE "multipart/x; boundary=c\r\n" LABEL
         "8bit\r\n\r\n--c\r\n" BASE64 "\r\nYQ==\r\n--c--\r\n\r\n--b\r\n\r\nx" END                                                                   },
  {"an outer delimiter ends the inner ones",
   TEXT (MIXED "\r\n--b\r\n" TYPE "multipart/x; boundary=c\r\n\r\n--c\r\n" BINARY
               "\r\na\r\n--b\r\n" BINARY "\r\na\r\n--c\r\n" END),
   MIXED "\r\n--b\r\n" TYPE "multipart/x; boundary=c\r\n\r\n--c\r\n" BASE64
         "\r\nYQ==\r\n--b\r\n" BASE64 "\r\nYQ0KLS1jDQo=" END                                                                                        },
  {"a message within",
   TEXT (MIXED "\r\n--b\r\n" TYPE "message/rfc822\r\n" BINARY "\r\nA: b\r\n" BINARY
               "\r\na" END),
   MIXED "\r\n--b\r\n" TYPE "message/rfc822\r\n" LABEL "8bit\r\n\r\nA: b\r\n" BASE64
         "\r\nYQ==" END                                                                                                                             },
  {"a message within, empty",
   TEXT (MIXED "\r\n--b\r\n" TYPE "message/rfc822\r\n\r\n" END),                                                  SAME                              },
  {"a digest",
   TEXT (TYPE "multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nA: b\r\n" BINARY
              "\r\na" END),
   TYPE "multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nA: b\r\n" BASE64 "\r\nYQ==" END                                                             },
  {"no empty line before the first delimiter", TEXT (MIXED "--b\r\n" BINARY "\r\na" END),
   MIXED "--b\r\n" BASE64 "\r\nYQ==" END                                                                                                            },
  {"never ends",                               TEXT (MIXED "\r\n--b\r\n" BINARY "\r\na\r\n"),
   MIXED "\r\n--b\r\n" BASE64 "\r\nYQ0K"                                                                                                            },
  {"never begins",                             TEXT (BINARY MIXED "\r\na\r\n"),                                   LABEL "8bit\r\n" MIXED "\r\na\r\n"},
  {"no boundary",                              TEXT (BINARY TYPE "multipart/mixed\r\n\r\n--\r\na"),
   LABEL "8bit\r\n" TYPE "multipart/mixed\r\n\r\n--\r\na"                                                                                           },
  {"a part of other messages",                 TEXT (BINARY TYPE "message/partial; id=a\r\n\r\na"),
   LABEL "8bit\r\n" TYPE "message/partial; id=a\r\n\r\na"                                                                                           },
  {"no type at all",                           TEXT (BINARY TYPE ";\r\n\r\na"),                                   BASE64 TYPE ";\r\n\r\nYQ=="       },
  {"encoded as a whole",                       TEXT (LABEL "base64\r\n" MIXED "\r\n--b\r\n" BINARY "\r\na" END),
   SAME                                                                                                                                             },
  {"signed",
   TEXT (SIGNED "\r\n--s\r\n" MIXED "\r\n--b\r\n\r\n\n" END "\r\n--s\r\n\r\n\n"),                                 SAME                              },
  {"its signature",
   TEXT (SIGNED BINARY "\r\n--s\r\n\r\na\r\n--s\r\n" BINARY "\r\na\r\n--s--"),
   SIGNED LABEL "8bit\r\n\r\n--s\r\n\r\na\r\n--s\r\n" BASE64 "\r\nYQ==\r\n--s--"                                                                    },
  {"behind what is signed",
   TEXT (MIXED "\r\n--b\r\n" SIGNED "\r\n--s\r\n\r\na\r\n--b\r\n" BINARY "\r\na" END),
   MIXED "\r\n--b\r\n" SIGNED "\r\n--s\r\n\r\na\r\n--b\r\n" BASE64 "\r\nYQ==" END                                                                   },
  {"S/MIME, opaque",                           TEXT (TYPE "application/pkcs7-mime\r\n" BINARY "\r\na"),
   TYPE "application/pkcs7-mime\r\n" BASE64 "\r\nYQ=="                                                                                              },
  {"encrypted",
   TEXT (TYPE "multipart/encrypted; boundary=b\r\n" BINARY "\r\n--b\r\n" BINARY
              "\r\na" END),
   TYPE "multipart/encrypted; boundary=b\r\n" LABEL "8bit\r\n\r\n--b\r\n" BASE64
        "\r\nYQ==" END                                                                                                                              },
  {"DKIM over lines",                          TEXT ("DKIM-Signature: x\r\n" MIXED "\r\n--b\r\n\r\na" END),       SAME                              },
  {"DKIM within",
   TEXT (TYPE "message/rfc822\r\n\r\nDKIM-Signature: x\r\n" BINARY "\r\na"),
   TYPE "message/rfc822\r\n\r\nDKIM-Signature: x\r\n" BASE64 "\r\nYQ=="                                                                             },
};

/* NULL and @error if it cannot be. */
static GByteArray *
convert (const char *data, gsize length, gsize piece, gboolean wide, GError **error)
{
  g_autoptr (EstConversion) conversion = est_conversion_new (wide);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  for (gsize at = 0; at < length; at += piece)
    if (!est_conversion_push (conversion, data + at, MIN (piece, length - at), out,
                              error))
      return NULL;
  if (!est_conversion_finish (conversion, out, error))
    return NULL;
  return g_steal_pointer (&out);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  static const gsize pieces[] = {1, 2, 3, 7, 100000};
  const char *expected = c->converted != SAME ? c->converted : c->content;
  gsize length = c->converted != SAME ? strlen (c->converted) : c->length;
  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GByteArray) out
        = convert (c->content, c->length, pieces[i], TRUE, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (out->data, out->len, expected, length);
    }
}

static void
test_narrow (void)
{
  static const char content[] = BINARY MIXED "\r\n";
  g_autoptr (GByteArray) out = convert (TEXT (content), 100, FALSE, NULL);
  g_byte_array_append (out, (const guint8 *) "", 1);
  g_assert_cmpstr ((const char *) out->data, ==, LABEL "7bit\r\n" MIXED "\r\n");
}

static const struct
{
  const char *name;
  const char *content;
  EstMailError code;
} refused[] = {
  {"signed",                          SIGNED "\r\n--s\r\n" BINARY "\r\na",                        EST_MAIL_ERROR_SIGNED},
  {"signed container",                SIGNED "\r\n--s\r\n" MIXED BINARY "\r\n",                   EST_MAIL_ERROR_SIGNED},
  {"within what is signed",
   SIGNED "\r\n--s\r\n" MIXED "\r\n--b\r\n\r\n--b\r\n" BINARY "\r\n",
   EST_MAIL_ERROR_SIGNED                                                                                               },
  {"message within what is signed",
   SIGNED "\r\n--s\r\n" TYPE "message/rfc822\r\n\r\n" BINARY "\r\n",
   EST_MAIL_ERROR_SIGNED                                                                                               },
  {"signature within what is signed",
   SIGNED "\r\n--s\r\n" TYPE
          "multipart/signed; boundary=t\r\n\r\n--t\r\n\r\n--t\r\n" BINARY "\r\n",
   EST_MAIL_ERROR_SIGNED                                                                                               },
  {"DKIM",                            "dkim-signature: x\r\n" MIXED "\r\n--b\r\n" BINARY "\r\na",
   EST_MAIL_ERROR_SIGNED                                                                                               },
  {"DKIM, one part",                  "DKIM-Signature: x\r\n" BINARY "\r\na",                     EST_MAIL_ERROR_SIGNED},
  {"two labels",                      MIXED "\r\n--b\r\n" BASE64 BINARY "\r\na",                  EST_MAIL_ERROR_SYNTAX},
  {"two types around it",             MIXED TYPE "text/plain\r\n\r\n--b\r\n" BINARY "\r\na",
   EST_MAIL_ERROR_SYNTAX                                                                                               },
  {"two types",                       BINARY TYPE "a/b\r\n" MIXED "\r\na",                        EST_MAIL_ERROR_SYNTAX},
  {"LF in a header",                  MIXED "\r\n--b\r\n" LABEL "binary\n\r\n\r\na",
   EST_MAIL_ERROR_SYNTAX                                                                                               },
  {"CR in a header",                  MIXED "\r\n--b\r\nA: \r\r\n" BINARY "\r\na",                EST_MAIL_ERROR_SYNTAX},
  {"blank before a colon",            MIXED "\r\n--b\r\nA : b\r\n" BINARY "\r\na",
   EST_MAIL_ERROR_SYNTAX                                                                                               },
  {"no empty line",                   MIXED "\r\n--b\r\n" BINARY "a\r\n",                         EST_MAIL_ERROR_SYNTAX},
  {"header only",                     MIXED "\r\n--b\r\n" BINARY "--b--",                         EST_MAIL_ERROR_SYNTAX},
};

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", refused[i].name);
      const char *content = refused[i].content;
      g_assert_null (convert (content, strlen (content), 5, TRUE, &error));
      g_assert_error (error, EST_MAIL_ERROR, (int) refused[i].code);
    }
}

static GString *
nest (guint depth)
{
  GString *content = g_string_new (NULL);
  for (guint i = 0; i < depth; i++)
    g_string_append_printf (content, TYPE "multipart/x; boundary=b%u\r\n\r\n--b%u\r\n", i,
                            i);
  return content;
}

static void
test_nested (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) some = nest (100), many = nest (1000);
  g_string_append (some, BINARY "\r\n");
  g_autoptr (GByteArray) out = convert (some->str, some->len, 1000, TRUE, NULL);
  g_assert_cmpuint (out->len, ==, some->len);
  g_assert_null (convert (many->str, many->len, 1000, TRUE, &error));
  g_assert_error (error, EST_MAIL_ERROR, EST_MAIL_ERROR_TOO_LONG);
}

/* Neither many fields nor one without end. */
static void
test_huge_header (void)
{
  static const char *const fillings[] = {"A: b\r\n", "x"};
  for (gsize i = 0; i < G_N_ELEMENTS (fillings); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GString) content = g_string_new (MIXED "\r\n--b\r\nA: ");
      while (content->len < 3 * 1024 * 1024)
        g_string_append (content, fillings[i]);
      g_assert_null (convert (content->str, content->len, 100000, TRUE, &error));
      g_assert_error (error, EST_MAIL_ERROR, EST_MAIL_ERROR_TOO_LONG);
    }
}

/* A part whose type takes a reader long. */
static char *
slow_part (void)
{
  g_autoptr (GString) type = g_string_new (NULL);
  for (guint i = 0; i < 500; i++)
    g_string_append_printf (type, ";a*%u=b", i);
  return g_strconcat ("\r\n--b99\r\n" TYPE "a/b", type->str, "\r\n\r\n", NULL);
}

/* What would cost time with depth, lines and length multiplied. */
static void
test_slow (void)
{
  static const char *const fillings[]
    = {"--\r\n", "--b\r\n", "\r", "\n", "--b99\r\n", "-", NULL};
  g_autofree char *part = slow_part ();
  for (gsize i = 0; i < G_N_ELEMENTS (fillings); i++)
    {
      g_autoptr (GString) content = nest (100);
      g_string_append (content, BINARY "\r\n");
      while (content->len < 4 * 1024 * 1024)
        g_string_append (content, fillings[i] != NULL ? fillings[i] : part);
      gint64 begun = g_get_monotonic_time ();
      g_autoptr (GByteArray) out
        = convert (content->str, content->len, 65536, TRUE, NULL);
      g_assert_nonnull (out);
      g_test_message ("%zu: %d ms", i, (int) ((g_get_monotonic_time () - begun) / 1000));
      g_assert_cmpint (g_get_monotonic_time () - begun, <, 20 * G_USEC_PER_SEC);
    }
}

static void
make_leaf (Made *made)
{
  static const char *const bits[]
    = {"\r\n", "\r", "\n", "--", "--b1", "\xff", "a", ".", " "};
  gboolean binary = g_rand_int_range (made->rand, 0, 3) > 0;
  g_autoptr (GByteArray) body = g_byte_array_new ();
  for (int n = g_rand_int_range (made->rand, 0, 200); n > 0; n--)
    {
      const char *bit = bits[g_rand_int_range (made->rand, 0, G_N_ELEMENTS (bits))];
      if (!binary)
        bit = "line\r\n";
      g_byte_array_append (body, (const guint8 *) bit, (guint) strlen (bit));
      if (binary && n % 7 == 0)
        g_byte_array_append (body, (const guint8 *) "\0", 1);
    }
  say (made, TYPE "application/octet-stream\r\n");
  say (made, binary ? BINARY "\r\n" : "\r\n");
  g_byte_array_append (made->content, body->data, body->len);
  g_ptr_array_add (made->leaves, g_bytes_new (body->data, body->len));
}

static gboolean
are_lines (const GByteArray *out)
{
  EstLines lines = {0};
  return est_lines_check (&lines, (const char *) out->data, out->len)
         && est_lines_finish (&lines);
}

static void
check_random (guint32 seed)
{
  static const Made recipe = {.label = BINARY, .make_leaf = make_leaf, .in_parts = TRUE};
  Made made = make_message (seed, "MIME-Version: 1.0\r\n", &recipe);
  gsize piece = (gsize) g_rand_int_range (made.rand, 1, 300);
  g_autoptr (GByteArray) out
    = convert ((const char *) made.content->data, made.content->len, piece, FALSE, NULL);
  g_assert_true (are_lines (out));
  assert_same_leaves (&made, out);
  clear_made (&made);
}

static void
test_random (void)
{
  est_mime_ready ();
  for (guint32 seed = 0; seed < 500; seed++)
    check_random (seed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/mail/conversion/case/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/mail/conversion/narrow", test_narrow);
  g_test_add_func ("/mail/conversion/refused", test_refused);
  g_test_add_func ("/mail/conversion/nested", test_nested);
  g_test_add_func ("/mail/conversion/huge-header", test_huge_header);
  g_test_add_func ("/mail/conversion/slow", test_slow);
  g_test_add_func ("/mail/conversion/random", test_random);
  return g_test_run ();
}
