/* What becomes of each entity of a message that has to do with 7 bits (RFC 6152 3): found
   out by a first walk through it, followed by later ones. Of a message it keeps an octet
   per entity, of which there may be ten thousand, and no content. Pure. */
#pragma once

#include <glib.h>

typedef enum
{
  EST_CODING_KEEP,   /* 7 bits do */
  EST_CODING_QUOTED, /* quoted-printable */
  EST_CODING_BASE64,
} EstCoding;

/* What the octets are that come next. */
typedef enum
{
  EST_PLACE_FIXED,   /* may not be changed: around parts, or nobody knows how to */
  EST_PLACE_SEALED,  /* under a signature, or encrypted */
  EST_PLACE_SETTLED, /* become base64 in any case */
  EST_PLACE_TEXT,
  EST_PLACE_DATA, /* of any other type */
} EstPlace;

typedef struct EstPlan EstPlan;

EstPlan *est_plan_new (void);
void est_plan_free (EstPlan *plan);

/* The first walk: a new entity begins, its body being @place. FALSE: there are too
   many. */
gboolean est_plan_begin (EstPlan *plan, EstPlace place);

/* What comes behind the last part of a multipart belongs to none. */
void est_plan_leave (EstPlan *plan);

/* Some octets of the place. FALSE: there is one of 8 bits where it may not be changed. */
gboolean est_plan_note (EstPlan *plan, const char *data, gsize length);
EstPlace est_plan_place (const EstPlan *plan);

/* The message is over. */
void est_plan_finish (EstPlan *plan);
gboolean est_plan_is_finished (const EstPlan *plan);

/* Later walks: of the entity @number, counted from 0 in the order of their headers.
   @utf8: whether what is not ASCII in it is UTF-8. */
EstCoding est_plan_coding (const EstPlan *plan, guint number, gboolean *utf8);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstPlan, est_plan_free)
