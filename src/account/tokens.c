/* The tokens file and its newest state. */
#include "account/tokens.h"

#include "account/file-watch.h"
#include "account/settings-file.h"
#include "account/token-group.h"

#include <string.h>

struct EstTokens
{
  char *path;
  EstFileWatch *watch;
  GMutex mutex;    /* the two below: read by any thread */
  GPtrArray *list; /* NULL: the file cannot be believed */
  GError *problem;
};

static GPtrArray *
load (const char *path, GError **error)
{
  gsize length;
  g_autofree char *text = est_settings_file_read_private (path, &length, error);
  GPtrArray *list = text != NULL ? est_token_group_read_all (text, length, error) : NULL;
  if (text != NULL && list == NULL)
    g_prefix_error (error, "%s: ", path);
  return list;
}

static void
read_file (EstTokens *tokens)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *list = load (tokens->path, &error);
  if (error != NULL)
    g_warning ("no token is believed: %s", error->message);
  g_mutex_lock (&tokens->mutex);
  g_clear_pointer (&tokens->list, g_ptr_array_unref);
  g_clear_error (&tokens->problem);
  tokens->list = list;
  tokens->problem = g_steal_pointer (&error);
  g_mutex_unlock (&tokens->mutex);
}

static void
on_changed (gpointer data)
{
  read_file (data);
}

EstTokens *
est_tokens_new (const char *path)
{
  EstTokens *tokens = g_atomic_rc_box_new0 (EstTokens);
  tokens->path = g_strdup (path);
  g_mutex_init (&tokens->mutex);
  /* Watch first: a change between the two is then read twice instead of never. */
  tokens->watch = est_file_watch_new (path, on_changed, tokens);
  read_file (tokens);
  return tokens;
}

static void
clear (gpointer data)
{
  EstTokens *tokens = data;
  est_file_watch_free (tokens->watch);
  g_clear_pointer (&tokens->list, g_ptr_array_unref);
  g_clear_error (&tokens->problem);
  g_mutex_clear (&tokens->mutex);
  g_free (tokens->path);
}

EstTokens *
est_tokens_ref (EstTokens *tokens)
{
  return g_atomic_rc_box_acquire (tokens);
}

void
est_tokens_unref (EstTokens *tokens)
{
  if (tokens != NULL)
    g_atomic_rc_box_release_full (tokens, clear);
}

GPtrArray *
est_tokens_list (EstTokens *tokens, GError **error)
{
  g_mutex_lock (&tokens->mutex);
  GPtrArray *list = tokens->list != NULL ? g_ptr_array_ref (tokens->list) : NULL;
  if (list == NULL)
    g_propagate_error (error, g_error_copy (tokens->problem));
  g_mutex_unlock (&tokens->mutex);
  return list;
}

static EstToken *
look_up (GPtrArray *list, const char *name)
{
  for (guint i = 0; i < list->len; i++)
    {
      EstToken *token = g_ptr_array_index (list, i);
      if (g_ascii_strcasecmp (token->name, name) == 0)
        return token;
    }
  return NULL;
}

gboolean
est_tokens_find (EstTokens *tokens, const char *name, EstToken **token, GError **error)
{
  g_autoptr (GPtrArray) list = est_tokens_list (tokens, error);
  EstToken *found = list != NULL ? look_up (list, name) : NULL;
  *token = found != NULL ? est_token_ref (found) : NULL;
  return list != NULL;
}

/* The text as it stands, and the tokens in it; nothing is built on a broken file. */
static char *
read_good (EstTokens *tokens, GPtrArray **list, GError **error)
{
  gsize length;
  g_autofree char *text = est_settings_file_read_private (tokens->path, &length, error);
  *list = text != NULL ? est_token_group_read_all (text, length, error) : NULL;
  return *list != NULL ? g_steal_pointer (&text) : NULL;
}

static gboolean
write_good (EstTokens *tokens, const char *text, GError **error)
{
  g_autoptr (GPtrArray) list = est_token_group_read_all (text, strlen (text), error);
  if (list == NULL || !est_settings_file_replace (tokens->path, text, error))
    return FALSE;
  read_file (tokens);
  return TRUE;
}

/* The one of @list that is called so; NULL with an error. */
static EstToken *
expect (GPtrArray *list, const char *name, GError **error)
{
  EstToken *token = look_up (list, name);
  if (token == NULL)
    g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME,
                 "There is no token \"%s\".", name);
  return token;
}

gboolean
est_tokens_add (EstTokens *tokens, const EstToken *token, GError **error)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autofree char *before = read_good (tokens, &list, error);
  if (before == NULL)
    return FALSE;
  if (!est_token_name_is_valid (token->name))
    {
      g_set_error_literal (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_VALUE,
                           "A token's name must be 1 to 64 letters, digits, or -_.@.");
      return FALSE;
    }
  if (look_up (list, token->name) != NULL)
    {
      g_set_error (error, EST_SETTINGS_ERROR, EST_SETTINGS_ERROR_NAME,
                   "There is a token \"%s\" already.", token->name);
      return FALSE;
    }
  g_autofree char *after = est_token_group_put (before, token, error);
  return after != NULL && write_good (tokens, after, error);
}

gboolean
est_tokens_change (EstTokens *tokens,
                   const char *name,
                   EstTokenLimits limits,
                   GError **error)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autofree char *before = read_good (tokens, &list, error);
  EstToken *token = before != NULL ? expect (list, name, error) : NULL;
  if (token == NULL)
    {
      est_token_limits_clear (&limits);
      return FALSE;
    }
  g_autoptr (EstToken) changed = est_token_relimit (token, limits);
  g_autofree char *after = est_token_group_put (before, changed, error);
  return after != NULL && write_good (tokens, after, error);
}

gboolean
est_tokens_remove (EstTokens *tokens, const char *name, GError **error)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autofree char *before = read_good (tokens, &list, error);
  EstToken *token = before != NULL ? expect (list, name, error) : NULL;
  if (token == NULL)
    return FALSE;
  g_autofree char *after = est_token_group_cut (before, token->name);
  return write_good (tokens, after, error);
}
