/* What a device authorisation endpoint answers (RFC 8628 3.2). Pure. Internal to web/. */
#pragma once

#include "web/fetch.h"

typedef struct
{
  char *secret;   /* device_code */
  char *code;     /* what the person types */
  char *page;     /* where */
  char *complete; /* the page with the code in it; NULL: not told */
  guint expires;  /* seconds, 1 to EST_DEVICE_CODE_LONGEST */
  guint interval; /* seconds between two questions, at least 1 */
} EstDeviceCode;

#define EST_DEVICE_CODE_LONGEST 900

/* NULL with EST_FAILURE. */
EstDeviceCode *est_device_code_read (const EstAnswer *answer, GError **error);
void est_device_code_free (EstDeviceCode *code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstDeviceCode, est_device_code_free)
