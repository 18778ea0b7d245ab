/* Parameters of MAIL and RCPT: what was taken is written so that it is taken again, as
   the same. */
#include "mail/options.h"

#include "target.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000000000)

static void
try_mail (const char *text)
{
  g_auto (EstMailOptions) first = {0}, second = {0};
  if (!est_mail_options_parse (&first, text, EST_EXTENSIONS_ALL, NOW, NULL))
    return;
  g_autofree char *kept = est_mail_options_format (&first, EST_EXTENSIONS_ALL, 0);
  g_assert_true (est_mail_options_parse (&second, kept, EST_EXTENSIONS_ALL, 0, NULL));
  g_autofree char *again = est_mail_options_format (&second, EST_EXTENSIONS_ALL, 0);
  g_assert_cmpstr (kept, ==, again);
  g_assert_null (strpbrk (kept, "\r\n"));
}

static void
try_rcpt (const char *text)
{
  g_auto (EstRcptOptions) first = {0}, second = {0};
  if (!est_rcpt_options_parse (&first, text, EST_EXTENSIONS_ALL, NULL))
    return;
  g_autofree char *kept = est_rcpt_options_format (&first, EST_EXTENSIONS_ALL);
  g_assert_true (est_rcpt_options_parse (&second, kept, EST_EXTENSIONS_ALL, NULL));
  g_autofree char *again = est_rcpt_options_format (&second, EST_EXTENSIONS_ALL);
  g_assert_cmpstr (kept, ==, again);
  g_assert_null (strpbrk (kept, "\r\n"));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  try_mail (text);
  try_rcpt (text);
  return 0;
}
