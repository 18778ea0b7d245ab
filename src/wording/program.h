/* Programs that hand mail in, as people call them. */
#pragma once

#include <glib.h>

/* @program as base/origin.h names it ("flatpak:org.mozilla.Thunderbird"): a new string
   that stands inside a sentence or alone, "the Flatpak app org.mozilla.Thunderbird". A
   kind of a later version comes back as it is, made harmless. NULL for NULL. */
char *est_wording_program (const char *program);
