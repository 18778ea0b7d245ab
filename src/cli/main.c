/* estafeta: the command line of the outbox. */
#include "cli/verb.h"

#include <glib.h>
#include <glib/gi18n.h>
#include <locale.h>

/* TRANSLATORS: only what is in capitals may change */
static const EstVerbEntry verbs[] = {
  {"status",                est_verb_status,  N_ ("say where mail is taken in, what waits and why")},
  {"list",                  est_verb_list,    N_ ("list the messages")                             },
  {N_ ("show NUMBER"),      est_verb_show,    N_ ("print the delivery note of a message")          },
  {N_ ("send [NUMBER…]"), est_verb_send,    N_ ("try to send now")                               },
  {N_ ("account COMMAND"),  est_verb_account, N_ ("set up the ways mail leaves by")                },
  {NULL,                    NULL,             NULL                                                 },
};

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain ("estafeta", LOCALEDIR);
  bind_textdomain_codeset ("estafeta", "UTF-8");
  textdomain ("estafeta");
  g_set_prgname ("estafeta");

  if (argc > 1 && g_str_equal (argv[1], "--version"))
    {
      g_print ("estafeta %s\n", VERSION);
      return EST_EXIT_OK;
    }
  return est_verb_run (verbs, NULL, argv);
}
