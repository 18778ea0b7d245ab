/* estafeta token add, estafeta token change: what a program signs in with, and what it
   may. */
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/prompt.h"
#include "cli/record.h"
#include "cli/token.h"
#include "cli/trouble.h"
#include "cli/usage.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <string.h>

#define UNSAID G_MININT

typedef struct
{
  char **senders;
  char **accounts;
  int per_day; /* or UNSAID */
} Wish;

static const EstUsage add_usage = {
  .verb = "token add",
  .operands = N_ ("NAME"),
  .summary
  = N_ ("Lets a program sign in: with NAME as its user name, and with the password that "
        "is\nprinted this once. Only a salted hash of it is kept."),
  .notes = N_ ("Without options there are no limits."),
  .least = 1,
  .most = 1,
};

static const EstUsage change_usage = {
  .verb = "token change",
  .operands = N_ ("NAME"),
  .summary
  = N_ ("Gives a token other limits: those named here, and no others. Its password "
        "stays."),
  .notes = N_ ("Without options there are no limits."),
  .least = 1,
  .most = 1,
};

static void
clear_wish (Wish *wish)
{
  g_strfreev (wish->senders);
  g_strfreev (wish->accounts);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, clear_wish)

/* NULL after a complaint. */
static char **
parse (const EstUsage *usage, char **arguments, Wish *wish, gboolean *json)
{
  const GOptionEntry entries[] = {
    {"sender",  's', 0, G_OPTION_ARG_STRING_ARRAY, &wish->senders,
     N_ ("Only as this sender, or “@example.org” for a whole domain; may be given "
         "several times"),
     N_ ("ADDRESS")                                                       },
    {"account", 'a', 0, G_OPTION_ARG_STRING_ARRAY, &wish->accounts,
     N_ ("Only by this account; may be given several times"), N_ ("NAME") },
    {"per-day", 'n', 0, G_OPTION_ARG_INT,          &wish->per_day,
     N_ ("Only so many messages within 24 hours"),            N_ ("COUNT")},
    G_OPTION_ENTRY_NULL,
  };
  char **operands = est_usage_parse (usage, entries, arguments, json);
  if (operands == NULL || wish->per_day > 0 || wish->per_day == UNSAID)
    return operands;
  g_strfreev (operands);
  est_usage_complain (usage->verb, _ ("“%s” must be a number from 1 on"), "--per-day");
  return NULL;
}

static void
add_list (GVariantDict *limits, const char *key, char **words)
{
  if (words != NULL)
    g_variant_dict_insert_value (limits, key,
                                 g_variant_new_strv ((const char *const *) words, -1));
}

static GVariant *
make_limits (const Wish *wish)
{
  g_auto (GVariantDict) limits = G_VARIANT_DICT_INIT (NULL);
  add_list (&limits, "senders", wish->senders);
  add_list (&limits, "accounts", wish->accounts);
  if (wish->per_day > 0)
    g_variant_dict_insert (&limits, "per-day", "u", (guint32) wish->per_day);
  return g_variant_dict_end (&limits);
}

/* The first address that is no path, "127.0.0.1:2525"; NULL if none can be told. */
static char *
find_address (void)
{
  g_autoptr (GVariant) status = NULL;
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox (EST_TOKEN_SECONDS);
  if (outbox == NULL
      || !est_bus_outbox1_call_get_status_sync (outbox, &status, NULL, NULL))
    return NULL;
  g_auto (GStrv) listening = est_record_texts (status, "listening");
  for (char **address = listening; *address != NULL; address++)
    if (!g_str_has_prefix (*address, "unix:"))
      return g_strdup (*address);
  return NULL;
}

/* The secret alone on standard output, for scripts and pipes; the words for the person
   beside it. */
static void
print_secret (const char *name, EstSecret *secret, gboolean json)
{
  if (json)
    {
      est_json_print (g_variant_new_parsed ("{'token': <%s>, 'secret': <%s>}", name,
                                            est_secret_peek (secret)));
      return;
    }
  g_autofree char *address = find_address ();
  g_print ("%s\n", est_secret_peek (secret));
  /* TRANSLATORS: where mail is taken in ("127.0.0.1:2525"), and a user name */
  g_printerr (_ ("Enter this in the program: server and port %s, user name “%s”, and as "
                 "the\npassword the line that was printed; it is not shown again.\n"),
              address != NULL ? address : "127.0.0.1", name);
}

static EstExit
add (EstBusTokens1 *bus, const char *name, const Wish *wish, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EstSecret) secret = est_token_secret_new ();
  int fd = est_prompt_as_file (secret, &error);
  if (fd < 0)
    return est_trouble_report (error, NULL);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1);
  GVariant *limits = make_limits (wish);
  if (!est_bus_tokens1_call_add_sync (bus, name, limits, g_variant_new_handle (0), fds,
                                      NULL, NULL, &error))
    return est_trouble_report (error, NULL);
  print_secret (name, secret, json);
  return EST_EXIT_OK;
}

EstExit
est_verb_token_add (char **arguments)
{
  g_auto (Wish) wish = {.per_day = UNSAID};
  gboolean json = FALSE;
  g_auto (GStrv) operands = parse (&add_usage, arguments, &wish, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (EstBusTokens1) bus = est_connect_tokens (EST_TOKEN_SECONDS);
  return bus != NULL ? add (bus, operands[0], &wish, json) : EST_EXIT_NO_DAEMON;
}

EstExit
est_verb_token_change (char **arguments)
{
  g_auto (Wish) wish = {.per_day = UNSAID};
  gboolean json = FALSE;
  g_auto (GStrv) operands = parse (&change_usage, arguments, &wish, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (EstBusTokens1) bus = est_connect_tokens (EST_TOKEN_SECONDS);
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;

  g_autoptr (GError) error = NULL;
  if (!est_bus_tokens1_call_change_sync (bus, operands[0], make_limits (&wish), NULL,
                                         &error))
    return est_trouble_report (error, NULL);
  if (json)
    est_json_print (g_variant_new_parsed ("{'token': <%s>}", operands[0]));
  else
    g_print (_ ("The token “%s” has its new limits.\n"), operands[0]);
  return EST_EXIT_OK;
}
