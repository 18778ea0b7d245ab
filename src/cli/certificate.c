/* estafeta certificate: what a program must trust that insists on encryption. Needs no
   daemon: whoever asks first makes the certificate. */
#include "base/clock.h"
#include "base/paths.h"
#include "cli/json.h"
#include "cli/usage.h"
#include "cli/verb.h"
#include "wire/identity.h"
#include "wording/figure.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <stdio.h>

static const EstUsage usage = {
  .verb = "certificate",
  .summary
  = N_ ("Prints the certificate that Estafeta shows to programs of this computer which\n"
        "insist on encryption, and how to trust it. Its key is never printed."),
};

/* Asked of the file and not of the daemon, which need not run. */
static gboolean
is_offered (const char *settings)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  if (!g_key_file_load_from_file (file, settings, G_KEY_FILE_NONE, NULL))
    return FALSE;
  g_autofree char *listen = g_key_file_get_value (file, "submission", "listen-tls", NULL);
  g_autofree char *begin = g_key_file_get_value (file, "submission", "starttls", NULL);
  return (listen != NULL && *listen != '\0')
         || (begin != NULL
             && (g_ascii_strcasecmp (begin, "yes") == 0
                 || g_ascii_strcasecmp (begin, "true") == 0));
}

static void
explain (EstIdentity *identity)
{
  g_autofree char *settings = est_paths_settings_file ();
  g_autofree char *end
    = est_wording_when (est_identity_ends (identity), est_clock_now () / G_USEC_PER_SEC);
  /* TRANSLATORS: %s is a date */
  g_printerr (_ ("This certificate is for localhost, 127.0.0.1 and ::1, until %s.\n"),
              end);
  g_printerr (_ ("Its SHA-256 fingerprint: %s\n"), est_identity_fingerprint (identity));
  g_printerr ("%s\n",
              _ ("To trust it, keep it in a file and name that file in the program: "
                 "curl by “--cacert”, msmtp by “tls_trust_file”, mutt by "
                 "“certificate_file”, git by “sendemail.smtpSSLCertPath”. Thunderbird "
                 "and Evolution ask once; compare the fingerprint then."));
  if (is_offered (settings))
    g_printerr ("%s\n", _ ("Your settings offer encryption."));
  else
    /* TRANSLATORS: %s is the path of a file */
    g_printerr (_ ("Your settings do not offer encryption. A line “starttls=yes” or "
                   "“listen-tls=127.0.0.1:2465” under [submission] in %s does.\n"),
                settings);
}

static void
print_json (EstIdentity *identity, const char *file)
{
  static const char *const names[] = {"localhost", "127.0.0.1", "::1", NULL};
  g_autofree char *settings = est_paths_settings_file ();
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_variant_dict_insert (&dict, "certificate", "s", est_identity_certificate (identity));
  g_variant_dict_insert (&dict, "fingerprint-sha256", "s",
                         est_identity_fingerprint (identity));
  g_variant_dict_insert (&dict, "not-after", "x", est_identity_ends (identity));
  g_variant_dict_insert (&dict, "names", "^as", names);
  g_variant_dict_insert (&dict, "file", "s", file);
  g_variant_dict_insert (&dict, "offered", "b", is_offered (settings));
  est_json_print (g_variant_dict_end (&dict));
}

static EstExit
complain (const char *what)
{
  g_printerr ("estafeta: %s\n", what);
  return EST_EXIT_FAILED;
}

static EstExit
save (EstIdentity *identity, const char *name, gboolean force)
{
  g_autoptr (GError) error = NULL;
  if (!force && g_file_test (name, G_FILE_TEST_EXISTS))
    {
      g_autofree char *words
        = g_strdup_printf (_ ("%s exists; “--force” overwrites it."), name);
      return complain (words);
    }
  if (!g_file_set_contents_full (name, est_identity_certificate (identity), -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT, 0644, &error))
    return complain (error->message);
  return EST_EXIT_OK;
}

/* What the daemon's log should know is no news for a person who asked for it. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
  if ((level & G_LOG_LEVEL_MESSAGE) != 0)
    return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n, data);
}

static EstExit
print (EstIdentity *identity, const char *output, gboolean force)
{
  EstExit status = EST_EXIT_OK;
  if (output != NULL)
    status = save (identity, output, force);
  else if (fputs (est_identity_certificate (identity), stdout) == EOF
           || fflush (stdout) == EOF)
    status = complain (g_strerror (errno));
  if (status == EST_EXIT_OK)
    explain (identity);
  return status;
}

EstExit
est_verb_certificate (char **arguments)
{
  gboolean json = FALSE, force = FALSE;
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_ ("Write it to this file"),
     N_ ("FILE")},
    {"force",  'f', 0, G_OPTION_ARG_NONE,     &force,  N_ ("Overwrite a file that exists"),
     NULL       },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) operands = est_usage_parse (&usage, entries, arguments, &json);
  if (operands == NULL)
    return EST_EXIT_USAGE;

  g_autoptr (GError) error = NULL;
  g_autofree char *file = est_paths_identity_file ();
  g_log_set_writer_func (write_log, NULL, NULL);
  g_autoptr (EstIdentity) identity = est_identity_get (file, &error);
  if (identity == NULL)
    {
      g_autofree char *words
        = g_strdup_printf (_ ("There is no certificate to be had: %s"), error->message);
      return complain (words);
    }
  if (!json)
    return print (identity, output, force);
  print_json (identity, file);
  return output != NULL ? save (identity, output, force) : EST_EXIT_OK;
}
