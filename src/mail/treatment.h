/* How one entity of a message is treated on its way into less than it is: by what it says
   of itself, and by where it stands. Pure. */
#pragma once

#include "mail/entity.h"
#include "mail/plan.h"

/* Where it stands, and what is wanted of it. */
typedef struct
{
  gboolean top;     /* it is a message, not a part of one */
  gboolean sealed;  /* it is under a signature */
  gboolean locked;  /* it is within something encrypted */
  gboolean unclear; /* the structure so far can be read in two ways */
  gboolean closed;  /* its header ends with an empty line: without one, base64 could be
                       read as more of it */
  gboolean wide;    /* 8 bits stay: what held binary parts is labelled so */
  gboolean narrow;  /* 8 bits must go */
} EstTreatment;

/* What its body is to a plan for 7 bits. */
EstPlace est_treatment_place (const EstTreatment *treatment, const EstEntity *entity);

/* Its Content-Transfer-Encoding, @coding being what becomes of its body if it is none of
   the binary ones; NULL: it stays as it is. */
const char *est_treatment_label (const EstTreatment *treatment,
                                 const EstEntity *entity,
                                 EstCoding coding);

/* Fields to be added to its header, each with its CRLF, or NULL. @utf8: its text is
   that. */
const char *est_treatment_fields (const EstTreatment *treatment,
                                  const EstEntity *entity,
                                  EstCoding coding,
                                  gboolean utf8);
