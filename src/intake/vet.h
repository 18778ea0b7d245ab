/* Whether an app in a sandbox may hand mail in: what its person has said, and as long as
   that is nothing, whether it has not handed in enough already. */
#pragma once

#include "base/origin.h"
#include "intake/intake.h"

/* So many messages of an app wait for its person's answer; what more comes is put off:
   nobody has agreed to have the disc filled by it. */
#define EST_VET_LIMIT 20

/* @held: EST_REASON_APP if its person is to be asked first, else NONE. Programs outside
   of sandboxes always may. EST_INTAKE_ERROR_REFUSED, _UNDECIDED, or EST_OUTBOX_ERROR.
   Any thread. */
gboolean est_intake_vet (EstIntake *intake,
                         const char *program,
                         gboolean sandboxed,
                         EstReason *held,
                         GError **error);
