/* One function per reason that has figures. */
#include "wording/particulars.h"

#include <glib/gi18n.h>

#include "wording/budget.h"

typedef char *(*Teller) (const char *figures);

/* By what it was tried, where that was no password. */
static char *
tell_sign_in (const char *mechanism)
{
  static const struct
  {
    const char *mechanism, *words;
  } ways[] = {
    {"OAUTHBEARER", N_ ("It was tried with an access token.")  },
    {"XOAUTH2",     N_ ("It was tried with an access token.")  },
    {"EXTERNAL",    N_ ("It was tried with the certificate.")  },
    {"GSSAPI",      N_ ("It was tried with a Kerberos ticket.")},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    if (g_str_equal (mechanism, ways[i].mechanism))
      return g_strdup (_ (ways[i].words));
  return NULL;
}

static const Teller tellers[EST_N_REASONS] = {
  [EST_REASON_SIGN_IN] = tell_sign_in,
  [EST_REASON_BUDGET] = est_wording_budget,
};

char *
est_wording_particulars (EstReason reason, const char *figures)
{
  if (figures == NULL || *figures == '\0' || tellers[reason] == NULL)
    return NULL;
  return tellers[reason](figures);
}
