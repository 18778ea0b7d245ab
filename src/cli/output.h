/* What the terminal is like, and how much room words take on it. */
#pragma once

#include <glib.h>

/* Columns of the terminal at standard output; 0: it is none, nothing need be cut. */
guint est_output_width (void);

/* Columns @text takes: wide characters two, combining ones none. */
guint est_output_columns (const char *text);

/* @text in exactly @columns: filled with blanks, at its right end or (@right) its left
   one, or cut with a final "…". New string. */
char *est_output_fit (const char *text, guint columns, gboolean right);

/* A line "  LABEL  TEXT" on standard output, with the texts of several below each other:
   @columns for the label, or more if it needs them. Nothing if @text is "". */
void est_output_print_fact (const char *label, guint columns, const char *text);
