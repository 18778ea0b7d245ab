/* How things stand as a whole, as the dictionary of GetStatus in
   data/org.estafeta.Outbox1.xml. Pure; results are floating. */
#pragma once

#include "desktop/describe.h"

typedef struct
{
  const char *const *listening;
  GVariant *taken; /* a{su}, by est_status_describe_taken() */
  const EstCounts *counts;
  const EstCircumstances *circumstances;
  gint64 next;                  /* microseconds since 1970; G_MAXINT64: nothing is due */
  const char *const *set_aside; /* damaged outboxes */
  const char *problem;          /* with the settings; or NULL */
} EstStatus;

GVariant *est_status_describe (const EstStatus *status);

/* @taken: address (char *) -> uid of whoever holds it. */
GVariant *est_status_describe_taken (GHashTable *taken);
