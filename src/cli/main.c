/* estafeta: the command line of the outbox. */
#include "cli/verb.h"

#include <glib.h>
#include <glib/gi18n.h>
#include <locale.h>

/* TRANSLATORS: only what is in capitals may change */
static const EstVerbEntry verbs[] = {
  {N_ ("setup ADDRESS"),               est_verb_setup,       N_ ("set everything up for a mail address")          },
  {N_ ("discover ADDRESS"),            est_verb_discover,
   N_ ("say which server an address can have")                                                                    },
  {"status",                           est_verb_status,      N_ ("say where mail is taken in, what waits and why")},
  {"list",                             est_verb_list,        N_ ("list the messages")                             },
  {N_ ("show NUMBER"),                 est_verb_show,        N_ ("print the delivery note of a message")          },
  {"watch",                            est_verb_watch,       N_ ("tell what happens, while it happens")           },
  {"journal",                          est_verb_journal,     N_ ("list what happened to messages")                },
  {N_ ("send [NUMBER…]"),            est_verb_send,        N_ ("try to send now")                               },
  {N_ ("hold NUMBER…"),              est_verb_hold,        N_ ("keep messages until they are released")         },
  {N_ ("release NUMBER…"),           est_verb_release,     N_ ("let messages on hold go on")                    },
  {N_ ("arrived NUMBER…"),           est_verb_arrived,
   N_ ("say that messages in doubt have arrived")                                                                 },
  {N_ ("discard NUMBER…"),           est_verb_discard,     N_ ("give messages up")                              },
  {N_ ("readdress NUMBER OLD NEW"),    est_verb_readdress,   N_ ("send to another address")                       },
  {N_ ("move NUMBER… --to=ACCOUNT"), est_verb_move,        N_ ("send by another account")                       },
  {N_ ("export NUMBER [FILE]"),        est_verb_export,      N_ ("write a message to a file")                     },
  {N_ ("import FILE"),                 est_verb_import,      N_ ("hand in a message from a file")                 },
  {N_ ("pause [ACCOUNT]"),             est_verb_pause,       N_ ("stop an account, or everything")                },
  {N_ ("resume [ACCOUNT]"),            est_verb_resume,      N_ ("let it go on")                                  },
  {N_ ("account COMMAND"),             est_verb_account,     N_ ("set up the ways mail leaves by")                },
  {"unlock",                           est_verb_unlock,      N_ ("have the keyring ask for its password")         },
  {N_ ("settings check [FILE]"),       est_verb_settings,
   N_ ("say whether a settings file is good")                                                                     },
  {"certificate",                      est_verb_certificate,
   N_ ("print what programs must trust that insist on encryption")                                                },
  {N_ ("token COMMAND"),               est_verb_token,       N_ ("let programs sign in, and limit them")          },
  {N_ ("app COMMAND"),                 est_verb_app,         N_ ("say which apps in sandboxes may send")          },
  {NULL,                               NULL,                 NULL                                                 },
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
