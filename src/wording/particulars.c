/* One function per reason that has figures. */
#include "wording/particulars.h"

#include "wording/budget.h"
#include "wording/text.h"

#include <glib/gi18n.h>
#include <string.h>

#define NAME_LIMIT 80 /* characters of each word that a stranger wrote */

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

/* What follows @word and a blank in @figures; NULL: they begin with something else, or
   nothing follows. */
static const char *
after (const char *figures, const char *word)
{
  gsize length = strlen (word);
  if (!g_str_has_prefix (figures, word) || figures[length] != ' '
      || figures[length + 1] == '\0')
    return NULL;
  return figures + length + 1;
}

/* A day as it is written in the language of the reader; NULL: no day of any calendar. */
static char *
tell_day (const char *seconds)
{
  gint64 when;
  if (!g_ascii_string_to_signed (seconds, 10, G_MININT64, G_MAXINT64, &when, NULL))
    return NULL;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (when);
  if (time == NULL)
    return NULL;
  /* TRANSLATORS: a day, as by strftime(3): "1 February 2020" */
  return g_date_time_format (time, C_ ("day", "%-d %B %Y"));
}

static char *
fill_in (const char *format, char *word)
{
  g_autofree char *taken = word;
  return taken != NULL ? g_strdup_printf (format, taken) : NULL;
}

/* "until 1580515200", "from 1580515200" */
static char *
tell_validity (const char *figures)
{
  const char *until = after (figures, "until");
  const char *from = after (figures, "from");
  if (until != NULL)
    /* TRANSLATORS: of a certificate; %s is a day */
    return fill_in (_ ("It was valid until %s."), tell_day (until));
  if (from != NULL)
    /* TRANSLATORS: of a certificate; %s is a day */
    return fill_in (_ ("It is valid only from %s."), tell_day (from));
  return NULL;
}

/* "other.test www.other.test", and "..." where there are more */
static char *
tell_names (const char *figures)
{
  g_autoptr (GString) list = g_string_new (NULL);
  g_auto (GStrv) names = g_strsplit (figures, " ", 6);
  for (char **name = names; *name != NULL; name++)
    {
      g_autofree char *tame = est_text_tame (*name, NAME_LIMIT);
      gboolean more = g_str_equal (tame, "...");
      if (*tame != '\0')
        g_string_append_printf (list, "%s%s", list->len > 0 && !more ? ", " : "",
                                more ? "…" : tame);
    }
  if (list->len == 0)
    return NULL;
  /* TRANSLATORS: of a certificate; names of servers, divided by commas */
  return g_strdup_printf (_ ("It is for %s."), list->str);
}

/* "self", "by Some Authority" */
static char *
tell_issuer (const char *figures)
{
  const char *issuer = after (figures, "by");
  if (g_str_equal (figures, "self"))
    return g_strdup (_ ("The server made it itself."));
  if (issuer == NULL)
    return NULL;
  /* TRANSLATORS: of a certificate; %s is the name of an authority, or claims to be */
  return fill_in (_ ("“%s” issued it, or so it says."),
                  est_text_tame (issuer, NAME_LIMIT));
}

/* "sha256:..." */
static char *
tell_pin (const char *figures)
{
  /* TRANSLATORS: %s is what identifies a key: "sha256:...=" */
  return fill_in (_ ("Its key is %s."), est_text_tame (figures, NAME_LIMIT));
}

/* "sign-in SCRAM-SHA-256 PLAIN": what falls, from where, and to what */
static char *
tell_fall (const char *figures)
{
  g_auto (GStrv) words = g_strsplit (figures, " ", 4);
  if (g_strv_length (words) != 3)
    return NULL;
  g_autofree char *before = est_text_tame (words[1], NAME_LIMIT);
  g_autofree char *now = est_text_tame (words[2], NAME_LIMIT);
  if (g_str_equal (words[0], "sign-in"))
    /* TRANSLATORS: two ways of signing in, such as SCRAM-SHA-256 and PLAIN */
    return g_strdup_printf (_ ("Signing in was by %s before, and it offers only %s now."),
                            before, now);
  if (g_str_equal (words[0], "tls"))
    /* TRANSLATORS: two versions of encryption, such as TLS1.3 and TLS1.2 */
    return g_strdup_printf (_ ("The encryption was %s before, and it is only %s now."),
                            before, now);
  if (g_str_equal (words[0], "name"))
    return g_strdup (_ ("An authority vouched for its certificate before, and now only "
                        "the DNS does."));
  return NULL;
}

/* "old" */
static char *
tell_age (const char *figures)
{
  if (!g_str_equal (figures, "old"))
    return NULL;
  return g_strdup (_ ("The server knows only encryption that is no longer safe (older "
                      "than TLS 1.2)."));
}

/* "dane" */
static char *
tell_distrust (const char *figures)
{
  if (!g_str_equal (figures, "dane"))
    return NULL;
  return g_strdup (_ ("The signed DNS names another certificate or key for it (DANE)."));
}

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

static const Teller tellers[EST_N_REASONS] = {
  [EST_REASON_TLS] = tell_age,
  [EST_REASON_UNTRUSTED] = tell_distrust,
  [EST_REASON_SIGN_IN] = tell_sign_in,
  [EST_REASON_WEAKER] = tell_fall,
  [EST_REASON_STRANGER] = tell_stranger,
  [EST_REASON_UNCONFIRMED] = tell_pin,
  [EST_REASON_CERTIFICATE_EXPIRED] = tell_validity,
  [EST_REASON_CERTIFICATE_NAME] = tell_names,
  [EST_REASON_CERTIFICATE_ISSUER] = tell_issuer,
  [EST_REASON_PIN] = tell_pin,
  [EST_REASON_PROXY] = tell_proxy,
  [EST_REASON_BUDGET] = est_wording_budget,
};

char *
est_wording_particulars (EstReason reason, const char *figures)
{
  if (figures == NULL || *figures == '\0' || tellers[reason] == NULL)
    return NULL;
  return tellers[reason](figures);
}
