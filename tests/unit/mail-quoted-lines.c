/* Quoted-printable, however the text is cut, and read back by GMime. */
#include "mail/quoted-lines.h"

#include "mail/mime.h"

#include <string.h>

#define TEN "0123456789"

static const struct
{
  const char *text, *written;
} cases[] = {
  {"",                                        ""                                         },
  {"plain\r\n",                               "plain\r\n"                                },
  {"gr\xc3\xbc\xc3\x9f\r\n",                  "gr=C3=BC=C3=9F\r\n"                       },
  {"a=b\x7f\x01",                             "a=3Db=7F=01"                              },
  {"a \r\nb\t\r\n c",                         "a=20\r\nb=09\r\n c"                       },
  {"a  \t \r\n",                              "a  \t=20\r\n"                             },
  {"end ",                                    "end=20"                                   },
  {" ",                                       "=20"                                      },
  {" \r",                                     " =0D"                                     },
  {"a\rb\nc\r\r\n\n",                         "a=0Db=0Ac=0D\r\n=0A"                      },
  {".\r\n..a.\r\n",                           "=2E\r\n=2E.a.\r\n"                        },
  {"From me\r\nTo F",                         "=46rom me\r\nTo F"                        },
  {"--b\r\n-- \r\n",                          "=2D-b\r\n=2D-=20\r\n"                     },
  {"\r\n\r\n",                                "\r\n\r\n"                                 },
  {TEN TEN TEN TEN TEN TEN TEN "12345",       TEN TEN TEN TEN TEN TEN TEN "12345"        },
  {TEN TEN TEN TEN TEN TEN TEN "12345.",      TEN TEN TEN TEN TEN TEN TEN "12345=\r\n=2E"},
  {TEN TEN TEN TEN TEN TEN TEN "123\xff\r\n",
   TEN TEN TEN TEN TEN TEN TEN "123=\r\n=FF\r\n"                                         },
  {TEN TEN TEN TEN TEN TEN TEN "12\xff\r\n",  TEN TEN TEN TEN TEN TEN TEN "12=FF\r\n"    },
  {TEN TEN TEN TEN TEN TEN TEN "12345 \r\n",
   TEN TEN TEN TEN TEN TEN TEN "12345=\r\n=20\r\n"                                       },
  {TEN TEN TEN TEN TEN TEN TEN "12345 x",     TEN TEN TEN TEN TEN TEN TEN "12345=\r\n x" },
};

static GByteArray *
encode (const char *text, gsize length, gsize piece)
{
  EstQuotedLines lines = {0};
  GByteArray *out = g_byte_array_new ();
  for (gsize at = 0; at < length; at += piece)
    est_quoted_lines_push (&lines, text + at, MIN (piece, length - at), out);
  est_quoted_lines_finish (&lines, out);
  return out;
}

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 1; piece < 4; piece++)
      {
        const char *text = cases[i].text;
        g_autoptr (GByteArray) out = encode (text, strlen (text), piece);
        g_byte_array_append (out, (const guint8 *) "", 1);
        g_assert_cmpstr ((const char *) out->data, ==, cases[i].written);
      }
}

/* No line is longer than 76, none ends with a blank, and all of it is printable. */
static void
assert_fine (const GByteArray *out)
{
  gsize column = 0;
  for (guint i = 0; i < out->len; i++)
    {
      guint8 octet = out->data[i];
      gboolean line_end = octet == '\r' || octet == '\n';
      column = octet == '\n' ? 0 : column + (octet != '\r');
      g_assert_true (line_end || octet == '\t' || (octet >= ' ' && octet <= '~'));
      g_assert_cmpuint (column, <=, 76);
      g_assert_true (octet != '\r' || i == 0
                     || (out->data[i - 1] != ' ' && out->data[i - 1] != '\t'));
      g_assert_true (column != 1 || strchr (".-F", octet) == NULL);
    }
}

static void
test_random (void)
{
  static const char bits[] = "\r\n\r\n \t.-F=\xc3\xbc~a\n\r";
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  for (guint round = 0; round < 2000; round++)
    {
      g_autoptr (GByteArray) text = g_byte_array_new ();
      for (int n = g_rand_int_range (rand, 0, 400); n > 0; n--)
        {
          int at = g_rand_int_range (rand, 0, (int) sizeof bits - 2);
          int length = bits[at] == '\r' && bits[at + 1] == '\n' ? 2 : 1;
          g_byte_array_append (text, (const guint8 *) bits + at, (guint) length);
        }
      g_autoptr (GByteArray) out
        = encode ((const char *) text->data, text->len, 1 + round % 50);
      int state = 0;
      guint32 save = 0;
      g_autofree guint8 *back = g_malloc (out->len + 1);
      gsize length
        = g_mime_encoding_quoted_decode_step (out->data, out->len, back, &state, &save);
      assert_fine (out);
      g_assert_cmpmem (back, length, text->data, text->len);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  est_mime_ready ();
  g_test_add_func ("/mail/quoted-lines/cases", test_cases);
  g_test_add_func ("/mail/quoted-lines/random", test_random);
  return g_test_run ();
}
