/* Paths and From fields. Whatever is taken must be an address that can go into a command
   as it stands. */
#include "target.h"

#include "mail/address.h"

#include <string.h>

static void
check_parsed (const char *mailbox)
{
  g_autofree char *path = g_strdup_printf ("<%s>", mailbox);
  const char *cursor = path;
  g_autofree char *again = est_address_parse_path (&cursor, NULL);

  for (const char *at = mailbox; *at != '\0'; at++)
    g_assert_true ((uint8_t) *at >= ' ' && *at != 0x7f);
  g_assert_true (g_utf8_validate (mailbox, -1, NULL));
  g_assert_cmpuint (strlen (path), <=, 256);
  g_assert_cmpstr (again, ==, mailbox);
  g_assert_cmpstr (cursor, ==, "");
  if (*mailbox != '\0' && g_ascii_strcasecmp (mailbox, "postmaster") != 0)
    g_assert_true (est_address_is_mailbox (mailbox));
}

static void
check_path (const char *text)
{
  g_autoptr (GError) error = NULL;
  const char *cursor = text;
  g_autofree char *mailbox = est_address_parse_path (&cursor, &error);

  g_assert_true ((mailbox == NULL) == (error != NULL));
  if (mailbox == NULL)
    {
      g_assert_true (cursor == text);
      return;
    }
  g_assert_true (cursor > text && cursor <= text + strlen (text) && cursor[-1] == '>');
  check_parsed (mailbox);
}

static void
check_mailbox (const char *text)
{
  if (!est_address_is_mailbox (text))
    return;
  const char *domain = est_address_domain (text);
  g_assert_nonnull (domain);
  g_assert_null (strchr (domain, '@'));
  check_parsed (text);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *path = g_strdup_printf ("<%s>", text);

  check_path (text);
  check_path (path);
  check_mailbox (text);
  return 0;
}
