/* The multiparts a place in a message is within, and the lines that end them (RFC 2046
   5.1.1). Pure text. */
#pragma once

#include <glib.h>

/* A multipart whose end has not come. */
typedef struct
{
  char *boundary;
  gsize length; /* of @boundary */
  gboolean is_signed;
  gboolean is_digest;
  gboolean sealed; /* all of it is under a signature */
  gboolean locked; /* all of it is encrypted */
  guint n_parts;   /* begun so far */
} EstLevel;

/* An array of EstLevel, the innermost last; it owns the boundaries. */
GArray *est_nesting_new (void);

/* Which level's delimiter the line is, or -1; @closing: the last one of that level. A
   delimiter of an outer multipart ends the inner ones. */
int est_nesting_find (const GArray *levels,
                      const char *line,
                      gsize length,
                      gboolean *closing);
