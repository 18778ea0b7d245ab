/* Apps and dictionaries. */
#include "desktop/app-values.h"

void
est_app_values_add (const EstApp *app, GVariantBuilder *list)
{
  g_variant_builder_open (list, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (list, "{sv}", "name", g_variant_new_string (app->program));
  g_variant_builder_add (list, "{sv}", "decision",
                         g_variant_new_string (est_permission_nick (app->permission)));
  g_variant_builder_add (list, "{sv}", "waiting", g_variant_new_uint32 (app->waiting));
  if (app->waiting > 0)
    {
      g_variant_builder_add (list, "{sv}", "since",
                             g_variant_new_int64 (app->since / G_USEC_PER_SEC));
      g_variant_builder_add (list, "{sv}", "senders",
                             g_variant_new_strv ((const char *const *) app->senders, -1));
    }
  g_variant_builder_close (list);
}
