/* Keys by table. */
#include "desktop/selection-values.h"

typedef gboolean (*Take) (GVariant *value, gpointer place);

typedef struct
{
  const char *key;
  const char *type;
  Take take;
  gsize place;
} Key;

static gboolean
take_text (GVariant *value, gpointer place)
{
  *(const char **) place = g_variant_get_string (value, NULL);
  return TRUE;
}

/* Seconds on the bus, microseconds inside; never 0, which is no bound at all there. */
static gboolean
take_time (GVariant *value, gpointer place)
{
  gint64 seconds = g_variant_get_int64 (value);
  gint64 when = CLAMP (seconds, 0, G_MAXINT64 / G_USEC_PER_SEC) * G_USEC_PER_SEC;
  *(gint64 *) place = MAX (when, 1);
  return TRUE;
}

static gboolean
take_id (GVariant *value, gpointer place)
{
  *(gint64 *) place = (gint64) MIN (g_variant_get_uint64 (value), G_MAXINT64);
  return TRUE;
}

static gboolean
take_reason (GVariant *value, gpointer place)
{
  EstReason reason = est_reason_from_nick (g_variant_get_string (value, NULL));
  *(EstReason *) place = reason;
  return reason != EST_REASON_NONE;
}

static gboolean
take_state (const char *nick, guint *states)
{
  for (EstState state = 0; state < EST_N_STATES; state++)
    if (g_str_equal (nick, est_state_nick (state)))
      {
        *states |= EST_STATE_BIT (state);
        return TRUE;
      }
  return FALSE;
}

static gboolean
take_states (GVariant *value, gpointer place)
{
  g_autofree const char **nicks = g_variant_get_strv (value, NULL);
  for (const char **nick = nicks; *nick != NULL; nick++)
    if (!take_state (*nick, place))
      return FALSE;
  return *nicks != NULL; /* none would be any */
}

/* The vector is new, its strings are not. */
static gboolean
take_texts (GVariant *value, gpointer place)
{
  *(const char ***) place = g_variant_get_strv (value, NULL);
  return TRUE;
}

static gboolean
take_flag (GVariant *value, gpointer place)
{
  *(gboolean *) place = g_variant_get_boolean (value);
  return TRUE;
}

static gboolean
take_one (
  const Key *keys, const char *name, GVariant *value, gpointer target, GError **error)
{
  for (const Key *key = keys; key->key != NULL; key++)
    if (g_str_equal (key->key, name)
        && g_variant_is_of_type (value, G_VARIANT_TYPE (key->type))
        && key->take (value, (char *) target + key->place))
      return TRUE;
  g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
               "\"%s\" is no key there is, or cannot have this value", name);
  return FALSE;
}

static gboolean
take_all (const Key *keys, GVariant *filter, gpointer target, GError **error)
{
  GVariantIter iterator;
  const char *name;
  GVariant *value;
  g_variant_iter_init (&iterator, filter);
  while (g_variant_iter_next (&iterator, "{&sv}", &name, &value))
    {
      g_autoptr (GVariant) owned = value; /* what is borrowed belongs to @filter */
      if (!take_one (keys, name, owned, target, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
est_selection_read (EstSelection *selection,
                    GVariant *ids,
                    GVariant *filter,
                    GError **error)
{
#define PLACE(field) G_STRUCT_OFFSET (EstSelection, field)
  static const Key keys[] = {
    {"states",  "as", take_states, PLACE (states) },
    {"account", "s",  take_text,   PLACE (account)},
    {"reason",  "s",  take_reason, PLACE (reason) },
    {"program", "s",  take_text,   PLACE (program)},
    {"since",   "x",  take_time,   PLACE (since)  },
    {"until",   "x",  take_time,   PLACE (until)  },
    {"text",    "s",  take_text,   PLACE (text)   },
    {NULL,      NULL, NULL,        0              },
  };
#undef PLACE
  *selection = (EstSelection){0};
  if (ids != NULL)
    selection->ids = g_variant_get_fixed_array (ids, &selection->n_ids, sizeof (gint64));
  return take_all (keys, filter, selection, error);
}

gboolean
est_journal_search_read (EstJournalSearch *search, GVariant *filter, GError **error)
{
#define PLACE(field) G_STRUCT_OFFSET (EstJournalSearch, field)
  static const Key keys[] = {
    {"message", "t",  take_id,   PLACE (message)},
    {"account", "s",  take_text, PLACE (account)},
    {"since",   "x",  take_time, PLACE (since)  },
    {"until",   "x",  take_time, PLACE (until)  },
    {"text",    "s",  take_text, PLACE (text)   },
    {NULL,      NULL, NULL,      0              },
  };
#undef PLACE
  *search = (EstJournalSearch){0};
  return take_all (keys, filter, search, error);
}

gboolean
est_import_read (EstImport *import, GVariant *options, GError **error)
{
#define PLACE(field) G_STRUCT_OFFSET (EstImport, field)
  static const Key keys[] = {
    {"sender",     "s",  take_text,  PLACE (sender)    },
    {"recipients", "as", take_texts, PLACE (recipients)},
    {"hold",       "b",  take_flag,  PLACE (held)      },
    {NULL,         NULL, NULL,       0                 },
  };
#undef PLACE
  *import = (EstImport){0};
  return take_all (keys, options, import, error);
}
