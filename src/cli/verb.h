/* The verbs of the command line, one file each, what they say to scripts, and the way
   from a word to its verb. */
#pragma once

typedef enum
{
  EST_EXIT_OK,
  EST_EXIT_FAILED,    /* the thing could not be done */
  EST_EXIT_USAGE,     /* wrong use */
  EST_EXIT_NO_DAEMON, /* nobody to ask */
  EST_EXIT_NOT_FOUND, /* no such message or account */
} EstExit;

/* @arguments: from the verb on, NULL-terminated. Whatever goes wrong has been said on
   standard error when it returns. */
typedef EstExit EstVerb (char **arguments);

EstVerb est_verb_account;
EstVerb est_verb_app;
EstVerb est_verb_arrived;
EstVerb est_verb_certificate;
EstVerb est_verb_discard;
EstVerb est_verb_discover;
EstVerb est_verb_export;
EstVerb est_verb_hold;
EstVerb est_verb_import;
EstVerb est_verb_journal;
EstVerb est_verb_list;
EstVerb est_verb_move;
EstVerb est_verb_pause;
EstVerb est_verb_readdress;
EstVerb est_verb_release;
EstVerb est_verb_resume;
EstVerb est_verb_send;
EstVerb est_verb_settings;
EstVerb est_verb_setup;
EstVerb est_verb_show;
EstVerb est_verb_status;
EstVerb est_verb_token;
EstVerb est_verb_unlock;
EstVerb est_verb_watch;

typedef struct
{
  const char *usage; /* translatable: the verb and its operands */
  EstVerb *run;
  const char *summary; /* translatable, a phrase without full stop */
} EstVerbEntry;

/* Runs the one of @verbs (ends with a NULL usage) that @arguments[1] names. @above: the
   word typed before it, "account", or NULL. Asks for help are answered, and a word that
   is no verb by the nearest one. */
EstExit est_verb_run (const EstVerbEntry *verbs, const char *above, char **arguments);
