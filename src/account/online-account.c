/* Properties of the desktop's accounts, made into one of ours. */
#include "account/online-account.h"
#include "account/account-group.h"
#include "mail/address.h"

#include <gio/gio.h>
#include <string.h>

#define PREFIX "org.gnome.OnlineAccounts."

static GVariant *
find_interface (GVariant *interfaces, const char *name)
{
  g_autofree char *full = g_strconcat (PREFIX, name, NULL);
  return g_variant_lookup_value (interfaces, full, G_VARIANT_TYPE_VARDICT);
}

static gboolean
flag (GVariant *properties, const char *name)
{
  gboolean value = FALSE;
  return g_variant_lookup (properties, name, "b", &value) && value;
}

/* "" where there is none; borrowed. */
static const char *
text (GVariant *properties, const char *name)
{
  const char *value = "";
  g_variant_lookup (properties, name, "&s", &value);
  return value;
}

/* "host", "host:port", "[::1]:port". FALSE if it is none of these. */
static gboolean
take_server (EstAccount *account, const char *server)
{
  g_autoptr (GSocketConnectable) address
    = g_network_address_parse (server, account->port, NULL);
  if (address == NULL)
    return FALSE;
  GNetworkAddress *parsed = G_NETWORK_ADDRESS (address);
  account->host = g_hostname_to_ascii (g_network_address_get_hostname (parsed));
  account->port = g_network_address_get_port (parsed);
  return account->host != NULL && est_host_is_valid (account->host) && account->port != 0;
}

/* Where it says both, as for Google, TLS from the start is the firmer. Where it says
   neither, only a server on this machine is believed: any other must offer STARTTLS. */
static gboolean
take_link (EstAccount *account, GVariant *mail)
{
  gboolean from_the_start = flag (mail, "SmtpUseSsl");
  account->security = from_the_start ? EST_SECURITY_TLS : EST_SECURITY_STARTTLS;
  account->port = from_the_start ? 465 : 587;
  if (!take_server (account, text (mail, "SmtpHost")))
    return FALSE;
  if (!from_the_start && !flag (mail, "SmtpUseTls") && est_account_is_local (account))
    account->security = EST_SECURITY_NONE;
  return TRUE;
}

static gboolean
take_sign_in (EstAccount *account, GVariant *interfaces, GVariant *mail)
{
  g_autoptr (GVariant) token = find_interface (interfaces, "OAuth2Based");
  g_autoptr (GVariant) password = find_interface (interfaces, "PasswordBased");
  const char *user = text (mail, "SmtpUserName");
  gboolean signs_in = flag (mail, "SmtpUseAuth");
  account->auth = g_strdup (signs_in ? "auto" : "none");
  if (!signs_in)
    return TRUE;
  account->user = g_strdup (*user != '\0' ? user : account->addresses[0]);
  account->online->by_token = token != NULL && flag (mail, "SmtpAuthXoauth2");
  return account->online->by_token || password != NULL;
}

static char *
make_name (const char *address, const char *id)
{
  g_autofree char *name = g_strconcat ("gnome-", address, NULL);
  return est_account_name_is_valid (name) ? g_steal_pointer (&name)
                                          : g_strconcat ("gnome-", id, NULL);
}

static gboolean
take_identity (EstAccount *account, const char *path, GVariant *base, GVariant *mail)
{
  const char *address = text (mail, "EmailAddress");
  const char *provider = text (base, "ProviderName");
  const char *id = text (base, "Id");
  account->name = make_name (address, id);
  account->addresses = g_new0 (char *, 2);
  account->addresses[0] = g_strdup (address);
  account->online = g_new0 (EstOnline, 1);
  account->online->id = g_strdup (id);
  account->online->path = g_strdup (path);
  account->online->provider
    = g_strdup (*provider != '\0' ? provider : text (base, "ProviderType"));
  account->online->needs_attention = flag (base, "AttentionNeeded");
  return *id != '\0' && est_address_is_mailbox (address)
         && !est_address_is_wildcard (address)
         && est_account_name_is_valid (account->name);
}

EstAccount *
est_online_account_read (const char *path, GVariant *interfaces)
{
  g_autoptr (GVariant) base = find_interface (interfaces, "Account");
  g_autoptr (GVariant) mail = find_interface (interfaces, "Mail");
  if (base == NULL || mail == NULL || flag (base, "MailDisabled")
      || !flag (mail, "SmtpSupported"))
    return NULL;
  g_autoptr (EstAccount) account = est_account_group_new ();
  account->proxy = g_strdup ("system");
  if (!take_identity (account, path, base, mail) || !take_link (account, mail)
      || !take_sign_in (account, interfaces, mail))
    return NULL;
  return g_steal_pointer (&account);
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  const EstAccount *one = *(EstAccount *const *) a, *other = *(EstAccount *const *) b;
  return strcmp (one->online->path, other->online->path);
}

GPtrArray *
est_online_account_read_all (GVariant *objects)
{
  GVariantIter iterator;
  const char *path;
  GVariant *interfaces;
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) est_account_unref);
  g_variant_iter_init (&iterator, objects);
  while (g_variant_iter_loop (&iterator, "{&o@a{sa{sv}}}", &path, &interfaces))
    {
      EstAccount *account = est_online_account_read (path, interfaces);
      if (account != NULL)
        g_ptr_array_add (list, account);
    }
  g_ptr_array_sort (list, compare_paths);
  return list;
}

static gboolean
equal (gconstpointer a, gconstpointer b)
{
  const EstAccount *one = a, *other = b;
  return g_str_equal (one->name, other->name) && g_str_equal (one->host, other->host)
         && g_str_equal (one->addresses[0], other->addresses[0])
         && one->port == other->port && one->security == other->security
         && g_str_equal (one->auth, other->auth)
         && g_strcmp0 (one->user, other->user) == 0
         && g_str_equal (one->online->id, other->online->id)
         && g_str_equal (one->online->path, other->online->path)
         && g_str_equal (one->online->provider, other->online->provider)
         && one->online->by_token == other->online->by_token
         && one->online->needs_attention == other->online->needs_attention;
}

gboolean
est_online_account_lists_equal (const GPtrArray *a, const GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!equal (a->pdata[i], b->pdata[i]))
      return FALSE;
  return TRUE;
}
