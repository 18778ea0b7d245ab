/* Reads one group of the settings file into a struct, by a table of its keys. A complaint
   names group and key and says what to write instead. */
#pragma once

#include "account/settings.h"

typedef struct EstKey EstKey;
struct EstKey
{
  const char *name;
  /* Puts @value into the zeroed or preset @field; returns NULL, or what the value must
     be: "must be ...", without full stop. */
  char *(*read) (const EstKey *key, const char *value, gpointer field);
  gsize offset; /* of the field in the struct */
  guint64 least;
  guint64 most;
};

/* @keys ends with a NULL name. Fields whose key is not in the file keep what they
   have. */
gboolean est_group_read (
  GKeyFile *file, const char *group, const EstKey *keys, gpointer target, GError **error);

/* Ready-made readers: whole numbers from least to most into guint and guint16; octets,
   with K, M or G behind them (KiB and so on), into guint64; yes or no into gboolean; one
   word or text into char *; a list separated by ";" into char **; the same of mail
   addresses and whole domains ("*@example.org"), or none. */
char *est_key_read_number (const EstKey *key, const char *value, gpointer field);
char *est_key_read_port (const EstKey *key, const char *value, gpointer field);
char *est_key_read_size (const EstKey *key, const char *value, gpointer field);
char *est_key_read_boolean (const EstKey *key, const char *value, gpointer field);
char *est_key_read_text (const EstKey *key, const char *value, gpointer field);
char *est_key_read_list (const EstKey *key, const char *value, gpointer field);
char *est_key_read_addresses (const EstKey *key, const char *value, gpointer field);
