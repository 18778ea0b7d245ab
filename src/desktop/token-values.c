/* Tokens and dictionaries. */
#include "desktop/token-values.h"

#include "account/settings.h"

static void
add (GVariantBuilder *builder, const char *key, GVariant *value)
{
  g_variant_builder_add (builder, "{sv}", key, value);
}

static void
add_list (GVariantBuilder *builder, const char *key, char **words)
{
  if (words != NULL && *words != NULL)
    add (builder, key, g_variant_new_strv ((const char *const *) words, -1));
}

void
est_token_values_add (const EstToken *token, guint used, GVariantBuilder *list)
{
  g_variant_builder_open (list, G_VARIANT_TYPE_VARDICT);
  add (list, "name", g_variant_new_string (token->name));
  add (list, "created", g_variant_new_int64 (token->created));
  add (list, "used", g_variant_new_uint32 (used));
  add_list (list, "senders", token->limits.senders);
  add_list (list, "accounts", token->limits.accounts);
  if (token->limits.per_day > 0)
    add (list, "per-day", g_variant_new_uint32 (token->limits.per_day));
  g_variant_builder_close (list);
}

static gboolean
complain (GError **error, const char *why, const char *what)
{
  g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE, "%s: %s", why, what);
  return FALSE;
}

static gboolean
take_list (GVariant *value, char ***words)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return FALSE;
  g_strfreev (*words);
  *words = g_variant_dup_strv (value, NULL);
  return TRUE;
}

static gboolean
take_number (GVariant *value, guint *number)
{
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    return FALSE;
  *number = g_variant_get_uint32 (value);
  return *number <= EST_TOKEN_MOST_PER_DAY;
}

static gboolean
take_value (const char *key, GVariant *value, EstTokenLimits *limits)
{
  if (g_str_equal (key, "senders"))
    return take_list (value, &limits->senders);
  if (g_str_equal (key, "accounts"))
    return take_list (value, &limits->accounts);
  return g_str_equal (key, "per-day") && take_number (value, &limits->per_day);
}

static gboolean
check_senders (const EstTokenLimits *limits, GError **error)
{
  for (guint i = 0; limits->senders != NULL && limits->senders[i] != NULL; i++)
    if (!est_token_sender_is_valid (limits->senders[i]))
      return complain (error, "this is neither an address nor \"@\" and a domain",
                       limits->senders[i]);
  return TRUE;
}

gboolean
est_token_values_take (GVariant *values, EstTokenLimits *limits, GError **error)
{
  GVariantIter iterator;
  const char *key;
  GVariant *value;
  g_variant_iter_init (&iterator, values);
  while (g_variant_iter_next (&iterator, "{&sv}", &key, &value))
    {
      gboolean taken = take_value (key, value, limits);
      g_variant_unref (value);
      if (!taken)
        return complain (error, "a limit cannot be so", key);
    }
  return check_senders (limits, error);
}
