/* Hostile words made harmless. */
#include "mail/plain.h"

static void
test_plain (void)
{
  static const struct
  {
    const char *text;
    const char *plain;
  } cases[] = {
    {"plain words",         "plain words"       },
    {" \t both ends \r\n",  "both ends"         },
    {"",                    ""                  },
    {"a\r\nb",              "a  b"              },
    {"\033]0;title\007x",   "]0;title x"        },
    {"a\x7f"
     "b",              "a b"               },
    {"a\xc2\x9b"
     "31mb",           "a 31mb"            },
    {"gr\xc3\xbc\xc3\x9f"
     "e \xe2\x82\xac", "gr\xc3\xbc\xc3\x9f"
     "e \xe2\x82\xac"},
    {"gr\xfc",              "gr\xef\xbf\xbd"    },
    {"a\xe2\x80\xae"
     "cod.exe",        "a cod.exe"         },
    {"a\xe2\x81\xa6"
     "b\xe2\x80\xa8"
     "c",              "a b c"             },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *plain = est_plain_text (cases[i].text, -1);
      g_assert_cmpstr (plain, ==, cases[i].plain);
    }
}

static void
test_nul (void)
{
  g_autofree char *plain = est_plain_text ("a\0b", 3);

  g_assert_cmpstr (plain, ==,
                   "a\xef\xbf\xbd"
                   "b");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail/plain/text", test_plain);
  g_test_add_func ("/mail/plain/nul", test_nul);
  return g_test_run ();
}
