/* What strangers write is made fit to be shown, and short. */
#include "wording/text.h"

typedef struct
{
  const char *raw;
  guint limit;
  const char *tame;
} Case;

static const Case cases[] = {
  {NULL,                      0, ""                     },
  {"",                        5, ""                     },
  {"señor 日本語 🙂",   0, "señor 日本語 🙂"},
  {"a\x1b[31mred\r\nmore",    0, "a [31mred  more"      },
  {"c1\xc2\x9b[2J \u202egnp", 0, "c1 [2J  gnp"          },
  {"bad\xff",                 0, "bad�"               },
  {"abcdef",                  6, "abcdef"               },
  {"abcdefg",                 6, "abcde…"             },
  {"ñandúes",               3, "ña…"               },
  {"ab",                      1, "…"                  },
};

static void
test_tame (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *tame = est_text_tame (cases[i].raw, cases[i].limit);
      g_assert_cmpstr (tame, ==, cases[i].tame);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wording/text/tame", test_tame);
  return g_test_run ();
}
