/* One function per reason that has figures. */
#include "wording/particulars.h"

#include "wording/figure.h"

#include <glib/gi18n.h>

typedef char *(*Teller) (const char *figures);

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
  [EST_REASON_TOO_LARGE] = tell_size,
  [EST_REASON_INCAPABLE] = tell_obstacle,
};

char *
est_wording_particulars (EstReason reason, const char *figures)
{
  if (figures == NULL || *figures == '\0' || tellers[reason] == NULL)
    return NULL;
  return tellers[reason](figures);
}
