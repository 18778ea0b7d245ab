/* What happens next, by where trouble lies and whether it passes: scope x permanence, in
   one table. Everything that has to decide looks here. */
#pragma once

#include "outcome/outcome.h"

typedef struct
{
  gboolean pauses; /* the account rests; no attempt of any message is used up */
  gboolean passes; /* ... and time alone ends that too */
  EstRecipientState recipient; /* what it makes of a recipient it is about */
  int badness; /* of several reasons the worst stands for all: the higher the worse */
} EstCourse;

const EstCourse *est_course (EstScope scope, EstPermanence permanence);
const EstCourse *est_course_for (EstReason reason);
