/* What the daemon's helper does is told here as it goes on. */
#include "cli/sign-in.h"

#include "cli/call.h"
#include "cli/connect.h"
#include "cli/record.h"
#include "cli/trouble.h"
#include "wording/sign-in.h"
#include "wording/text.h"

#include <glib/gi18n.h>

#define SECONDS    960 /* longer than any sign-in may take */
#define LINK_LIMIT 4000
#define CODE_LIMIT 40

const char *
est_sign_in_no_client (void)
{
  return est_wording_sign_in ("client-missing");
}

static GVariant *
call_method (EstBusSignIn1 *bus,
             const char *method,
             GVariant *parameters,
             GCancellable *cancellable,
             GError **error)
{
  return est_call (bus, method, parameters, NULL, cancellable, error);
}

static EstSignInOutcome
report (const GError *error, const char *account, GCancellable *cancellable)
{
  if (g_cancellable_is_cancelled (cancellable))
    return EST_SIGN_IN_INTERRUPTED;
  est_trouble_report (error, account);
  return EST_SIGN_IN_NOT_POSSIBLE;
}

/* A browser that is slow to start is not waited for, and one that is not there is no
   trouble: the address stands on the terminal. */
static void
open_browser (const EstSignInCall *call, const char *link)
{
  g_autoptr (GError) error = NULL;
  if (!call->no_browser && !g_app_info_launch_default_for_uri (link, NULL, &error))
    g_printerr ("estafeta: %s\n",
                _ ("No browser could be opened; open the address yourself."));
}

static void
show_page (const EstSignInCall *call, const char *link)
{
  g_autofree char *tame = est_text_tame (link, LINK_LIMIT);
  if (!call->quiet)
    g_print ("%s\n  %s\n%s\n", _ ("Sign in at your provider’s web page:"), tame,
             _ ("Waiting until you are through (Ctrl-C gives up) ..."));
  open_browser (call, link);
}

/* With JSON they are for the person all the same. */
static void
show_code (const EstSignInCall *call, const char *link, const char *code)
{
  g_autofree char *tame = est_text_tame (link, LINK_LIMIT);
  g_autofree char *plain = est_text_tame (code, CODE_LIMIT);
  /* TRANSLATORS: the address of a web page, and a code */
  g_autofree char *words
    = g_strdup_printf (_ ("Open this page on any device:\n  %s\nand enter this code:\n  "
                          "%s"),
                       tame, plain);
  if (call->quiet)
    g_printerr ("%s\n", words);
  else
    g_print ("%s\n%s\n", words,
             _ ("Waiting until you are through (Ctrl-C gives up) ..."));
}

static void
show (const EstSignInCall *call, GVariant *prompt)
{
  g_autofree char *link = est_record_text (prompt, "url");
  g_autofree char *code = est_record_text (prompt, "code");
  if (*code != '\0')
    show_code (call, link, code);
  else
    show_page (call, link);
}

static EstSignInOutcome
judge (GVariant *result)
{
  g_autofree char *word = est_record_text (result, "result");
  g_autofree char *what = est_record_text (result, "what");
  g_autofree char *words = est_record_text (result, "words");
  if (g_str_equal (word, "done"))
    return EST_SIGN_IN_DONE;
  if (g_str_equal (what, "client-missing"))
    return EST_SIGN_IN_NO_CLIENT;
  if (g_str_equal (what, "cancelled"))
    return EST_SIGN_IN_INTERRUPTED;
  g_autofree char *tame = est_text_tame (words, LINK_LIMIT);
  g_printerr ("estafeta: %s\n", est_wording_sign_in (what));
  if (*tame != '\0')
    /* TRANSLATORS: %s are the words of a server */
    g_printerr (_ ("What the server said: %s\n"), tame);
  return EST_SIGN_IN_FAILED;
}

static GVariant *
pick_found (GVariant *result)
{
  GVariantIter iterator;
  const char *key, *value;
  g_auto (GVariantBuilder) found = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  g_variant_iter_init (&iterator, result);
  while (g_variant_iter_next (&iterator, "{&s&s}", &key, &value))
    if (g_str_has_prefix (key, "oauth-"))
      g_variant_builder_add (&found, "{ss}", key, value);
  return g_variant_ref_sink (g_variant_builder_end (&found));
}

static EstSignInOutcome
finish (EstBusSignIn1 *bus,
        const EstSignInCall *call,
        const char *id,
        GCancellable *cancellable,
        GVariant **found)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
    = call_method (bus, "Finish", g_variant_new ("(s)", id), cancellable, &error);
  if (reply == NULL)
    return report (error, call->account, cancellable);
  g_autoptr (GVariant) result = g_variant_get_child_value (reply, 0);
  EstSignInOutcome outcome = judge (result);
  if (outcome == EST_SIGN_IN_DONE)
    *found = pick_found (result);
  return outcome;
}

static GVariant *
begin_parameters (const EstSignInCall *call)
{
  GVariant *values = call->values != NULL
                       ? call->values
                       : g_variant_new_array (G_VARIANT_TYPE ("{ss}"), NULL, 0);
  return g_variant_new ("(s@a{ss}s)", call->account, values,
                        call->by_code ? "device" : "browser");
}

/* The sign-in ends with the connection that asked for it: that of Ctrl-C with the
   program. */
EstSignInOutcome
est_sign_in_call (const EstSignInCall *call, GCancellable *cancellable, GVariant **found)
{
  const char *id;
  *found = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) prompt = NULL;
  g_autoptr (GVariant) parameters = g_variant_ref_sink (begin_parameters (call));
  g_autoptr (EstBusSignIn1) bus = est_connect_sign_in (SECONDS);
  if (bus == NULL)
    return EST_SIGN_IN_NO_DAEMON;
  g_autoptr (GVariant) reply
    = call_method (bus, "Begin", parameters, cancellable, &error);
  if (reply == NULL)
    return report (error, call->account, cancellable);
  g_variant_get (reply, "(&s@a{ss})", &id, &prompt);
  if (*id == '\0')
    return judge (prompt);
  show (call, prompt);
  return finish (bus, call, id, cancellable, found);
}
