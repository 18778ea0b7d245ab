/* GMime, made ready once for the few functions of this room that use it. */
#pragma once

#include <gmime/gmime.h>

/* To be called before any GMime function, as often as one likes, from any thread. */
void est_mime_ready (void);
