/* The readers of plain values that any group may use; what only accounts have is read in
   account-group.c. */
#include "account/settings-group.h"
#include "mail/address.h"

static gboolean
parse_number (const EstKey *key, const char *value, guint64 *number)
{
  return g_ascii_string_to_unsigned (value, 10, key->least, key->most, number, NULL);
}

static char *
complain_number (const EstKey *key, const char *value)
{
  return g_strdup_printf ("must be a whole number from %" G_GUINT64_FORMAT
                          " to %" G_GUINT64_FORMAT ", not \"%s\"",
                          key->least, key->most, value);
}

char *
est_key_read_number (const EstKey *key, const char *value, gpointer field)
{
  guint64 number;
  if (!parse_number (key, value, &number))
    return complain_number (key, value);
  *(guint *) field = (guint) number;
  return NULL;
}

char *
est_key_read_port (const EstKey *key, const char *value, gpointer field)
{
  guint64 number;
  if (!parse_number (key, value, &number))
    return complain_number (key, value);
  *(guint16 *) field = (guint16) number;
  return NULL;
}

/* The power of 1024 that @unit stands for, -1 if it is none. */
static int
power_of (const char *unit)
{
  while (*unit == ' ')
    unit++;
  static const char *const units[][3] = {
    {"",  "B",   NULL},
    {"K", "KiB", NULL},
    {"M", "MiB", NULL},
    {"G", "GiB", NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    for (const char *const *name = units[i]; *name != NULL; name++)
      if (g_ascii_strcasecmp (unit, *name) == 0)
        return (int) i;
  return -1;
}

char *
est_key_read_size (const EstKey *key, const char *value, gpointer field)
{
  char *end = NULL;
  guint64 number = g_ascii_isdigit (*value) ? g_ascii_strtoull (value, &end, 10) : 0;
  int power = end != NULL ? power_of (end) : -1;
  gboolean good = power >= 0 && number <= key->most >> (10 * power)
                  && number << (10 * power) >= key->least;
  if (!good)
    return g_strdup_printf ("must be a size from %" G_GUINT64_FORMAT
                            " to %" G_GUINT64_FORMAT
                            " octets, for instance 150 MiB, not \"%s\"",
                            key->least, key->most, value);
  *(guint64 *) field = number << (10 * power);
  return NULL;
}

char *
est_key_read_boolean (const EstKey *key, const char *value, gpointer field)
{
  static const struct
  {
    const char *word;
    gboolean meaning;
  } words[] = {
    {"yes",   TRUE },
    {"no",    FALSE},
    {"true",  TRUE },
    {"false", FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (value, words[i].word) == 0)
      {
        *(gboolean *) field = words[i].meaning;
        return NULL;
      }
  return g_strdup_printf ("must be yes or no, not \"%s\"", value);
}

char *
est_key_read_text (const EstKey *key, const char *value, gpointer field)
{
  if (*value == '\0')
    return g_strdup ("must not be empty; leave the line out instead");
  g_free (*(char **) field);
  *(char **) field = g_strdup (value);
  return NULL;
}

char *
est_key_read_list (const EstKey *key, const char *value, gpointer field)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) parts = g_strsplit (value, ";", -1);
  for (char **part = parts; *part != NULL; part++)
    if (*g_strstrip (*part) != '\0')
      g_strv_builder_add (builder, *part);

  g_strfreev (*(char ***) field);
  *(char ***) field = g_strv_builder_end (builder);
  return NULL;
}

char *
est_key_read_addresses (const EstKey *key, const char *value, gpointer field)
{
  est_key_read_list (key, value, field);
  for (char **address = *(char ***) field; *address != NULL; address++)
    if (!est_address_is_mailbox (*address))
      return g_strdup_printf ("must be mail addresses like you@example.org, separated by "
                              "\";\", but \"%s\" is none",
                              *address);
  return NULL;
}
