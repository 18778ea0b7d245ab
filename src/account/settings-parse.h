/* The text of a settings file made into a snapshot, without any file: what is about to be
   written is checked by the same rules as what is read. */
#pragma once

#include "account/settings.h"

EstSettings *est_settings_parse (const char *text, gsize length, GError **error);
