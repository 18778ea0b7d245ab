/* The EHLO keywords we know, as a table. */
#include "mail/capabilities.h"

#include <string.h>

/* More mechanisms than exist: a server that lists more wants to waste our time. */
#define MECHANISM_LIMIT 64

/* A limit that is no number, or too large for one, is as good as none. */
static void
note_size (EstCapabilities *capabilities, char **words, GPtrArray *mechanisms)
{
  guint64 limit = 0;

  capabilities->size = TRUE;
  if (words[0] != NULL)
    g_ascii_string_to_unsigned (words[0], 10, 0, G_MAXUINT64, &limit, NULL);
  capabilities->size_limit = limit;
}

/* RFC 4422 3.1 */
static gboolean
is_mechanism (const char *word)
{
  gsize length = strspn (word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

  return length > 0 && length <= 20 && word[length] == '\0';
}

static void
note_auth (EstCapabilities *capabilities, char **words, GPtrArray *mechanisms)
{
  for (; *words != NULL && mechanisms->len < MECHANISM_LIMIT; words++)
    if (is_mechanism (*words)
        && !g_ptr_array_find_with_equal_func (mechanisms, *words, g_str_equal, NULL))
      g_ptr_array_add (mechanisms, g_strdup (*words));
}

/* RFC 2852 3: mail that must be there sooner is refused. */
static void
note_deliver_by (EstCapabilities *capabilities, char **words, GPtrArray *mechanisms)
{
  guint64 least = 0;

  capabilities->parameters |= EST_EXTENSION_DELIVERBY;
  if (words[0] != NULL)
    g_ascii_string_to_unsigned (words[0], 10, 0, G_MAXINT32, &least, NULL);
  capabilities->deliver_by_least = (gint64) least;
}

#define LIMIT_DIGITS 6

/* RFC 9422 4: what does not look like a limit is as good as none, and so is 0. */
static guint
read_limit (const char *text)
{
  gsize length = strspn (text, "0123456789");
  if (text[length] != '\0' || length == 0 || length > LIMIT_DIGITS || text[0] == '0')
    return 0;
  return (guint) g_ascii_strtoull (text, NULL, 10);
}

/* Of several that are stated the smallest holds. */
static void
note_limit (guint *limit, const char *text)
{
  guint stated = read_limit (text);
  if (stated > 0 && (*limit == 0 || stated < *limit))
    *limit = stated;
}

static void
note_limits (EstCapabilities *capabilities, char **words, GPtrArray *mechanisms)
{
  const struct
  {
    const char *name;
    guint *limit;
  } limits[] = {
    {"MAILMAX=",       &capabilities->mail_max       },
    {"RCPTMAX=",       &capabilities->rcpt_max       },
    {"RCPTDOMAINMAX=", &capabilities->rcpt_domain_max},
  };
  for (; *words != NULL; words++)
    for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
      if (g_str_has_prefix (*words, limits[i].name))
        note_limit (limits[i].limit, *words + strlen (limits[i].name));
}

/* RFC 4865 4: both bounds must be there. What is no offer to the letter is none: mail
   would leave before its time. */
static void
note_future_release (EstCapabilities *capabilities, char **words, GPtrArray *mechanisms)
{
  guint64 longest = 0;
  g_autoptr (GDateTime) latest = words[0] != NULL && words[1] != NULL
                                   ? g_date_time_new_from_iso8601 (words[1], NULL)
                                   : NULL;
  if (latest == NULL
      || !g_ascii_string_to_unsigned (words[0], 10, 1, G_MAXINT32, &longest, NULL))
    return;
  capabilities->parameters |= EST_EXTENSION_FUTURERELEASE;
  capabilities->hold_longest = (gint64) longest;
  capabilities->hold_latest = g_date_time_to_unix (latest) * G_USEC_PER_SEC;
}

typedef struct
{
  const char *name;
  EstExtensions parameters; /* that come with it */
  gsize flag; /* offset in EstCapabilities, used where there is no function */
  void (*note) (EstCapabilities *capabilities, char **words, GPtrArray *mechanisms);
} Keyword;

#define FLAG(name) G_STRUCT_OFFSET (EstCapabilities, name)

static const Keyword keywords[] = {
  {"STARTTLS",            0,                         FLAG (starttls),        NULL               },
  {"PIPELINING",          0,                         FLAG (pipelining),      NULL               },
  {"8BITMIME",            0,                         FLAG (eight_bit_mime),  NULL               },
  {"ENHANCEDSTATUSCODES", 0,                         FLAG (enhanced_status), NULL               },
  {"CHUNKING",            0,                         FLAG (chunking),        NULL               },
  {"BINARYMIME",          0,                         FLAG (binary_mime),     NULL               },
  {"DSN",                 EST_EXTENSION_DSN,         0,                      NULL               },
  {"SMTPUTF8",            EST_EXTENSION_SMTPUTF8,    0,                      NULL               },
  {"REQUIRETLS",          EST_EXTENSION_REQUIRETLS,  0,                      NULL               },
  {"MT-PRIORITY",         EST_EXTENSION_MT_PRIORITY, 0,                      NULL               },
  {"DELIVERBY",           0,                         0,                      note_deliver_by    },
  {"FUTURERELEASE",       0,                         0,                      note_future_release},
  {"SIZE",                0,                         0,                      note_size          },
  {"LIMITS",              0,                         0,                      note_limits        },
  {"AUTH",                0,                         0,                      note_auth          },
};

static void
apply (const Keyword *keyword,
       EstCapabilities *capabilities,
       char **words,
       GPtrArray *mechanisms)
{
  if (keyword->note != NULL)
    keyword->note (capabilities, words, mechanisms);
  else if (keyword->parameters != 0)
    capabilities->parameters |= keyword->parameters;
  else
    G_STRUCT_MEMBER (gboolean, capabilities, keyword->flag) = TRUE;
}

/* The words of a line, upper case; an "=" behind AUTH counts as a blank. */
static GPtrArray *
split_words (const char *line)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  const char *separators = g_ascii_strncasecmp (line, "AUTH=", 5) == 0 ? " =" : " ";

  while (*(line += strspn (line, separators)) != '\0')
    {
      gsize length = strcspn (line, separators);
      g_ptr_array_add (words, g_ascii_strup (line, length));
      line += length;
    }
  g_ptr_array_add (words, NULL);
  return words;
}

static void
note_line (EstCapabilities *capabilities, const char *line, GPtrArray *mechanisms)
{
  g_autoptr (GPtrArray) array = split_words (line);
  char **words = (char **) array->pdata;

  for (gsize i = 0; words[0] != NULL && i < G_N_ELEMENTS (keywords); i++)
    if (g_str_equal (words[0], keywords[i].name))
      apply (&keywords[i], capabilities, words + 1, mechanisms);
}

EstCapabilities *
est_capabilities_parse (const EstReply *ehlo)
{
  EstCapabilities *capabilities = g_new0 (EstCapabilities, 1);
  GPtrArray *mechanisms = g_ptr_array_new ();
  g_auto (GStrv) lines = g_strsplit (ehlo->text, "\n", -1);

  /* The first line is the server's name and greeting, whatever it looks like. */
  for (char **line = lines; *line != NULL; line++)
    if (line > lines)
      note_line (capabilities, *line, mechanisms);
  g_ptr_array_add (mechanisms, NULL);
  capabilities->mechanisms = (char **) g_ptr_array_free (mechanisms, FALSE);
  return capabilities;
}

void
est_capabilities_free (EstCapabilities *capabilities)
{
  g_strfreev (capabilities->mechanisms);
  g_free (capabilities);
}
