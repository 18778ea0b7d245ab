#include "web/form.h"

#include "base/secret.h"

#define ROOM (64 * 1024)

GString *
est_form_new (void)
{
  return g_string_sized_new (ROOM);
}

void
est_form_free (GString *form)
{
  est_secret_wipe (form->str, form->len);
  g_string_free (form, TRUE);
}

void
est_form_add (GString *form, const char *name, const char *value)
{
  if (value == NULL)
    return;
  if (form->len > 0)
    g_string_append_c (form, '&');
  g_string_append_printf (form, "%s=", name);
  g_string_append_uri_escaped (form, value, NULL, FALSE);
}
