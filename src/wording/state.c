/* The words for states. */
#include "wording/state.h"

#include <glib/gi18n.h>

typedef struct
{
  const char *nick;
  const char *word;
} State;

static const State states[] = {
  {"waiting",   NC_ ("state", "waiting")   },
  {"sending",   NC_ ("state", "on its way")},
  {"sent",      NC_ ("state", "sent")      },
  {"failed",    NC_ ("state", "failed")    },
  {"uncertain", NC_ ("state", "uncertain") },
  {"held",      NC_ ("state", "on hold")   },
  {"discarded", NC_ ("state", "discarded") },
  {"pending",   NC_ ("state", "pending")   },
  {"doubtful",  NC_ ("state", "in doubt")  },
};

const char *
est_wording_state (const char *nick)
{
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (nick, states[i].nick) == 0)
      return g_dpgettext2 (NULL, "state", states[i].word);
  return nick;
}
