/* The table of reasons is complete, and says what the promises need it to say. */
#include "outcome/reason.h"

#include <string.h>

static void
test_complete (void)
{
  for (EstReason reason = 0; reason < EST_N_REASONS; reason++)
    {
      g_test_message ("reason %d", (int) reason);
      g_assert_nonnull (est_reason_nick (reason));
      g_assert_cmpuint (strlen (est_reason_nick (reason)), >, 0);
      g_assert_cmpint (est_reason_from_nick (est_reason_nick (reason)), ==, reason);
    }
}

static void
test_unknown_nick (void)
{
  g_assert_cmpint (est_reason_from_nick ("no such reason"), ==, EST_REASON_NONE);
  g_assert_cmpint (est_reason_from_nick (""), ==, EST_REASON_NONE);
  g_assert_cmpint (est_reason_from_nick (NULL), ==, EST_REASON_NONE);
}

typedef struct
{
  EstReason reason;
  EstScope scope;
  EstPermanence permanence;
  gboolean pauses;
  gboolean passes;
} Row;

static const Row rows[] = {
  {EST_REASON_OFFLINE,           EST_SCOPE_NETWORK,   EST_TEMPORARY, TRUE,  TRUE },
  {EST_REASON_UNREACHABLE,       EST_SCOPE_NETWORK,   EST_TEMPORARY, TRUE,  TRUE },
  {EST_REASON_UNTRUSTED,         EST_SCOPE_ACCOUNT,   EST_TEMPORARY, TRUE,  TRUE },
  {EST_REASON_SIGN_IN,           EST_SCOPE_ACCOUNT,   EST_PERMANENT, TRUE,  FALSE},
  {EST_REASON_SECRET_MISSING,    EST_SCOPE_ACCOUNT,   EST_PERMANENT, TRUE,  FALSE},
  {EST_REASON_BUSY,              EST_SCOPE_ACCOUNT,   EST_TEMPORARY, TRUE,  TRUE },
  {EST_REASON_SUSPENDED,         EST_SCOPE_ACCOUNT,   EST_TEMPORARY, TRUE,  TRUE },
  {EST_REASON_DEFERRED,          EST_SCOPE_MESSAGE,   EST_TEMPORARY, FALSE, FALSE},
  {EST_REASON_REFUSED,           EST_SCOPE_MESSAGE,   EST_PERMANENT, FALSE, FALSE},
  {EST_REASON_RECIPIENT_REFUSED, EST_SCOPE_RECIPIENT, EST_PERMANENT, FALSE, FALSE},
  {EST_REASON_UNCERTAIN,         EST_SCOPE_MESSAGE,   EST_IN_DOUBT,  FALSE, FALSE},
  {EST_REASON_NONE,              EST_SCOPE_NONE,      EST_TEMPORARY, FALSE, FALSE},
};

static void
test_meanings (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Row *row = &rows[i];
      g_test_message ("%s", est_reason_nick (row->reason));
      g_assert_cmpint (est_reason_scope (row->reason), ==, row->scope);
      g_assert_cmpint (est_reason_permanence (row->reason), ==, row->permanence);
      g_assert_cmpint (est_reason_pauses (row->reason), ==, row->pauses);
      g_assert_cmpint (est_reason_passes (row->reason), ==, row->passes);
    }
}

/* Promise 3: nothing but message and recipient scope can make a mail fail, so nothing
   else may be permanent without pausing the account. */
static void
test_only_mail_fails (void)
{
  for (EstReason reason = 0; reason < EST_N_REASONS; reason++)
    {
      EstScope scope = est_reason_scope (reason);
      gboolean about_mail = scope == EST_SCOPE_MESSAGE || scope == EST_SCOPE_RECIPIENT;
      gboolean about_account = scope == EST_SCOPE_NETWORK || scope == EST_SCOPE_ACCOUNT;
      g_assert_cmpint (est_reason_pauses (reason), ==, about_account);
      g_assert_false (about_mail && est_reason_pauses (reason));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outcome/reason/complete", test_complete);
  g_test_add_func ("/outcome/reason/unknown-nick", test_unknown_nick);
  g_test_add_func ("/outcome/reason/meanings", test_meanings);
  g_test_add_func ("/outcome/reason/only-mail-fails", test_only_mail_fails);
  return g_test_run ();
}
