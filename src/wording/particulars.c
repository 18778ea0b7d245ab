/* One function per reason that has figures. */
#include "wording/particulars.h"

#include "wording/text.h"

#include <glib/gi18n.h>
#include <string.h>

#define NAME_LIMIT 64

/* "UID NAME" */
static char *
tell_stranger (const char *figures)
{
  const char *name = strchr (figures, ' ');
  if (name == NULL || name[1] == '\0')
    return NULL;
  g_autofree char *tame = est_text_tame (name + 1, NAME_LIMIT);
  /* TRANSLATORS: of a program; "%s" is a login name, or the number of a user */
  return g_strdup_printf (_ ("It belongs to the user “%s”."), tame);
}

typedef struct
{
  const char *figures;
  const char *sentence;
} Saying;

static char *
tell_proxy (const char *figures)
{
  static const Saying sayings[] = {
    {"absent",  N_ ("It cannot be reached.")                                           },
    {"sign-in", N_ ("It wants a user name and a password, or refused the ones it got.")},
    {"refused", N_ ("It does not allow connections to the mail server.")               },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (sayings); i++)
    if (g_str_equal (figures, sayings[i].figures))
      return g_strdup (_ (sayings[i].sentence));
  return NULL;
}

typedef char *(*Teller) (const char *figures);

static const Teller tellers[EST_N_REASONS] = {
  [EST_REASON_STRANGER] = tell_stranger,
  [EST_REASON_PROXY] = tell_proxy,
};

char *
est_wording_particulars (EstReason reason, const char *figures)
{
  if (figures == NULL || *figures == '\0' || tellers[reason] == NULL)
    return NULL;
  return tellers[reason](figures);
}
