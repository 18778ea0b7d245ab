/* Content that comes without dot transparency, in pieces (RFC 3030): are its lines lines?
   A CR or LF on its own and a NUL are refused as after DATA. Zero-initialise. */
#pragma once

#include <glib.h>

typedef struct
{
  gboolean after_cr;
} EstLines;

/* FALSE: not as it should be. A CR at the end of a piece waits for the next one. */
gboolean est_lines_check (EstLines *lines, const char *data, gsize length);

/* FALSE: it ends in a CR. A missing last line end is no mistake here. */
gboolean est_lines_finish (const EstLines *lines);

/* Whether it holds an octet above ASCII (RFC 6152). */
gboolean est_has_high_octet (const char *data, gsize length);
