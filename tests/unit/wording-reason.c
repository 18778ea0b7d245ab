/* Every reason a daemon can give has a sentence, and every one that does not mend itself
   says what to do. */
#include "wording/reason.h"

#include <string.h>

static gboolean
is_sentence (const char *text)
{
  return g_unichar_isupper (g_utf8_get_char (text)) && g_str_has_suffix (text, ".")
         && !g_str_has_suffix (text, "..") && strstr (text, "%s") == NULL
         && strchr (text, '\n') == NULL;
}

static void
test_every_reason (void)
{
  for (EstReason reason = 0; reason < EST_N_REASONS; reason++)
    {
      g_autofree char *plain = est_wording_reason (reason, NULL, NULL, NULL);
      g_autofree char *named = est_wording_reason (reason, "zz9", NULL, NULL);
      g_autofree char *quoted = est_wording_reason (reason, "zz9", NULL, "550 no");
      g_test_message ("%s: %s", est_reason_nick (reason), named);
      g_assert_true (is_sentence (plain));
      g_assert_true (is_sentence (named));
      g_assert_true (is_sentence (quoted));
      g_assert_null (strstr (plain, "zz9"));
      g_assert_true (g_str_has_suffix (quoted, ": “550 no”."));
    }
}

static void
test_sentences_differ (void)
{
  g_autoptr (GHashTable) seen
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (EstReason reason = 0; reason < EST_N_REASONS; reason++)
    g_assert_true (
      g_hash_table_add (seen, est_wording_reason (reason, NULL, NULL, NULL)));
}

static void
test_account_is_named (void)
{
  static const EstReason about_account[]
    = {EST_REASON_SIGN_IN, EST_REASON_UNTRUSTED, EST_REASON_SECRET_MISSING,
       EST_REASON_REFUSED, EST_REASON_UNREACHABLE};
  for (gsize i = 0; i < G_N_ELEMENTS (about_account); i++)
    {
      g_autofree char *text = est_wording_reason (about_account[i], "work", NULL, NULL);
      g_assert_nonnull (strstr (text, "“work”"));
    }
}

/* Nobody can mend a network that is down; somebody must act where nothing passes by
 * itself. */
static void
test_remedies (void)
{
  for (EstReason reason = EST_REASON_OFFLINE; reason < EST_N_REASONS; reason++)
    {
      g_autofree char *remedy = est_wording_remedy (reason, "work");
      g_test_message ("%s: %s", est_reason_nick (reason), remedy);
      if (est_reason_permanence (reason) != EST_TEMPORARY)
        g_assert_nonnull (remedy);
      if (remedy != NULL)
        g_assert_true (is_sentence (remedy));
    }
  g_assert_null (est_wording_remedy (EST_REASON_NONE, "work"));
  g_assert_null (est_wording_remedy (EST_REASON_OFFLINE, "work"));
  g_assert_null (est_wording_remedy (EST_REASON_DEFERRED, "work"));
}

static void
test_remedy_names_the_command (void)
{
  g_autofree char *named = est_wording_remedy (EST_REASON_SIGN_IN, "work");
  g_autofree char *plain = est_wording_remedy (EST_REASON_SIGN_IN, NULL);
  g_assert_nonnull (strstr (named, "estafeta account password work"));
  g_assert_nonnull (strstr (plain, "estafeta account password ACCOUNT"));
}

static void
test_hostile_reply (void)
{
  g_autofree char *text = est_wording_reason (EST_REASON_REFUSED, "a\x1b[1m", NULL,
                                              "550 \x1b[2J %s %n\n\xff");
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_null (strchr (text, '\x1b'));
  g_assert_null (strchr (text, '\n'));
  g_assert_nonnull (strstr (text, "%s %n"));

  g_autofree char *endless = g_strnfill (100000, 'x');
  g_autofree char *cut = est_wording_reason (EST_REASON_REFUSED, endless, NULL, endless);
  g_assert_cmpuint (strlen (cut), <, 1000);
}

static void
test_empty_is_not_quoted (void)
{
  g_autofree char *text = est_wording_reason (EST_REASON_REFUSED, "", NULL, "");
  g_assert_cmpstr (text, ==, "The mail server refused the message.");
}

/* What was tried stands in it where it was no password; nonsense adds nothing. */
static void
test_sign_in (void)
{
  static const char *const tried[][2] = {
    {"XOAUTH2",     "access token"},
    {"OAUTHBEARER", "access token"},
    {"EXTERNAL",    "certificate" },
    {"GSSAPI",      "Kerberos"    },
  };
  g_autofree char *plain
    = est_wording_reason (EST_REASON_SIGN_IN, "work", NULL, "535 no");
  for (gsize i = 0; i < G_N_ELEMENTS (tried); i++)
    {
      g_autofree char *text
        = est_wording_reason (EST_REASON_SIGN_IN, "work", tried[i][0], "535 no");
      g_assert_true (g_str_has_prefix (text, plain));
      g_assert_nonnull (strstr (text + strlen (plain), tried[i][1]));
    }
  g_autofree char *password
    = est_wording_reason (EST_REASON_SIGN_IN, "work", "PLAIN", "535 no");
  g_assert_cmpstr (password, ==, plain);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wording/reason/every", test_every_reason);
  g_test_add_func ("/wording/reason/differ", test_sentences_differ);
  g_test_add_func ("/wording/reason/account", test_account_is_named);
  g_test_add_func ("/wording/reason/remedies", test_remedies);
  g_test_add_func ("/wording/reason/command", test_remedy_names_the_command);
  g_test_add_func ("/wording/reason/hostile", test_hostile_reply);
  g_test_add_func ("/wording/reason/empty", test_empty_is_not_quoted);
  g_test_add_func ("/wording/reason/sign-in", test_sign_in);
  return g_test_run ();
}
