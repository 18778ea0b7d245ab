/* The table. Doubt is above all, because what is in doubt must not be sent again lightly;
   then what pauses the account, which must be told even if a recipient was refused for
   good meanwhile. */
#include "outcome/course.h"

#define P EST_RECIPIENT_PENDING
#define S EST_RECIPIENT_SENT
#define F EST_RECIPIENT_FAILED
#define D EST_RECIPIENT_DOUBTFUL

static const EstCourse courses[][3] = {
  [EST_SCOPE_NONE] = {
    [EST_TEMPORARY] = {FALSE, FALSE, S, 0},
    [EST_PERMANENT] = {FALSE, FALSE, P, 0}, /* nothing a relay says */
    [EST_IN_DOUBT]  = {FALSE, FALSE, D, 5},
  },
  [EST_SCOPE_NETWORK] = {
    [EST_TEMPORARY] = {TRUE,  TRUE,  P, 4},
    [EST_PERMANENT] = {TRUE,  FALSE, P, 4},
    [EST_IN_DOUBT]  = {FALSE, FALSE, D, 5},
  },
  [EST_SCOPE_ACCOUNT] = {
    [EST_TEMPORARY] = {TRUE,  TRUE,  P, 4},
    [EST_PERMANENT] = {TRUE,  FALSE, P, 4},
    [EST_IN_DOUBT]  = {FALSE, FALSE, D, 5},
  },
  [EST_SCOPE_MESSAGE] = {
    [EST_TEMPORARY] = {FALSE, FALSE, P, 1},
    [EST_PERMANENT] = {FALSE, FALSE, F, 3},
    [EST_IN_DOUBT]  = {FALSE, FALSE, D, 5},
  },
  [EST_SCOPE_RECIPIENT] = {
    [EST_TEMPORARY] = {FALSE, FALSE, P, 1},
    [EST_PERMANENT] = {FALSE, FALSE, F, 2},
    [EST_IN_DOUBT]  = {FALSE, FALSE, D, 5},
  },
};

const EstCourse *
est_course (EstScope scope, EstPermanence permanence)
{
  return &courses[scope][permanence];
}

const EstCourse *
est_course_for (EstReason reason)
{
  return est_course (est_reason_scope (reason), est_reason_permanence (reason));
}
