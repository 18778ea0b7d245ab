/* Line ends of content in pieces: no split makes a difference. */
#include "mail/lines.h"

#include <string.h>

typedef struct
{
  const char *data;
  gsize length;
  gboolean clean;
} Case;

#define TEXT(data) data, sizeof data - 1

static const Case cases[] = {
  {TEXT (""),                TRUE },
  {TEXT ("a"),               TRUE },
  {TEXT ("a\r\nb\r\n\r\n"),  TRUE },
  {TEXT ("\r\n.\r\n..\r\n"), TRUE },
  {TEXT ("\n"),              FALSE},
  {TEXT ("\r"),              FALSE},
  {TEXT ("a\nb"),            FALSE},
  {TEXT ("a\rb"),            FALSE},
  {TEXT ("a\r\r\n"),         FALSE},
  {TEXT ("a\r\n\nb"),        FALSE},
  {TEXT ("a\r\n\r"),         FALSE},
  {TEXT ("a\0b"),            FALSE},
};

static gboolean
is_clean (const Case *c, gsize piece)
{
  EstLines lines = {0};
  gboolean clean = TRUE;
  for (gsize at = 0; at < c->length; at += piece)
    clean = est_lines_check (&lines, c->data + at, MIN (piece, c->length - at)) && clean;
  return clean && est_lines_finish (&lines);
}

static void
test_check (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 1; piece < 10; piece++)
      {
        g_test_message ("case %zu in pieces of %zu", i, piece);
        g_assert_cmpint (is_clean (&cases[i], piece), ==, cases[i].clean);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail/lines/check", test_check);
  return g_test_run ();
}
