/* Kinds of secrets and sources, in sentences. */
#include "wording/secrets.h"

#include <glib/gi18n.h>
#include <string.h>

static const struct
{
  const char *secret;
  const char *words; /* "%s": the provider */
} kinds[] = {
  {"app-password",
   N_ ("%s takes no usual password from mail programs, but an app password: one that is "
       "made for one program.")                                                        },
  {"oauth-or-app-password",
   N_ ("%s takes no usual password from mail programs, but an app password: one that is "
       "made for one program.")                                                        },
  {"oauth",
   N_ ("%s takes no password from mail programs: they sign in at a web page (OAuth2).")},
  {"bridge",
   N_ ("%s is reached through its own program on this computer (Bridge), which also says "
       "the port and the password.")                                                   },
};

static const struct
{
  const char *note;
  const char *words;
} notes[] = {
  {"two-step",       N_ ("With two-step sign-in an app password is needed.")          },
  {"two-step-first", N_ ("It can be made once two-step sign-in is switched on there.")},
  {"switch-on",
   N_ ("Access for mail programs (IMAP and SMTP) has to be switched on first, in the "
       "settings of the mailbox.")                                                    },
};

static const struct
{
  const char *source;
  const char *words;
} sources[] = {
  {"said",          N_ ("your own word")                                       },
  {"table",         N_ ("Estafeta’s list of providers")                      },
  {"desktop",       N_ ("your mail programs")                                  },
  {"pacc",          N_ ("the provider’s web server, confirmed by its DNS")   },
  {"autoconfig",    N_ ("the provider’s web server")                         },
  {"ispdb",         N_ ("Mozilla’s list of providers")                       },
  {"mx",            N_ ("where mail for the domain comes in (unsigned DNS)")   },
  {"autoconfig-mx",
   N_ ("the web server of whoever takes in mail for the domain (unsigned DNS)")},
  {"ispdb-mx",      N_ ("Mozilla’s list of providers, for whoever takes in mail for the "
                   "domain (unsigned DNS)")                      },
  {"guess",         N_ ("a guess")                                             },
  {"srv",           N_ ("the domain’s DNS (unsigned)")                       },
};

static void
append (GString *all, const char *sentence)
{
  if (all->len > 0)
    g_string_append_c (all, '\n');
  g_string_append (all, sentence);
}

static void
append_kind (GString *all, const EstSecretKind *kind)
{
  const char *provider = kind->provider != NULL && *kind->provider != '\0'
                           ? kind->provider
                           : _ ("This provider");
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kind->secret, kinds[i].secret) == 0)
      {
        g_autofree char *words = g_strdup_printf (_ (kinds[i].words), provider);
        append (all, words);
      }
}

static void
append_notes (GString *all, const EstSecretKind *kind)
{
  g_auto (GStrv) list = g_strsplit (kind->note != NULL ? kind->note : "", ";", -1);
  for (gsize i = 0; i < G_N_ELEMENTS (notes); i++)
    if (g_strv_contains ((const char *const *) list, notes[i].note))
      append (all, _ (notes[i].words));
}

char *
est_wording_secret_kind (const EstSecretKind *kind)
{
  g_autoptr (GString) all = g_string_new (NULL);
  append_kind (all, kind);
  append_notes (all, kind);
  if (kind->page != NULL && *kind->page != '\0')
    {
      /* TRANSLATORS: the address of a web page */
      g_autofree char *page
        = g_strdup_printf (_ ("An app password is made at %s"), kind->page);
      append (all, page);
    }
  return all->len > 0 ? g_string_free (g_steal_pointer (&all), FALSE) : NULL;
}

const char *
est_wording_source (const char *source)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    if (g_str_equal (source, sources[i].source))
      return _ (sources[i].words);
  return source;
}

const char *
est_wording_origin (const char *source, const char *where)
{
  return g_str_equal (source, "desktop") && *where != '\0' ? where
                                                           : est_wording_source (source);
}
