/* estafeta app allow, refuse, forget: one table, alike but for their words. */
#include "cli/app.h"
#include "cli/connect.h"
#include "cli/json.h"
#include "cli/record.h"
#include "cli/trouble.h"
#include "cli/usage.h"
#include "wording/text.h"

#include <glib/gi18n.h>
#include <string.h>

#define ANSWER_SECONDS 60 /* settings and messages are written */
#define NAME_LIMIT     80

/* "org.example.Mailer" is "flatpak:org.example.Mailer" if no other app is called so. */
static gboolean
is_meant (const char *program, const char *name)
{
  const char *colon = strchr (program, ':');
  return g_str_equal (program, name) || (colon != NULL && g_str_equal (colon + 1, name));
}

/* The names of the known apps that may be meant; NULL on error. */
static GPtrArray *
find_meant (EstBusApps1 *bus, const char *name, GError **error)
{
  g_autoptr (GVariant) apps = NULL;
  if (!est_bus_apps1_call_list_sync (bus, &apps, NULL, error))
    return NULL;
  GPtrArray *meant = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; i < g_variant_n_children (apps); i++)
    {
      g_autoptr (GVariant) app = g_variant_get_child_value (apps, i);
      g_autofree char *program = est_record_text (app, "name");
      if (is_meant (program, name))
        g_ptr_array_add (meant, g_steal_pointer (&program));
    }
  return meant;
}

static EstExit
say_not_one (const char *name, const GPtrArray *meant)
{
  g_autofree char *tame = est_text_tame (name, NAME_LIMIT);
  g_autofree char *words
    = meant->len > 1
        ? g_strdup_printf (_ ("Several apps are called “%s”: write “%s” or “%s”."), tame,
                           (const char *) g_ptr_array_index (meant, 0),
                           (const char *) g_ptr_array_index (meant, 1))
        : g_strdup_printf (_ ("There is no app “%s”. “estafeta app list” lists them; one "
                              "that is still unknown needs its kind in front, as in "
                              "“flatpak:org.example.Mailer”."),
                           tame);
  g_printerr ("estafeta: %s\n", words);
  return EST_EXIT_NOT_FOUND;
}

/* The full name in @program; with a kind in front it is taken as it stands, unless it
   @must be known. */
static EstExit
resolve (EstBusApps1 *bus, const char *name, gboolean must, char **program)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) meant = find_meant (bus, name, &error);
  if (meant == NULL)
    return est_trouble_report (error, NULL);
  if (meant->len != 1 && (must || strchr (name, ':') == NULL))
    return say_not_one (name, meant);
  *program = g_strdup (meant->len == 1 ? g_ptr_array_index (meant, 0) : name);
  return EST_EXIT_OK;
}

typedef struct
{
  EstUsage usage;
  gboolean must_be_known;
  gboolean (*call) (EstBusApps1 *bus, const char *name, guint *released, GError **error);
  const char *done; /* "%s": the app */
} Decision;

static gboolean
call_allow (EstBusApps1 *bus, const char *name, guint *released, GError **error)
{
  return est_bus_apps1_call_allow_sync (bus, name, released, NULL, error);
}

static gboolean
call_refuse (EstBusApps1 *bus, const char *name, guint *released, GError **error)
{
  return est_bus_apps1_call_refuse_sync (bus, name, NULL, error);
}

static gboolean
call_forget (EstBusApps1 *bus, const char *name, guint *released, GError **error)
{
  return est_bus_apps1_call_forget_sync (bus, name, NULL, error);
}

static const Decision allow = {
  .usage
  = {.verb = "app allow",
     .operands = N_ ("NAME"),
     .summary = N_ ("Lets an app in a sandbox send, now and later: what is on hold "
                    "for it goes."),
     .least = 1,
     .most = 1},
  .call = call_allow,
  .done = N_ ("“%s” may send from now on."),
};

static const Decision refuse = {
  .usage = {.verb = "app refuse",
            .operands = N_ ("NAME"),
            .summary = N_ ("Takes no more mail from an app in a sandbox. What is on hold "
                           "stays: send it with\n“estafeta release”, or give it up with "
                           "“estafeta discard”."),
            .least = 1,
            .most = 1},
  .call = call_refuse,
  .done = N_ ("No mail is taken from “%s” any more. What is on hold stays."),
};

static const Decision forget = {
  .usage = {.verb = "app forget",
            .operands = N_ ("NAME"),
            .summary = N_ (
              "Takes back what was said about an app: you are asked again when it hands "
              "mail in."),
            .least = 1,
            .most = 1},
  .must_be_known = TRUE,
  .call = call_forget,
  .done = N_ ("You are asked again before “%s” may send."),
};

static void
tell (const Decision *decision, const char *program, guint released, gboolean json)
{
  g_autofree char *told = g_strdup_printf (_ (decision->done), program);
  if (json)
    {
      est_json_print (
        g_variant_new_parsed ("{'app': <%s>, 'released': <%u>}", program, released));
      return;
    }
  g_print ("%s\n", told);
  if (released > 0)
    g_print (ngettext ("%u message goes on.\n", "%u messages go on.\n", released),
             released);
}

static EstExit
decide (const Decision *decision, char **arguments)
{
  gboolean json = FALSE;
  g_auto (GStrv) operands = est_usage_parse (&decision->usage, NULL, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;
  g_autoptr (EstBusApps1) bus = est_connect_apps (ANSWER_SECONDS);
  if (bus == NULL)
    return EST_EXIT_NO_DAEMON;

  guint released = 0;
  g_autoptr (GError) error = NULL;
  g_autofree char *program = NULL;
  EstExit found = resolve (bus, operands[0], decision->must_be_known, &program);
  if (found != EST_EXIT_OK)
    return found;
  if (!decision->call (bus, program, &released, &error))
    return est_trouble_report (error, program);
  tell (decision, program, released, json);
  return EST_EXIT_OK;
}

EstExit
est_verb_app_allow (char **arguments)
{
  return decide (&allow, arguments);
}

EstExit
est_verb_app_refuse (char **arguments)
{
  return decide (&refuse, arguments);
}

EstExit
est_verb_app_forget (char **arguments)
{
  return decide (&forget, arguments);
}
