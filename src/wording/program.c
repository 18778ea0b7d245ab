/* The kind of a program and its name, in one phrase. Whoever made the program chose the
   name. */
#include "wording/program.h"

#include "wording/text.h"

#include <glib/gi18n.h>
#include <string.h>

#define NAME_LIMIT 64

typedef struct
{
  const char *prefix;
  const char *phrase; /* NULL: the name alone says it */
} Kind;

static const Kind kinds[] = {
  /* TRANSLATORS: "%s" is the name of a program; the phrase may stand in a sentence */
  {"flatpak:",   N_ ("the Flatpak app %s")         },
  {"snap:",      N_ ("the snap %s")                },
  {"container:", N_ ("the container %s")           },
  {"token:",     N_ ("%s (signed in with a token)")},
  {"app:",       NULL                              },
  {"program:",   NULL                              },
};

static char *
phrase_name (const Kind *kind, const char *name)
{
  g_autofree char *tame = est_text_tame (name, NAME_LIMIT);
  if (kind->phrase == NULL)
    return g_steal_pointer (&tame);
  g_auto (GStrv) parts = g_strsplit (_ (kind->phrase), "%s", 2);
  return g_strjoinv (tame, parts);
}

char *
est_wording_program (const char *program)
{
  if (program == NULL)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (program, kinds[i].prefix))
      return phrase_name (&kinds[i], program + strlen (kinds[i].prefix));
  return est_text_tame (program, NAME_LIMIT);
}
