/* The end of a message is CRLF.CRLF and nothing else, wherever the network splits it. */
#include "mail/dots.h"

#include <string.h>

/* Text with its length, so that a NUL can stand in it. */
#define TEXT(literal) literal, sizeof literal - 1

typedef struct
{
  const char *data;
  gsize length;
  EstDots verdict;
  gsize used;
  const char *content;
  gsize content_length;
} Taken;

static const Taken taken[] = {
  {TEXT ("a\r\n.\r\n"),            EST_DOTS_END,  6,  TEXT ("a\r\n")            },
  {TEXT (".\r\n"),                 EST_DOTS_END,  3,  TEXT ("")                 },
  {TEXT (".\r\nQUIT\r\n"),         EST_DOTS_END,  3,  TEXT ("")                 },
  {TEXT ("a\r\n.\r\nQUIT\r\n"),    EST_DOTS_END,  6,  TEXT ("a\r\n")            },
  {TEXT ("..\r\n.\r\n"),           EST_DOTS_END,  7,  TEXT (".\r\n")            },
  {TEXT ("...\r\n.\r\n"),          EST_DOTS_END,  8,  TEXT ("..\r\n")           },
  {TEXT (".a\r\n..b\r\n.\r\n"),    EST_DOTS_END,  12, TEXT ("a\r\n.b\r\n")      },
  {TEXT ("a.\r\n\r\n..\r\n.\r\n"), EST_DOTS_END,  13, TEXT ("a.\r\n\r\n.\r\n")  },
  {TEXT ("\r\n.\r\n"),             EST_DOTS_END,  5,  TEXT ("\r\n")             },
  {TEXT (""),                      EST_DOTS_MORE, 0,  TEXT ("")                 },
  {TEXT ("abc"),                   EST_DOTS_MORE, 3,  TEXT ("abc")              },
  {TEXT ("abc\r"),                 EST_DOTS_MORE, 4,  TEXT ("abc")              },
  {TEXT ("abc\r\n"),               EST_DOTS_MORE, 5,  TEXT ("abc\r\n")          },
  {TEXT ("abc\r\n."),              EST_DOTS_MORE, 6,  TEXT ("abc\r\n")          },
  {TEXT ("abc\r\n.\r"),            EST_DOTS_MORE, 7,  TEXT ("abc\r\n")          },
  {TEXT ("a\n.\nb"),               EST_DOTS_BARE, 2,  TEXT ("a")                },
  {TEXT ("a\r\n.\nb"),             EST_DOTS_BARE, 5,  TEXT ("a\r\n")            },
  {TEXT ("a\n.\r\nb"),             EST_DOTS_BARE, 2,  TEXT ("a")                },
  {TEXT ("a\r.\r\nb"),             EST_DOTS_BARE, 2,  TEXT ("a")                },
  {TEXT ("a\r\n.\rb"),             EST_DOTS_BARE, 5,  TEXT ("a\r\n")            },
  {TEXT ("a\r\n.\r\r\n"),          EST_DOTS_BARE, 5,  TEXT ("a\r\n")            },
  {TEXT ("a\r\r\n.\r\n"),          EST_DOTS_BARE, 2,  TEXT ("a")                },
  {TEXT ("a\r.\r"),                EST_DOTS_BARE, 2,  TEXT ("a")                },
  {TEXT ("\n"),                    EST_DOTS_BARE, 1,  TEXT ("")                 },
  {TEXT ("\n.\r\n"),               EST_DOTS_BARE, 1,  TEXT ("")                 },
  {TEXT ("a\r\0\n.\r\n"),          EST_DOTS_BARE, 2,  TEXT ("a")                },
  {TEXT ("a\r\n\0.\r\nb\r\n"),     EST_DOTS_MORE, 10, TEXT ("a\r\n\0.\r\nb\r\n")},
  {TEXT ("a\r\n.\0\r\n.\r\n"),     EST_DOTS_END,  10, TEXT ("a\r\n\0\r\n")      },
  {TEXT ("\xff\xfe\r\n.\r\n"),     EST_DOTS_END,  7,  TEXT ("\xff\xfe\r\n")     },
};

static void
assert_octets (GByteArray *array, const char *data, gsize length)
{
  g_assert_cmpmem (array->data, array->len, data, length);
}

/* Feeds pieces of @piece octets until something other than MORE comes. */
static EstDots
unstuff (EstUnstuffer *unstuffer,
         const char *data,
         gsize length,
         gsize piece,
         gsize *used,
         GByteArray *out)
{
  EstDots verdict = EST_DOTS_MORE;

  for (*used = 0; *used < length && verdict == EST_DOTS_MORE;)
    {
      gsize now = MIN (piece, length - *used), took;
      verdict = est_unstuff (unstuffer, data + *used, now, &took, out);
      g_assert_cmpuint (took, <=, now);
      if (verdict == EST_DOTS_MORE)
        g_assert_cmpuint (took, ==, now);
      *used += took;
    }
  return verdict;
}

static void
test_unstuff (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (taken); i++)
    for (gsize piece = 1; piece <= taken[i].length + 1; piece++)
      {
        g_autoptr (GByteArray) out = g_byte_array_new ();
        EstUnstuffer unstuffer = {0};
        gsize used;

        g_test_message ("case %zu in pieces of %zu", i, piece);
        g_assert_cmpint (
          unstuff (&unstuffer, taken[i].data, taken[i].length, piece, &used, out), ==,
          taken[i].verdict);
        g_assert_cmpuint (used, ==, taken[i].used);
        assert_octets (out, taken[i].content, taken[i].content_length);
      }
}

/* What is refused is skipped up to its true end, and nothing of it is ever handed on. */
static void
test_skip_refused (void)
{
  static const struct
  {
    const char *data;
    gsize length;
    gsize end; /* 0: not reached */
  } cases[] = {
    {TEXT ("a\nb\r\n.\r\nQUIT"),                 8 },
    {TEXT ("\n.\n\r\n.\r\nQUIT"),                8 },
    {TEXT ("\n.\r\n.\r\nQUIT"),                  7 },
    {TEXT ("a\r\r\n.\r\nQUIT"),                  7 },
    {TEXT ("\r.\r\r\n..\r\n.x\r\n.\r\r\n.\r\n"), 20},
    {TEXT ("\n.\n.\r.\r\n.\n\r\n"),              0 },
    {TEXT ("\n\r\n.\r"),                         0 },
    {TEXT ("\r\n\n\0\r\n.\r\n"),                 9 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 1; piece <= cases[i].length; piece++)
      {
        g_autoptr (GByteArray) out = g_byte_array_new ();
        EstUnstuffer unstuffer = {0};
        gsize first, more, before;

        g_test_message ("case %zu in pieces of %zu", i, piece);
        g_assert_cmpint (
          unstuff (&unstuffer, cases[i].data, cases[i].length, piece, &first, out), ==,
          EST_DOTS_BARE);
        before = out->len;
        g_assert_cmpint (unstuff (&unstuffer, cases[i].data + first,
                                  cases[i].length - first, piece, &more, out),
                         ==, cases[i].end > 0 ? EST_DOTS_END : EST_DOTS_MORE);
        g_assert_cmpuint (first + more, ==,
                          cases[i].end > 0 ? cases[i].end : cases[i].length);
        g_assert_cmpuint (out->len, ==, before);
      }
}

static void
test_next_message_starts_clean (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  EstUnstuffer unstuffer = {0};
  gsize used;

  est_unstuff (&unstuffer, "\n", 1, &used, out);
  g_assert_cmpint (est_unstuff (&unstuffer, "\r\n.\r\n", 5, &used, out), ==,
                   EST_DOTS_END);
  g_assert_cmpint (est_unstuff (&unstuffer, ".b\r\n.\r\n", 7, &used, out), ==,
                   EST_DOTS_END);
  assert_octets (out, TEXT ("b\r\n"));
}

typedef struct
{
  const char *data;
  gsize length;
  gboolean good;
  const char *stuffed;
  gsize stuffed_length;
} Given;

static const Given given[] = {
  {TEXT (""),               TRUE,  TEXT ("")                    },
  {TEXT ("a\r\n"),          TRUE,  TEXT ("a\r\n")               },
  {TEXT ("a"),              TRUE,  TEXT ("a\r\n")               },
  {TEXT ("."),              TRUE,  TEXT ("..\r\n")              },
  {TEXT (".\r\n"),          TRUE,  TEXT ("..\r\n")              },
  {TEXT ("..\r\na.\r\n.b"), TRUE,  TEXT ("...\r\na.\r\n..b\r\n")},
  {TEXT ("\r\n\r\n.\r\n"),  TRUE,  TEXT ("\r\n\r\n..\r\n")      },
  {TEXT ("a\r\n\0.\r\n"),   TRUE,  TEXT ("a\r\n\0.\r\n")        },
  {TEXT ("\xe9.\r\n"),      TRUE,  TEXT ("\xe9.\r\n")           },
  {TEXT ("a\n.\nb"),        FALSE, TEXT ("a")                   },
  {TEXT ("a\r\n.\nb"),      FALSE, TEXT ("a\r\n..")             },
  {TEXT ("a\n.\r\nb"),      FALSE, TEXT ("a")                   },
  {TEXT ("a\r.\rb"),        FALSE, TEXT ("a")                   },
  {TEXT ("a\r\n.\rb\r\n"),  FALSE, TEXT ("a\r\n..")             },
  {TEXT ("a\r\r\n"),        FALSE, TEXT ("a")                   },
  {TEXT ("a\r\0\n"),        FALSE, TEXT ("a")                   },
  {TEXT ("a\r"),            FALSE, TEXT ("a")                   },
};

static gboolean
stuff (const char *data, gsize length, gsize piece, GByteArray *out)
{
  EstStuffer stuffer = {0};
  gboolean good = TRUE;

  /* Going on after a refusal must not hand anything on. */
  for (gsize at = 0; at < length; at += piece)
    good = est_stuff (&stuffer, data + at, MIN (piece, length - at), out) && good;
  return est_stuff_finish (&stuffer, out) && good;
}

static void
test_stuff (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (given); i++)
    for (gsize piece = 1; piece <= given[i].length + 1; piece++)
      {
        g_autoptr (GByteArray) out = g_byte_array_new ();

        g_test_message ("case %zu in pieces of %zu", i, piece);
        g_assert_cmpint (stuff (given[i].data, given[i].length, piece, out), ==,
                         given[i].good);
        assert_octets (out, given[i].stuffed, given[i].stuffed_length);
      }
}

/* Every text of up to eight octets over the alphabet that matters, whole and split. */
static void
test_every_short_text (void)
{
  static const char alphabet[] = {'\r', '\n', '.', 'x'};

  for (gsize length = 0; length <= 8; length++)
    for (gsize number = 0; number < (gsize) 1 << (2 * length); number++)
      {
        g_autoptr (GByteArray) whole = g_byte_array_new ();
        g_autoptr (GByteArray) split = g_byte_array_new ();
        EstUnstuffer one = {0}, two = {0};
        gsize used_one, used_two;
        char text[8];

        for (gsize i = 0; i < length; i++)
          text[i] = alphabet[number >> (2 * i) & 3];
        EstDots verdict = unstuff (&one, text, length, length + 1, &used_one, whole);
        g_assert_cmpint (unstuff (&two, text, length, 1, &used_two, split), ==, verdict);
        g_assert_cmpuint (used_one, ==, used_two);
        assert_octets (split, (const char *) whole->data, whole->len);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail/dots/unstuff", test_unstuff);
  g_test_add_func ("/mail/dots/skip-refused", test_skip_refused);
  g_test_add_func ("/mail/dots/next-message", test_next_message_starts_clean);
  g_test_add_func ("/mail/dots/stuff", test_stuff);
  g_test_add_func ("/mail/dots/every-short-text", test_every_short_text);
  return g_test_run ();
}
