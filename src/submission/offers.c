/* One list of extensions. */
#include "submission/offers.h"

/* RFC 8689 4: only where this hop itself is protected. */
EstExtensions
est_offers_extensions (gboolean secure)
{
  EstExtensions all = EST_EXTENSIONS_ALL;
  return secure ? all : all & ~(EstExtensions) EST_EXTENSION_REQUIRETLS;
}

/* RFC 4865 4 with erratum 2040: both limits. */
static void
append_future_release (GString *lines, gint64 now)
{
  g_autoptr (GDateTime) last
    = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC + EST_LONGEST_HOLD);
  g_autofree char *text = g_date_time_format (last, "%Y-%m-%dT%H:%M:%SZ");
  g_string_append_printf (lines, "\nFUTURERELEASE %d %s", EST_LONGEST_HOLD, text);
}

char *
est_offers_format (const EstSettings *settings, gboolean secure, gint64 now)
{
  static const char plain[] = "\n8BITMIME\nPIPELINING\nENHANCEDSTATUSCODES\nCHUNKING"
                              "\nSMTPUTF8\nDSN\nDELIVERBY\nMT-PRIORITY";
  GString *lines = g_string_new (NULL);
  g_string_append_printf (lines, "SIZE %" G_GUINT64_FORMAT, settings->submission.size);
  g_string_append (lines, plain);
  append_future_release (lines, now);
  g_string_append_printf (lines, "\nLIMITS RCPTMAX=%u", settings->submission.recipients);
  if (secure)
    g_string_append (lines, "\nREQUIRETLS");
  else if (settings->submission.starttls)
    g_string_append (lines, "\nSTARTTLS");
  g_string_append (lines, "\nHELP");
  return g_string_free (lines, FALSE);
}
