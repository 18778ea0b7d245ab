/* Ways to write a pin, and what is none. */
#include "account/pin.h"

#define GOOD "sha256:d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM="

typedef struct
{
  const char *text;
  const char *pin; /* NULL: none */
} Case;

#define HEX "77aab346ef7338409bf7451ecf6ef15a5b4db23d1ed4c77b1a4618915a195a63"

static const Case cases[] = {
  {GOOD,                                                   GOOD},
  {"SHA256:d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM",   GOOD},
  {"sha256:" HEX,                                          GOOD},
  {"sha256:77:AA:B3:46:EF:73:38:40:9B:F7:45:1E:CF:6E:F1:5A:"
   "5B:4D:B2:3D:1E:D4:C7:7B:1A:46:18:91:5A:19:5A:63",   GOOD},
  {"",                                                     NULL},
  {"sha256:",                                              NULL},
  {"sha256",                                               NULL},
  {"d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM=",         NULL},
  {"sha1:d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM=",    NULL},
  {"sha256:d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM==", NULL},
  {"sha256:d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmN=",  NULL}, /* bits left over */
  {"sha256:d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWm=",   NULL},
  {"sha256:d6qz Ru9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWm=",  NULL},
  {"sha256:" HEX "00",                                     NULL},
  {"sha256:" HEX ":",                                      NULL},
  {"sha256::" HEX,                                         NULL},
  {"sha256:77aab3",                                        NULL},
  {"sha256: " GOOD,                                        NULL},
};

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *pin = est_pin_parse (cases[i].text);
      g_test_message ("%s", cases[i].text);
      g_assert_cmpstr (pin, ==, cases[i].pin);
    }
}

static void
test_endless (void)
{
  g_autofree char *filling = g_strnfill (1000000, 'A');
  g_autofree char *text = g_strconcat ("sha256:", filling, NULL);
  g_assert_null (est_pin_parse (text));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/pin/parse", test_parse);
  g_test_add_func ("/account/pin/endless", test_endless);
  return g_test_run ();
}
