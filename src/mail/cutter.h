/* Cuts content that comes in pieces into lines where that matters, and lets the rest
   through as it comes: memory does not grow with a line. Only CRLF ends a line (RFC 2046
   4.1.1); a CR or LF on its own is an octet like others. */
#pragma once

#include <glib.h>

#define EST_CUTTER_LINE_LIMIT  512 /* octets a line may have that begins with "--" */
#define EST_CUTTER_WHOLE_LIMIT (2 * 1024 * 1024) /* ...and any other told whole */

/* What is told, in the order of the content. */
typedef struct
{
  /* A whole line without its CRLF: while @whole_lines is set all of them, else those that
     begin with "--"; none that is too long. @ended: FALSE if the content ended
     instead. */
  void (*line) (gpointer data, const char *text, gsize length, gboolean ended);

  /* Some octets of another line. */
  void (*text) (gpointer data, const char *text, gsize length);

  /* ...and its CRLF. */
  void (*line_end) (gpointer data);
} EstCutterEvents;

/* Zero-initialise, set @events, @data and @whole_lines; free with est_cutter_clear(). */
typedef struct
{
  const EstCutterEvents *events;
  gpointer data;
  gboolean whole_lines; /* may be changed from within line() */

  GByteArray *held; /* the beginning of a line that may become a whole one, or NULL */
  gboolean within;  /* the rest of the line is text */
  gboolean after_cr;
} EstCutter;

void est_cutter_push (EstCutter *cutter, const char *data, gsize length);
void est_cutter_finish (EstCutter *cutter);
void est_cutter_clear (EstCutter *cutter);
