/* Content with octets of 8 bits becomes content of 7 in two walks, the rest stays as it
   was, and another reader finds the same in it; what must not be changed is an error. */
#include "mail/conversion.h"

#include "mail/lines.h"
#include "mail/mail-error.h"
#include "mail/mime.h"
#include "random-message.h"

#include <string.h>

#define SAME   NULL
#define TYPE   "Content-Type: "
#define LABEL  "Content-Transfer-Encoding: "
#define WIDE   LABEL "8bit\r\n"
#define NARROW LABEL "7bit\r\n"
#define QUOTED LABEL "quoted-printable\r\n"
#define BASE64 LABEL "base64\r\n"
#define MIME   "MIME-Version: 1.0\r\n"
#define TEXT   TYPE "text/plain; charset=utf-8\r\n"
#define DATA   TYPE "application/octet-stream\r\n"
#define MIXED  TYPE "multipart/mixed; boundary=b\r\n"
#define SIGNED TYPE "multipart/signed; boundary=\"s\"\r\n"
#define END    "\r\n--b--\r\n"
#define UE     "\xc3\xbc"

typedef struct
{
  const char *name, *content;
  const char *converted; /* SAME: as it was */
} Case;

static const Case cases[] = {
  {"nothing",                             "",                                            SAME                             },
  {"7 bits",                              MIME TEXT NARROW "\r\nplain \r\n.\r\n",        SAME                             },
  {"text",                                MIME TEXT WIDE "A: b\r\n\r\ngr" UE "n\r\n",
   MIME TEXT QUOTED "A: b\r\n\r\ngr=C3=BCn\r\n"                                                                           },
  {"labelled 8bit without need",          MIME TEXT WIDE "\r\nplain\r\n",
   MIME TEXT NARROW "\r\nplain\r\n"                                                                                       },
  {"labelled 7bit, which is not so",      MIME TEXT NARROW "\r\n" UE "\r\n",
   MIME TEXT QUOTED "\r\n=C3=BC\r\n"                                                                                      },
  {"not labelled",                        MIME TEXT "\r\n" UE "\r\n",                    MIME TEXT QUOTED "\r\n=C3=BC\r\n"},
  {"no type",                             MIME "\r\n" UE "\r\n",                         MIME QUOTED "\r\n=C3=BC\r\n"     },
  {"no MIME, UTF-8",                      "A: b\r\n\r\ngr" UE "n\r\n",
   "A: b\r\n" MIME TEXT QUOTED "\r\ngr=C3=BCn\r\n"                                                                        },
  {"no MIME, nobody knows what",          "A: b\r\n\r\ngr\xfcn\r\n",
   "A: b\r\n" MIME TYPE "text/plain; charset=unknown-8bit\r\n" QUOTED "\r\ngr=FCn\r\n"                                    },
  {"no MIME, cut UTF-8",                  "A: b\r\n\r\ngr\xc3",
   "A: b\r\n" MIME TYPE "text/plain; charset=unknown-8bit\r\n" QUOTED "\r\ngr=C3"                                         },
  {"no version, but a type",              TYPE "text/html\r\n\r\n" UE "\r\n",
   TYPE "text/html\r\n" MIME QUOTED "\r\n=C3=BC\r\n"                                                                      },
  {"no header",                           "\r\n" UE "\r\n",                              MIME TEXT QUOTED "\r\n=C3=BC\r\n"},
  {"mostly letters beyond ASCII",
   MIME TEXT "\r\n" UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE
     UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE UE
       UE UE UE UE UE UE UE UE UE UE,
   MIME TEXT BASE64
   "\r\nw7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zD\r\n"
   "vMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8\r\n"
   "w7zDvMO8w7w="                                                                                                         },
  {"other data",                          MIME DATA WIDE "\r\n\xff\xfe\r\n",             MIME DATA BASE64 "\r\n//4NCg=="  },
  {"binary, and text beside it",
   MIME MIXED LABEL "binary\r\n\r\n--b\r\n" LABEL "binary\r\n" DATA
                    "\r\n\xff\r\n--b\r\n" TEXT "\r\n" UE END,
   MIME MIXED NARROW "\r\n--b\r\n" BASE64 DATA "\r\n/w==\r\n--b\r\n" TEXT QUOTED
                     "\r\n=C3=BC" END                                                                                     },
  {"parts",
   MIME MIXED WIDE "\r\npre\r\n--b\r\n" TEXT WIDE "\r\n" UE "\r\n\r\n--b\r\n" TEXT
                   "\r\nplain \r\n--b\r\n" DATA WIDE "\r\n\xff" END "post\r\n",
   MIME MIXED NARROW "\r\npre\r\n--b\r\n" TEXT QUOTED "\r\n=C3=BC\r\n\r\n--b\r\n" TEXT
                     "\r\nplain \r\n--b\r\n" DATA BASE64 "\r\n/w==" END "post\r\n"                                        },
  {"a blank before a delimiter",          MIME MIXED "\r\n--b\r\n\r\n" UE " " END,
   MIME MIXED "\r\n--b\r\n" QUOTED "\r\n=C3=BC=20" END                                                                    },
  {"nested",
   MIME MIXED WIDE "\r\n--b\r\n" TYPE "multipart/alternative; boundary=c\r\n" WIDE
                   "\r\n--c\r\n\r\n" UE "\r\n--c--\r\n\r\n--b\r\n\r\nx" END,
   MIME MIXED NARROW "\r\n--b\r\n" TYPE "multipart/alternative; boundary=c\r\n" NARROW
                     "\r\n--c\r\n" QUOTED "\r\n=C3=BC\r\n--c--\r\n\r\n--b\r\n\r\nx" END                                   },
  {"a message within",
   MIME MIXED "\r\n--b\r\n" TYPE "message/rfc822\r\n" WIDE
              "\r\nSubject: s\r\n" MIME TEXT WIDE "\r\n" UE END,
   MIME MIXED "\r\n--b\r\n" TYPE "message/rfc822\r\n" NARROW
              "\r\nSubject: s\r\n" MIME TEXT QUOTED "\r\n=C3=BC" END                                                      },
  {"a message within that knows no MIME",
   MIME MIXED "\r\n--b\r\n" TYPE "message/rfc822\r\n\r\nSubject: s\r\n\r\n" UE END,
   MIME MIXED "\r\n--b\r\n" TYPE "message/rfc822\r\n\r\nSubject: s\r\n" MIME TEXT QUOTED
              "\r\n=C3=BC" END                                                                                            },
  {"never ends",                          MIME MIXED "\r\n--b\r\n\r\n" UE "\r\n",
   MIME MIXED "\r\n--b\r\n" QUOTED "\r\n=C3=BC\r\n"                                                                       },
  {"signed, of 7 bits",
   MIME SIGNED WIDE "\r\n--s\r\n" TEXT WIDE "\r\nplain\r\n--s\r\n\r\nsig\r\n--s--\r\n",
   MIME SIGNED NARROW "\r\n--s\r\n" TEXT WIDE "\r\nplain\r\n--s\r\n\r\nsig\r\n--s--\r\n"                                  },
  {"behind what is signed",
   MIME MIXED "\r\n--b\r\n" SIGNED "\r\n--s\r\n" TEXT WIDE
              "\r\na\r\n--s--\r\n\r\n--b\r\n\r\n" UE END,
   MIME MIXED "\r\n--b\r\n" SIGNED "\r\n--s\r\n" TEXT WIDE
              "\r\na\r\n--s--\r\n\r\n--b\r\n" QUOTED "\r\n=C3=BC" END                                                     },
  {"DKIM over 7 bits",                    "DKIM-Signature: x\r\n" MIME WIDE "\r\na\r\n", SAME                             },
  {"inline PGP",                          MIME TEXT "\r\n-----BEGIN PGP\r\n" UE "\r\n",
   MIME TEXT QUOTED "\r\n=2D----BEGIN PGP\r\n=C3=BC\r\n"                                                                  },
};

static const struct
{
  const char *name, *content;
  EstMailError code;
} refused[] = {
  {"signed",                    MIME SIGNED "\r\n--s\r\n\r\n" UE "\r\n--s--\r\n",         EST_MAIL_ERROR_SIGNED},
  {"its parts",                 MIME SIGNED "\r\n--s\r\n" MIXED "\r\n--b\r\n\r\n" UE END,
   EST_MAIL_ERROR_SIGNED                                                                                       },
  {"DKIM",                      "DKIM-Signature: x\r\n\r\n" UE "\r\n",                    EST_MAIL_ERROR_SIGNED},
  {"encrypted",
   MIME TYPE "multipart/encrypted; boundary=b\r\n\r\n--b\r\n\r\na\r\n--b\r\n" DATA
             "\r\n" UE END,
   EST_MAIL_ERROR_SIGNED                                                                                       },
  {"S/MIME",                    MIME TYPE "application/pkcs7-mime\r\n" WIDE "\r\n" UE,
   EST_MAIL_ERROR_SIGNED                                                                                       },
  {"header",                    "Subject: " UE "\r\n\r\na\r\n",                           EST_MAIL_ERROR_HEADER},
  {"a part's header",           MIME MIXED "\r\n--b\r\nA: " UE "\r\n\r\na" END,
   EST_MAIL_ERROR_HEADER                                                                                       },
  {"a message's header within", MIME TYPE "message/rfc822\r\n\r\nA: " UE "\r\n\r\na",
   EST_MAIL_ERROR_HEADER                                                                                       },
  {"before the parts",          MIME MIXED "\r\n" UE "\r\n--b\r\n\r\na" END,
   EST_MAIL_ERROR_SYNTAX                                                                                       },
  {"behind the parts",          MIME MIXED "\r\n--b\r\n\r\na" END UE "\r\n",
   EST_MAIL_ERROR_SYNTAX                                                                                       },
  {"a piece of a message",      MIME TYPE "message/partial; id=a\r\n\r\n" UE "\r\n",
   EST_MAIL_ERROR_SYNTAX                                                                                       },
  {"no boundary",               MIME TYPE "multipart/mixed\r\n\r\n" UE "\r\n",            EST_MAIL_ERROR_SYNTAX},
  {"encoded already",           MIME TEXT QUOTED "\r\n" UE "\r\n",                        EST_MAIL_ERROR_SYNTAX},
  {"in base64",                 MIME TEXT BASE64 "\r\n" UE "\r\n",                        EST_MAIL_ERROR_SYNTAX},
  {"in some other way",         MIME TEXT LABEL "x-uuencode\r\n\r\n" UE "\r\n",
   EST_MAIL_ERROR_SYNTAX                                                                                       },
  {"two labels",                MIME TEXT WIDE NARROW "\r\n" UE "\r\n",                   EST_MAIL_ERROR_SYNTAX},
  {"no empty line",             MIME MIXED "\r\n--b\r\nA: b\r\n" UE "\r\n" END,
   EST_MAIL_ERROR_SYNTAX                                                                                       },
};

static gboolean
walk (EstPlan *plan,
      const char *data,
      gsize length,
      gsize piece,
      GByteArray *out,
      GError **error)
{
  g_autoptr (EstConversion) conversion = est_conversion_new_narrow (plan);
  for (gsize at = 0; at < length; at += piece)
    if (!est_conversion_push (conversion, data + at, MIN (piece, length - at), out,
                              error))
      return FALSE;
  return est_conversion_finish (conversion, out, error);
}

/* NULL and @error if it cannot be. */
static GByteArray *
convert (const char *data, gsize length, gsize piece, GError **error)
{
  g_autoptr (EstPlan) plan = est_plan_new ();
  g_autoptr (GByteArray) scratch = g_byte_array_new (), out = g_byte_array_new ();
  if (!walk (plan, data, length, piece, scratch, error))
    return NULL;
  g_assert_true (walk (plan, data, length, piece + 1, out, NULL));
  g_assert_false (est_has_high_octet ((const char *) out->data, out->len));
  return g_steal_pointer (&out);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  static const gsize pieces[] = {1, 2, 3, 7, 100000};
  const char *expected = c->converted != SAME ? c->converted : c->content;
  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GByteArray) out
        = convert (c->content, strlen (c->content), pieces[i], &error);
      g_assert_no_error (error);
      g_byte_array_append (out, (const guint8 *) "", 1);
      g_assert_cmpstr ((const char *) out->data, ==, expected);
    }
}

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    for (gsize piece = 1; piece < 100; piece += 40)
      {
        g_autoptr (GError) error = NULL;
        const char *content = refused[i].content;
        g_test_message ("%s", refused[i].name);
        g_assert_null (convert (content, strlen (content), piece, &error));
        g_assert_error (error, EST_MAIL_ERROR, (int) refused[i].code);
      }
}

static void
test_many_parts (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) content = g_string_new (MIME MIXED);
  for (guint i = 0; i < 20000; i++)
    g_string_append (content, "\r\n--b\r\n\r\n" UE);
  g_assert_null (convert (content->str, content->len, 65536, &error));
  g_assert_error (error, EST_MAIL_ERROR, EST_MAIL_ERROR_TOO_LONG);
}

static void
make_leaf (Made *made)
{
  static const char *const bits[] = {"\r\n", UE,  "\xff", "--", "--b1",  "a",  "ab cd ",
                                     ".",    " ", "\t",   "=",  "From ", "=3D"};
  static const char *const labels[] = {"", WIDE, NARROW};
  static const char *const types[]
    = {TEXT, DATA, "", TYPE "text/html\r\n", TYPE "image/png\r\n"};
  gboolean narrow = g_rand_int_range (made->rand, 0, 4) == 0;
  g_autoptr (GByteArray) body = g_byte_array_new ();
  for (int n = g_rand_int_range (made->rand, 0, 300); n > 0; n--)
    {
      const char *bit = bits[g_rand_int_range (made->rand, 0, G_N_ELEMENTS (bits))];
      if (narrow && est_has_high_octet (bit, strlen (bit)))
        continue;
      g_byte_array_append (body, (const guint8 *) bit, (guint) strlen (bit));
    }
  say (made, types[g_rand_int_range (made->rand, 0, G_N_ELEMENTS (types))]);
  say (made, labels[g_rand_int_range (made->rand, 0, G_N_ELEMENTS (labels))]);
  say (made, "\r\n");
  g_byte_array_append (made->content, body->data, body->len);
  g_ptr_array_add (made->leaves, g_bytes_new (body->data, body->len));
}

static void
check_random (guint32 seed)
{
  static const Made recipe = {.label = WIDE, .make_leaf = make_leaf};
  Made made = make_message (seed, MIME, &recipe);
  gsize piece = (gsize) g_rand_int_range (made.rand, 1, 300);
  g_autoptr (GByteArray) out
    = convert ((const char *) made.content->data, made.content->len, piece, NULL);
  g_assert_nonnull (out);
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
      g_autofree char *path = g_strconcat ("/mail/narrowing/case/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/mail/narrowing/refused", test_refused);
  g_test_add_func ("/mail/narrowing/many-parts", test_many_parts);
  g_test_add_func ("/mail/narrowing/random", test_random);
  return g_test_run ();
}
