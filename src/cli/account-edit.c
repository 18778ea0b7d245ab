/* estafeta account edit: changes what is named, or opens the settings in an editor. */
#include "base/paths.h"
#include "cli/account-wish.h"
#include "cli/account.h"
#include "cli/check.h"
#include "cli/confirm.h"
#include "cli/connect.h"
#include "cli/editor.h"
#include "cli/json.h"
#include "cli/record.h"
#include "cli/trouble.h"
#include "interface/names.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

static const EstUsage usage = {
  .verb = "account edit",
  .operands = N_ ("NAME"),
  .summary = N_ (
    "Changes what the options say of an account, and nothing else. Without options it "
    "opens\nthe settings file in your editor, and says afterwards in which line it "
    "cannot be so."),
  .notes
  = N_ ("Another server gets no password that was given for the old one: it is asked for "
        "again."),
  .least = 1,
  .most = 1,
};

static EstExit
find_account (EstBusAccounts1 *bus, const char *name, GVariant **account)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) accounts = NULL;
  if (!est_bus_accounts1_call_list_sync (bus, &accounts, NULL, &error))
    return est_trouble_report (error, name);
  *account = est_account_find (accounts, name);
  return *account != NULL
           ? EST_EXIT_OK
           : est_account_say (_ ("There is no account “%s”."), name, EST_EXIT_NOT_FOUND);
}

static guint
find_line (const char *path, const char *name)
{
  g_autofree char *text = NULL;
  g_autofree char *group = g_strdup_printf ("[account %s]", name);
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  guint line = 1;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **one = lines; *one != NULL; one++, line++)
    if (g_str_has_prefix (*one, group))
      return line;
  return 0;
}

/* The daemon goes on with the last good state until it is good again. */
static EstExit
edit_by_hand (const char *name)
{
  g_autofree char *path = est_paths_settings_file ();
  guint line = find_line (path, name);
  for (;;)
    {
      g_auto (EstCheck) check = {0};
      g_autoptr (GError) error = NULL;
      if (!est_editor_open (path, line, &error))
        {
          g_printerr ("estafeta: %s\n", error->message);
          return EST_EXIT_FAILED;
        }
      EstExit asked = est_check_file (&check, path);
      if (asked != EST_EXIT_OK || check.complaint == NULL)
        return asked;
      est_check_tell (&check, path);
      line = check.line;
      if (!est_confirm_ask (
            _ ("The last good settings stay in force. Edit again? [y/N] ")))
        return EST_EXIT_FAILED;
    }
}

static gboolean
call_edit (EstBusAccounts1 *bus,
           const char *name,
           GVariant *values,
           const char *question,
           GError **error)
{
  g_autoptr (GUnixFDList) fds = est_account_ask (question);
  if (fds == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
      return FALSE;
    }
  return est_bus_accounts1_call_edit_sync (bus, name, values, g_variant_new_handle (0),
                                           fds, NULL, NULL, error);
}

static gboolean
wants_secret (const GError *error)
{
  g_autofree char *name = error != NULL ? g_dbus_error_get_remote_error (error) : NULL;
  return g_strcmp0 (name, EST_BUS_ERROR_SECRET_NEEDED) == 0;
}

static EstExit
edit (EstBusAccounts1 *bus, const char *name, const EstAccountWish *wish)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) values = g_variant_ref_sink (est_account_wish_values (wish));
  /* TRANSLATORS: the name of an account, and a server */
  g_autofree char *question
    = g_strdup_printf (_ ("Password for the account “%s” at %s: "), name,
                       wish->host != NULL ? wish->host : "");
  if (call_edit (bus, name, values, NULL, &error))
    return EST_EXIT_OK;
  if (wants_secret (error))
    {
      g_clear_error (&error);
      if (call_edit (bus, name, values, question, &error))
        return EST_EXIT_OK;
    }
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
           ? EST_EXIT_FAILED /* has been said */
           : est_trouble_report (error, name);
}

static gboolean
says_something (const EstAccountWish *wish)
{
  g_autoptr (GVariant) values = g_variant_ref_sink (est_account_wish_values (wish));
  return g_variant_n_children (values) > 0;
}

static EstExit
run (const char *name, const EstAccountWish *wish, gboolean json)
{
  g_autoptr (GVariant) account = NULL;
  g_autoptr (EstBusAccounts1) bus = est_connect_accounts (EST_ACCOUNT_SECONDS);
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;
  EstExit answer = find_account (bus, name, &account);
  if (answer != EST_EXIT_OK)
    return answer;
  answer = says_something (wish) ? edit (bus, name, wish) : edit_by_hand (name);
  if (answer != EST_EXIT_OK)
    return answer;
  if (json)
    est_json_print (g_variant_new_parsed ("{'account': <%s>}", name));
  else
    /* TRANSLATORS: the name of an account */
    g_print (_ ("The settings of “%s” are in force.\n"), name);
  return EST_EXIT_OK;
}

EstExit
est_verb_account_edit (char **arguments)
{
  gboolean json = FALSE;
  g_auto (EstAccountWish) wish = {0};
  g_auto (GStrv) operands = est_account_wish_parse (&usage, arguments, &wish, &json);
  if (operands == NULL || !est_account_wish_is_clear (&usage, &wish))
    return EST_EXIT_USAGE;
  if (!says_something (&wish) && (json || !isatty (STDIN_FILENO)))
    {
      est_usage_complain (usage.verb,
                          _ ("say what is to be changed, or edit at a terminal"));
      return EST_EXIT_USAGE;
    }
  return run (operands[0], &wish, json);
}
