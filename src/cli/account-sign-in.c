/* estafeta account sign-in: at the provider's web page, where an account does so. */
#include "cli/account.h"
#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/sign-in.h"
#include "cli/usage.h"

#include <glib/gi18n.h>

static const EstUsage usage = {
  .verb = "account sign-in",
  .operands = N_ ("NAME"),
  .summary
  = N_ ("Signs in to an account at its provider’s web page, in your browser, where the "
        "account does\nso (OAuth 2.0). Its mail goes on then."),
  .least = 1,
  .most = 1,
};

static EstExit
tell (EstSignInOutcome outcome, const char *name, gboolean json)
{
  switch (outcome)
    {
    case EST_SIGN_IN_DONE:
      if (json)
        est_json_print (g_variant_new_parsed ("{'account': <%s>}", name));
      else
        /* TRANSLATORS: the name of an account */
        g_print (_ ("You are signed in to “%s”; its mail leaves now.\n"), name);
      return EST_EXIT_OK;
    case EST_SIGN_IN_NO_CLIENT:
      g_printerr ("estafeta: %s\n", est_sign_in_no_client ());
      return EST_EXIT_FAILED;
    case EST_SIGN_IN_NO_DAEMON:
      return EST_EXIT_NO_DAEMON;
    case EST_SIGN_IN_INTERRUPTED:
      est_interrupt_end ();
      return EST_EXIT_FAILED;
    default:
      return EST_EXIT_FAILED;
    }
}

EstExit
est_verb_account_sign_in (char **arguments)
{
  EstSignInCall call = {0};
  const GOptionEntry options[] = {
    {"device",       'd', 0, G_OPTION_ARG_NONE, &call.by_code,
     N_ ("By a code that you enter on any device"), NULL},
    {"no-browser",             0, 0, G_OPTION_ARG_NONE, &call.no_browser,
     N_ ("Only show the address, and open no browser"), NULL},
    {NULL},
  };
  gboolean json = FALSE;
  g_autoptr (GVariant) found = NULL;
  g_auto (GStrv) operands = est_usage_parse (&usage, options, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  call.account = operands[0];
  call.quiet = json;
  return tell (est_sign_in_call (&call, est_interrupt_watch (), &found), call.account,
               json);
}
