#include "wording/sign-in.h"

#include <glib/gi18n.h>

static const struct
{
  const char *what;
  const char *sentence;
} sentences[] = {
  {"denied",         N_ ("The page did not let Estafeta in: somebody said no.")             },
  {"expired",        N_ ("Nobody signed in before the time was over.")                      },
  {"invalid-grant",  N_ ("The provider does not know this sign-in any more; begin anew.")   },
  {"client",         N_ ("The provider does not let this program sign in for you.")         },
  {"client-missing",
   N_ (
     "This provider wants to know every program beforehand, and does not know this one: "
     "“oauth-client” in estafeta.conf(5) names one that it knows, and “token-command” "
     "has a program of yours sign in.")                                                     },
  {"unreachable",
   N_ ("The provider’s server for signing in cannot be reached at the moment.")           },
  {"server",
   N_ ("The provider’s server for signing in has trouble at the moment; try it later.")   },
  {"answer",         N_ ("What answers in place of the provider’s server makes no sense.")},
  {"no-refresh",
   N_ ("The provider lets Estafeta in for an hour only, which is of no use for mail that "
       "leaves by itself.")                                                                 },
  {"refused",        N_ ("The provider refused that.")                                      },
  {"keyring-locked", N_ ("The keyring is locked, so that the sign-in cannot be kept. "
                         "Unlock it and try again.")                    },
  {"no-keyring",
   N_ (
     "No keyring answers, so that the sign-in cannot be kept. Start one (GNOME Keyring, "
     "KeePassXC or KWallet) and try again.")                                                },
  {"settings",       N_ ("What was found cannot be written into the settings.")             },
};

const char *
est_wording_sign_in (const char *what)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (g_str_equal (what, sentences[i].what))
      return _ (sentences[i].sentence);
  return _ ("Signing in came to nothing.");
}
