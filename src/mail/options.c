/* One table of parameters for MAIL and one for RCPT, and back. */
#include "mail/options.h"

#include "mail/command.h"
#include "mail/mail-error.h"
#include "mail/xtext.h"

#include <string.h>

#define ID_LIMIT        100 /* octets (RFC 3461 4.4) */
#define ORIGINAL_LIMIT  500 /* octets (RFC 3461 4.2) */
#define INTERVAL_DIGITS 9   /* RFC 2852 4, RFC 4865 4.1 */

/* What is being read: one of the two, and when. */
typedef struct
{
  EstMailOptions *mail;
  EstRcptOptions *rcpt;
  gint64 now;
} Reading;

/* FALSE: not what the RFC says. A value is "" where there is none. */
typedef gboolean (*Take) (Reading *reading, const char *value);

typedef struct
{
  const char *key;
  EstExtensions extension; /* 0: always there */
  Take take;
} Parameter;

static gboolean
is_word (const char *value, const char *word)
{
  return g_ascii_strcasecmp (value, word) == 0;
}

static gboolean
take_size (Reading *reading, const char *value)
{
  return g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT64, &reading->mail->size,
                                     NULL);
}

static gboolean
take_body (Reading *reading, const char *value)
{
  if (is_word (value, "7BIT"))
    reading->mail->body = EST_BODY_7BIT;
  else if (is_word (value, "8BITMIME"))
    reading->mail->body = EST_BODY_8BITMIME;
  else if (is_word (value, "BINARYMIME"))
    reading->mail->body = EST_BODY_BINARYMIME;
  else
    return FALSE;
  return TRUE;
}

static gboolean
take_utf8 (Reading *reading, const char *value)
{
  reading->mail->utf8 = TRUE;
  return *value == '\0';
}

static gboolean
take_tls (Reading *reading, const char *value)
{
  reading->mail->tls = TRUE;
  return *value == '\0';
}

static gboolean
take_report (Reading *reading, const char *value)
{
  if (is_word (value, "FULL"))
    reading->mail->report = EST_RETURN_FULL;
  else if (is_word (value, "HDRS"))
    reading->mail->report = EST_RETURN_HEADERS;
  else
    return FALSE;
  return TRUE;
}

static gboolean
take_id (Reading *reading, const char *value)
{
  reading->mail->id = g_strdup (value);
  return *value != '\0' && strlen (value) <= ID_LIMIT
         && est_xtext_is_valid (value, FALSE);
}

/* RFC 4954 5: what a client says about who it speaks for is no proof of anything. */
static gboolean
take_author (Reading *reading, const char *value)
{
  return *value != '\0' && est_xtext_is_valid (value, FALSE);
}

static gboolean
take_priority (Reading *reading, const char *value)
{
  gint64 number;
  const char *digits = value + (*value == '+' || *value == '-');
  if (strlen (digits) != 1 || !g_ascii_isdigit (*digits))
    return FALSE;
  number = *digits - '0';
  reading->mail->priority = (int) (*value == '-' ? -number : number);
  return TRUE;
}

/* At the end of the number, or NULL. */
static const char *
read_interval (const Reading *reading, const char *value, gint64 *time)
{
  gboolean negative = *value == '-';
  const char *digits = value + (*value == '+' || negative);
  gsize length = strspn (digits, "0123456789");
  gsize limit = reading->now != 0 ? INTERVAL_DIGITS : INTERVAL_DIGITS + 2;
  if (length == 0 || length > limit)
    return NULL;
  gint64 seconds = g_ascii_strtoll (digits, NULL, 10);
  *time = reading->now + (negative ? -seconds : seconds) * G_USEC_PER_SEC;
  return digits + length;
}

/* "120;R", "-5;N", "60;RT". Mail that must be back already cannot be taken (RFC 2852 4).
 */
static gboolean
take_deliver_by (Reading *reading, const char *value)
{
  EstMailOptions *mail = reading->mail;
  const char *mode = read_interval (reading, value, &mail->deliver_by);
  if (mode == NULL || *mode != ';')
    return FALSE;
  char letter = g_ascii_toupper (mode[1]);
  mail->by_returns = letter == 'R';
  mail->by_traces = letter != '\0' && g_ascii_toupper (mode[2]) == 'T';
  if ((letter != 'R' && letter != 'N') || mode[mail->by_traces ? 3 : 2] != '\0')
    return FALSE;
  return !mail->by_returns || mail->deliver_by > reading->now;
}

static gboolean
is_near_enough (const Reading *reading)
{
  gint64 limit = EST_LONGEST_HOLD * (gint64) G_USEC_PER_SEC;
  return reading->mail->not_before <= reading->now + limit;
}

static gboolean
take_hold_for (Reading *reading, const char *value)
{
  const char *end = g_ascii_isdigit (*value)
                      ? read_interval (reading, value, &reading->mail->not_before)
                      : NULL;
  return end != NULL && *end == '\0' && is_near_enough (reading);
}

/* RFC 3339 with a zone; one that is past means now. */
static gboolean
take_hold_until (Reading *reading, const char *value)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (value, NULL);
  if (time == NULL || strchr (value, '-') == NULL || strchr (value, ':') == NULL)
    return FALSE;
  reading->mail->not_before
    = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return is_near_enough (reading);
}

static EstNotify
notify_from_word (const char *word)
{
  static const char *const words[] = {"NEVER", "SUCCESS", "FAILURE", "DELAY"};
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (is_word (word, words[i]))
      return (EstNotify) (1 << i);
  return EST_NOTIFY_UNSAID;
}

/* NEVER stands alone (RFC 3461 4.1). */
static gboolean
take_notify (Reading *reading, const char *value)
{
  g_auto (GStrv) words = g_strsplit (value, ",", -1);
  EstNotify all = EST_NOTIFY_UNSAID;
  for (char **word = words; *word != NULL; word++)
    {
      EstNotify one = notify_from_word (*word);
      if (one == EST_NOTIFY_UNSAID || (all & one) != 0)
        return FALSE;
      all |= one;
    }
  reading->rcpt->notify = all;
  return all != EST_NOTIFY_UNSAID
         && ((all & EST_NOTIFY_NEVER) == 0 || all == EST_NOTIFY_NEVER);
}

/* "rfc822;a@b" or, with RFC 6533, "utf-8;..." */
static gboolean
take_original (Reading *reading, const char *value)
{
  const char *stop = strchr (value, ';');
  gboolean letters = g_ascii_strncasecmp (value, "utf-8;", 6) == 0;
  reading->rcpt->original = g_strdup (value);
  return stop != NULL && stop > value && stop[1] != '\0'
         && strlen (value) <= ORIGINAL_LIMIT && est_xtext_is_valid (stop + 1, letters)
         && strspn (value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "0123456789-")
              == (gsize) (stop - value);
}

static const Parameter mail_parameters[] = {
  {"SIZE",        0,                           take_size      },
  {"BODY",        0,                           take_body      },
  {"AUTH",        0,                           take_author    },
  {"SMTPUTF8",    EST_EXTENSION_SMTPUTF8,      take_utf8      },
  {"REQUIRETLS",  EST_EXTENSION_REQUIRETLS,    take_tls       },
  {"RET",         EST_EXTENSION_DSN,           take_report    },
  {"ENVID",       EST_EXTENSION_DSN,           take_id        },
  {"MT-PRIORITY", EST_EXTENSION_MT_PRIORITY,   take_priority  },
  {"BY",          EST_EXTENSION_DELIVERBY,     take_deliver_by},
  {"HOLDFOR",     EST_EXTENSION_FUTURERELEASE, take_hold_for  },
  {"HOLDUNTIL",   EST_EXTENSION_FUTURERELEASE, take_hold_until},
  {NULL,          0,                           NULL           },
};

static const Parameter rcpt_parameters[] = {
  {"NOTIFY", EST_EXTENSION_DSN, take_notify  },
  {"ORCPT",  EST_EXTENSION_DSN, take_original},
  {NULL,     0,                 NULL         },
};

static gboolean
complain (GError **error, EstMailError code, const char *what, const char *key)
{
  g_set_error (error, EST_MAIL_ERROR, (int) code, "%s: %s", key, what);
  return FALSE;
}

/* @seen: which of the table have come, as bits. The two ways to hold are one parameter:
   RFC 4865 4.1 wants only one of them. */
static gboolean
take (Reading *reading,
      const Parameter *table,
      const EstParameter *given,
      EstExtensions offered,
      guint *seen,
      GError **error)
{
  const Parameter *each = table;
  while (each->key != NULL && strcmp (each->key, given->key) != 0)
    each++;
  if (each->key == NULL)
    return complain (error, EST_MAIL_ERROR_UNSUPPORTED, "not supported", "parameter");
  if ((each->extension & ~offered) != 0)
    return complain (error, EST_MAIL_ERROR_UNSUPPORTED, "not offered here", each->key);
  guint bit
    = each->extension == EST_EXTENSION_FUTURERELEASE ? 1U << 31 : 1U << (each - table);
  if ((*seen & bit) != 0)
    return complain (error, EST_MAIL_ERROR_SYNTAX, "given twice", each->key);
  *seen |= bit;
  if (!each->take (reading, given->value != NULL ? given->value : ""))
    return complain (error, EST_MAIL_ERROR_SYNTAX, "malformed", each->key);
  return TRUE;
}

static gboolean
take_all (Reading *reading,
          const Parameter *table,
          const char *text,
          EstExtensions offered,
          GError **error)
{
  guint seen = 0;
  for (gboolean good = TRUE; good;)
    {
      EstParameter given = {0};
      if (!est_parameter_next (&text, &given, error))
        return FALSE;
      if (given.key == NULL)
        return TRUE;
      good = take (reading, table, &given, offered, &seen, error);
      est_parameter_clear (&given);
    }
  return FALSE;
}

gboolean
est_mail_options_parse (EstMailOptions *options,
                        const char *text,
                        EstExtensions offered,
                        gint64 now,
                        GError **error)
{
  Reading reading = {.mail = options, .now = now};
  return take_all (&reading, mail_parameters, text, offered, error);
}

gboolean
est_rcpt_options_parse (EstRcptOptions *options,
                        const char *text,
                        EstExtensions offered,
                        GError **error)
{
  Reading reading = {.rcpt = options};
  return take_all (&reading, rcpt_parameters, text, offered, error);
}

/* What is left is rounded down: what is late by a fraction is late. A time that is kept
   is rounded up, so that nothing comes back before it. */
static void
append_deliver_by (GString *text, const EstMailOptions *options, gint64 now)
{
  gint64 left = options->deliver_by - now, rest = left % G_USEC_PER_SEC;
  gint64 seconds = left / G_USEC_PER_SEC - (rest < 0) + (now == 0 && rest > 0);
  g_string_append_printf (text, " BY=%" G_GINT64_FORMAT ";%s%s", seconds,
                          options->by_returns ? "R" : "N", options->by_traces ? "T" : "");
}

/* In whole seconds, and none too early. */
static void
append_hold_until (GString *text, gint64 time)
{
  gint64 seconds = (time + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
  g_autoptr (GDateTime) until = g_date_time_new_from_unix_utc (seconds);
  g_autofree char *words
    = until != NULL ? g_date_time_format (until, "%Y-%m-%dT%H:%M:%SZ") : NULL;
  if (words != NULL)
    g_string_append_printf (text, " HOLDUNTIL=%s", words);
}

char *
est_mail_options_format (const EstMailOptions *options, EstExtensions offered, gint64 now)
{
  GString *text = g_string_new (NULL);
  gboolean reports = (offered & EST_EXTENSION_DSN) != 0;
  if (options->utf8 && (offered & EST_EXTENSION_SMTPUTF8) != 0)
    g_string_append (text, " SMTPUTF8");
  if (options->tls && (offered & EST_EXTENSION_REQUIRETLS) != 0)
    g_string_append (text, " REQUIRETLS");
  if (reports && options->report != EST_RETURN_UNSAID)
    g_string_append (text,
                     options->report == EST_RETURN_FULL ? " RET=FULL" : " RET=HDRS");
  if (reports && options->id != NULL)
    g_string_append_printf (text, " ENVID=%s", options->id);
  if (options->priority != 0 && (offered & EST_EXTENSION_MT_PRIORITY) != 0)
    g_string_append_printf (text, " MT-PRIORITY=%d", options->priority);
  if (options->deliver_by != 0 && (offered & EST_EXTENSION_DELIVERBY) != 0)
    append_deliver_by (text, options, now);
  if (now != 0 && options->not_before > now
      && (offered & EST_EXTENSION_FUTURERELEASE) != 0)
    append_hold_until (text, options->not_before);
  return g_string_free (text, FALSE);
}

static void
append_notify (GString *text, EstNotify notify)
{
  static const char *const words[] = {"NEVER", "SUCCESS", "FAILURE", "DELAY"};
  const char *separator = " NOTIFY=";
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if ((notify & (1U << i)) != 0)
      {
        g_string_append_printf (text, "%s%s", separator, words[i]);
        separator = ",";
      }
}

char *
est_rcpt_options_format (const EstRcptOptions *options, EstExtensions offered)
{
  GString *text = g_string_new (NULL);
  if ((offered & EST_EXTENSION_DSN) != 0)
    {
      append_notify (text, options->notify);
      if (options->original != NULL
          && ((offered & EST_EXTENSION_SMTPUTF8) != 0
              || g_str_is_ascii (options->original)))
        g_string_append_printf (text, " ORCPT=%s", options->original);
    }
  return g_string_free (text, FALSE);
}

void
est_mail_options_clear (EstMailOptions *options)
{
  g_free (options->id);
  *options = (EstMailOptions){0};
}

void
est_rcpt_options_clear (EstRcptOptions *options)
{
  g_free (options->original);
  *options = (EstRcptOptions){0};
}
