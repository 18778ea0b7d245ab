/* One function per reason that has figures. */
#include "wording/particulars.h"

#include "wording/budget.h"
#include "wording/figure.h"
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

/* Sizes that look the same when they are rounded are told to the octet. */
static char *
tell_both (guint64 size, guint64 limit)
{
  g_autofree char *has = est_wording_size ((gint64) MIN (size, G_MAXINT64));
  g_autofree char *takes = est_wording_size ((gint64) MIN (limit, G_MAXINT64));
  if (g_str_equal (has, takes))
    {
      g_free (has);
      g_free (takes);
      has = g_format_size_full (size, G_FORMAT_SIZE_LONG_FORMAT);
      takes = g_format_size_full (limit, G_FORMAT_SIZE_LONG_FORMAT);
    }
  /* TRANSLATORS: two sizes: "31.2 MB" */
  return g_strdup_printf (_ ("It has %s, the server takes %s."), has, takes);
}

/* "SIZE LIMIT"; a limit that the message keeps to is not the one that was meant. */
static char *
tell_size (const char *figures)
{
  guint64 size, limit;
  g_auto (GStrv) words = g_strsplit (figures, " ", 3);
  if (g_strv_length (words) != 2
      || !g_ascii_string_to_unsigned (words[0], 10, 1, G_MAXUINT64, &size, NULL)
      || !g_ascii_string_to_unsigned (words[1], 10, 0, G_MAXUINT64, &limit, NULL))
    return NULL;
  if (limit > 0 && limit < size)
    return tell_both (size, limit);
  g_autofree char *has = est_wording_size ((gint64) MIN (size, G_MAXINT64));
  /* TRANSLATORS: %s is a size: "31.2 MB" */
  return g_strdup_printf (_ ("It has %s."), has);
}

/* What the message needs and the server lacks. */
static const struct
{
  const char *figures;
  const char *sentence;
} obstacles[] = {
  {"8bit-signed",
   N_ ("It takes 7-bit text only, and what is signed or encrypted cannot be "
       "rewritten.")                                                                    },
  {"8bit-header",
   N_ ("It takes 7-bit text only, and the header of the message holds other "
       "letters as they are.")                                                          },
  {"8bit-unclear",   N_ ("It takes 7-bit text only, and the message is built in a way that "
                       "does not let it be rewritten.")               },
  {"binary-signed",
   N_ ("It takes lines of text only, and what is signed cannot be rewritten.")          },
  {"binary-unclear", N_ ("It takes lines of text only, and the message is built in a way "
                         "that does not let it be rewritten.")      },
  {"binary-lines",
   N_ ("It takes lines of text only, and something in the message is not, "
       "and not marked as binary.")                                                     },
  {"utf8-header",    N_ ("It takes no letters beyond ASCII in the header of a message.")},
  {"utf8-sender",    N_ ("It takes no sender’s address with letters beyond ASCII.")   },
  {"utf8-recipient", N_ ("It takes no recipient’s address with letters beyond ASCII.")},
  {"require-tls",
   N_ ("It does not promise encryption on the whole way, which the message "
       "demands.")                                                                      },
  {"deliver-by",     N_ ("It does not promise delivery by a certain time, which the message "
                     "demands.")                                        },
};

static char *
tell_obstacle (const char *figures)
{
  for (gsize i = 0; i < G_N_ELEMENTS (obstacles); i++)
    if (g_str_equal (figures, obstacles[i].figures))
      return g_strdup (_ (obstacles[i].sentence));
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
  [EST_REASON_TOO_LARGE] = tell_size,
  [EST_REASON_INCAPABLE] = tell_obstacle,
  [EST_REASON_BUDGET] = est_wording_budget,
};

char *
est_wording_particulars (EstReason reason, const char *figures)
{
  if (figures == NULL || *figures == '\0' || tellers[reason] == NULL)
    return NULL;
  return tellers[reason](figures);
}
