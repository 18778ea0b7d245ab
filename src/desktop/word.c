/* Carried to the main loop as an idle source. */
#include "desktop/word.h"

typedef struct
{
  EstDispatcher *dispatcher;
  char *account; /* NULL: all of them */
} Word;

static gboolean
pass_on (gpointer data)
{
  Word *word = data;
  est_dispatcher_wake (word->dispatcher, EST_WAKEUP_PERSON, word->account);
  return G_SOURCE_REMOVE;
}

static void
free_word (gpointer data)
{
  Word *word = data;
  g_object_unref (word->dispatcher);
  g_free (word->account);
  g_free (word);
}

void
est_word_go_on (EstDispatcher *dispatcher, const char *account)
{
  Word *word = g_new (Word, 1);
  *word = (Word){g_object_ref (dispatcher), g_strdup (account)};
  g_idle_add_full (G_PRIORITY_DEFAULT, pass_on, word, free_word);
}
