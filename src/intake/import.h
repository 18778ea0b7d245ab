/* Hands in a message that stands in a file (.eml), as if a program had done it by SMTP.
 */
#pragma once

#include "base/origin.h"
#include "intake/intake.h"

/* What the file does not say, or what its person wants otherwise; borrowed. */
typedef struct
{
  const char *sender; /* NULL: the From field's first mailbox */
  const char *
    *recipients; /* NULL: those of To, Cc and Bcc, or of the last Resent- block */
  gboolean held; /* stays until its person releases it */
  const EstOrigin *origin; /* the app in a sandbox that hands it in; else NULL */
} EstImport;

/* @fd: a regular file, read from its start and left open; lines may end in LF or CRLF.
   Memory does not grow with its size. EST_INTAKE_ERROR or EST_OUTBOX_ERROR, in words for
   the person. */
gboolean est_import (
  EstIntake *intake, int fd, const EstImport *import, gint64 *id, GError **error);
