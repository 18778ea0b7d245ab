/* Keeps the newest good snapshot, so that a typing mistake in the file stops no mail. */
#include "account/accounts.h"
#include "account/file-watch.h"
#include "account/online-accounts.h"
#include "account/settings-parse.h"

struct _EstAccounts
{
  GObject parent_instance;
  char *path;
  EstFileWatch *watch;
  GMutex editing;        /* whoever reads the file to write it */
  GMutex reading;        /* so that what is read last is what is kept */
  GMutex mutex;          /* those below: read by any thread */
  EstSettings *settings; /* @file and @online joined */
  EstSettings *file;
  GPtrArray *online; /* EstAccount */
  gboolean awaited;  /* there may be more of them in a moment */
  char *problem;
  EstOnlineAccounts *desktop; /* main loop; NULL: its accounts are not used */
};

G_DEFINE_FINAL_TYPE (EstAccounts, est_accounts, G_TYPE_OBJECT)

enum
{
  CHANGED,
  ONLINE_BACK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* With the mutex held; the old snapshot, to be let go outside of it. */
static EstSettings *
join (EstAccounts *self)
{
  EstSettings *old = self->settings;
  self->settings = est_settings_join (self->file, self->online, self->awaited);
  return old;
}

static void
read_file (EstAccounts *self)
{
  g_autoptr (GError) error = NULL;
  g_mutex_lock (&self->reading);
  g_autoptr (EstSettings) fresh = est_settings_load (self->path, &error);
  EstSettings *old = NULL;

  g_mutex_lock (&self->mutex);
  if (fresh != NULL)
    {
      EstSettings *before = self->file;
      self->file = g_steal_pointer (&fresh);
      fresh = before; /* let go outside the lock */
      old = join (self);
    }
  g_free (self->problem);
  self->problem = error != NULL ? g_strdup (error->message) : NULL;
  g_mutex_unlock (&self->mutex);
  est_settings_unref (old);
  g_mutex_unlock (&self->reading);
}

static void
on_online_news (const GPtrArray *accounts, gpointer data)
{
  EstAccounts *self = data;
  g_mutex_lock (&self->mutex);
  g_ptr_array_set_size (self->online, 0);
  for (guint i = 0; i < accounts->len; i++)
    g_ptr_array_add (self->online, est_account_ref (accounts->pdata[i]));
  EstSettings *old = join (self);
  g_mutex_unlock (&self->mutex);
  est_settings_unref (old);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Main loop, the only place that writes it. */
static void
set_awaited (EstAccounts *self, gboolean awaited)
{
  if (awaited == self->awaited)
    return;
  g_mutex_lock (&self->mutex);
  self->awaited = awaited;
  EstSettings *old = join (self);
  g_mutex_unlock (&self->mutex);
  est_settings_unref (old);
}

static void
on_online_back (gpointer data)
{
  EstAccounts *self = data;
  set_awaited (self, FALSE);
  g_signal_emit (self, signals[ONLINE_BACK], 0);
}

/* Main loop: the desktop's accounts are looked at as long as the settings say so. */
static void
follow_desktop (EstAccounts *self)
{
  g_autoptr (EstSettings) settings = est_accounts_get (self);
  if (settings->online.use && self->desktop == NULL)
    {
      self->desktop = est_online_accounts_new (on_online_news, on_online_back, self);
      set_awaited (self, est_online_accounts_are_due (self->desktop));
    }
  else if (!settings->online.use && self->desktop != NULL)
    {
      g_clear_pointer (&self->desktop, est_online_accounts_free);
      set_awaited (self, FALSE);
    }
}

static void
on_file_changed (gpointer data)
{
  EstAccounts *self = data;
  read_file (self);
  follow_desktop (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
est_accounts_init (EstAccounts *self)
{
  g_mutex_init (&self->editing);
  g_mutex_init (&self->reading);
  g_mutex_init (&self->mutex);
  self->file = est_settings_parse ("", 0, NULL);
  self->settings = est_settings_ref (self->file);
  self->online = g_ptr_array_new_with_free_func ((GDestroyNotify) est_account_unref);
}

static void
est_accounts_finalize (GObject *object)
{
  EstAccounts *self = EST_ACCOUNTS (object);
  est_file_watch_free (self->watch);
  est_online_accounts_free (self->desktop);
  est_settings_unref (self->settings);
  est_settings_unref (self->file);
  g_ptr_array_unref (self->online);
  g_free (self->problem);
  g_free (self->path);
  g_mutex_clear (&self->editing);
  g_mutex_clear (&self->reading);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (est_accounts_parent_class)->finalize (object);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name, EST_TYPE_ACCOUNTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 0);
}

static void
est_accounts_class_init (EstAccountsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = est_accounts_finalize;
  signals[CHANGED] = add_signal ("changed");
  signals[ONLINE_BACK] = add_signal ("online-back");
}

EstAccounts *
est_accounts_new (const char *path)
{
  EstAccounts *self = g_object_new (EST_TYPE_ACCOUNTS, NULL);
  self->path = g_strdup (path);
  /* Watch first: a change between the two is then read twice instead of never. */
  self->watch = est_file_watch_new (path, on_file_changed, self);
  read_file (self);
  follow_desktop (self);
  return self;
}

EstSettings *
est_accounts_get (EstAccounts *self)
{
  g_mutex_lock (&self->mutex);
  EstSettings *settings = est_settings_ref (self->settings);
  g_mutex_unlock (&self->mutex);
  return settings;
}

gboolean
est_accounts_are_known (EstAccounts *self)
{
  g_autofree char *problem = est_accounts_dup_problem (self);
  return problem == NULL
         && (self->desktop == NULL || est_online_accounts_are_known (self->desktop));
}

char *
est_accounts_dup_problem (EstAccounts *self)
{
  g_mutex_lock (&self->mutex);
  char *problem = g_strdup (self->problem);
  g_mutex_unlock (&self->mutex);
  return problem;
}

gboolean
est_accounts_add (EstAccounts *self, const char *name, GHashTable *values, GError **error)
{
  g_mutex_lock (&self->editing);
  gboolean good = est_settings_add_account (self->path, name, values, error);
  g_mutex_unlock (&self->editing);
  if (!good)
    return FALSE;
  on_file_changed (self);
  return TRUE;
}

gboolean
est_accounts_can_add (EstAccounts *self,
                      const char *name,
                      GHashTable *values,
                      GError **error)
{
  return est_settings_can_add (self->path, name, values, error);
}

gboolean
est_accounts_can_edit (EstAccounts *self,
                       const char *name,
                       GHashTable *values,
                       GError **error)
{
  return est_settings_can_edit (self->path, name, values, error);
}

/* The desktop's account stays where it is, and is not used any more. */
static gboolean
take_out (EstAccounts *self, const char *name, GError **error)
{
  g_autoptr (EstSettings) settings = est_accounts_get (self);
  const EstAccount *account = est_settings_find (settings, name);
  if (account != NULL && account->online != NULL)
    return est_settings_ignore (self->path, account->addresses[0], error);
  return est_settings_remove_account (self->path, name, error);
}

gboolean
est_accounts_remove (EstAccounts *self, const char *name, GError **error)
{
  g_mutex_lock (&self->editing);
  gboolean good = take_out (self, name, error);
  g_mutex_unlock (&self->editing);
  if (!good)
    return FALSE;
  on_file_changed (self);
  return TRUE;
}

gboolean
est_accounts_set_listen (EstAccounts *self, const char *listen, GError **error)
{
  g_mutex_lock (&self->editing);
  gboolean good = est_settings_set_listen (self->path, listen, error);
  g_mutex_unlock (&self->editing);
  if (good)
    on_file_changed (self);
  return good;
}

static gboolean
tell_changed (gpointer self)
{
  follow_desktop (self);
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* For whoever wrote the file in another thread. */
static void
take_up (EstAccounts *self)
{
  read_file (self);
  g_idle_add_full (G_PRIORITY_DEFAULT, tell_changed, g_object_ref (self), g_object_unref);
}

gboolean
est_accounts_edit (EstAccounts *self,
                   const char *name,
                   GHashTable *values,
                   GError **error)
{
  g_mutex_lock (&self->editing);
  gboolean good = est_settings_edit_account (self->path, name, values, error);
  g_mutex_unlock (&self->editing);
  if (good)
    take_up (self);
  return good;
}

gboolean
est_accounts_set_pin (EstAccounts *self,
                      const char *name,
                      const char *pin,
                      GError **error)
{
  g_mutex_lock (&self->editing);
  gboolean good = est_settings_set_pin (self->path, name, pin, error);
  g_mutex_unlock (&self->editing);
  if (good)
    take_up (self);
  return good;
}

gboolean
est_accounts_permit (EstAccounts *self,
                     const char *program,
                     EstPermission permission,
                     GError **error)
{
  g_mutex_lock (&self->editing);
  gboolean good = est_settings_permit (self->path, program, permission, error);
  g_mutex_unlock (&self->editing);
  if (good)
    take_up (self);
  return good;
}
