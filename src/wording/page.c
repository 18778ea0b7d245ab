#include "wording/page.h"

#include <glib/gi18n.h>

char *
est_wording_page (gboolean good)
{
  const char *title
    = good ? _ ("Estafeta has the answer") : _ ("The sign-in was not completed");
  const char *words = _ ("You can close this page. Estafeta says how it goes on.");
  return g_markup_printf_escaped ("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">"
                                  "<title>%s</title></head>\n"
                                  "<body><h1>%s</h1>\n<p>%s</p></body></html>\n",
                                  title, title, words);
}
