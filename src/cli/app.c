/* estafeta app: list, and the way to the other verbs below it. */
#include "cli/app.h"

#include "base/clock.h"
#include "cli/connect.h"
#include "cli/listing.h"
#include "cli/record.h"
#include "wording/figure.h"

#include <glib/gi18n.h>

#define ANSWER_SECONDS 20

static const char *
word_decision (const char *nick)
{
  if (g_str_equal (nick, "allow"))
    return C_ ("an app", "may send");
  if (g_str_equal (nick, "refuse"))
    return C_ ("an app", "may not send");
  return C_ ("an app", "not decided");
}

/* "a@example.org, <>" */
static char *
name_senders (GVariant *app)
{
  GString *names = g_string_new (NULL);
  g_auto (GStrv) senders = est_record_texts (app, "senders");
  for (char **sender = senders; *sender != NULL; sender++)
    g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "",
                            **sender != '\0' ? *sender : "<>");
  return g_string_free (names, FALSE);
}

static void
add_app (EstTable *table, GVariant *app)
{
  gint64 now = est_clock_now () / G_USEC_PER_SEC;
  g_autofree char *name = est_record_text (app, "name");
  g_autofree char *decision = est_record_text (app, "decision");
  gint64 since = est_record_time (app, "since");
  g_autofree char *when = since > 0 ? est_wording_when (since, now) : NULL;
  g_autofree char *waiting
    = since > 0
        ? g_strdup_printf ("%" G_GUINT64_FORMAT, est_record_number (app, "waiting"))
        : NULL;
  g_autofree char *from = name_senders (app);
  const char *cells[] = {name, word_decision (decision), waiting, when, from};
  est_table_add (table, cells);
}

static void
print_table (GVariant *apps)
{
  const EstColumn columns[] = {
    {C_ ("column", "App"),       12, FALSE},
    {C_ ("column", "Decision"),  0,  FALSE},
    {C_ ("column", "On hold"),   0,  TRUE },
    {C_ ("column", "Handed in"), 0,  FALSE},
    {C_ ("column", "From"),      12, FALSE},
  };
  est_listing_print (apps, columns, G_N_ELEMENTS (columns), add_app,
                     _ ("No app in a sandbox has handed mail in yet."));
}

static GDBusProxy *
connect_bus (void)
{
  return G_DBUS_PROXY (est_connect_apps (ANSWER_SECONDS));
}

static EstExit
list_apps (char **arguments)
{
  static const EstListing listing = {
    .usage = {.verb = "app list",
              .summary = N_ (
                "Lists the apps in sandboxes (Flatpak, Snap, containers) that wait for "
                "your answer\nor have got one: whether they may send, and how many "
                "messages of theirs are on hold.")},
    .connect = connect_bus,
    .print = print_table,
  };
  return est_listing_run (&listing, arguments);
}

EstExit
est_verb_app (char **arguments)
{
  static const EstVerbEntry verbs[] = {
    {"list",             list_apps,           N_ ("list the apps in sandboxes")     },
    {N_ ("allow NAME"),  est_verb_app_allow,  N_ ("let an app send")                },
    {N_ ("refuse NAME"), est_verb_app_refuse, N_ ("take no more mail from an app")  },
    {N_ ("forget NAME"), est_verb_app_forget, N_ ("ask again when it hands mail in")},
    {NULL,               NULL,                NULL                                  },
  };
  return est_verb_run (verbs, "app", arguments);
}
