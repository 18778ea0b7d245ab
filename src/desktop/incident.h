/* Turns what happens into notices: which incident it belongs to, whether it is worth
   telling again, when it is over. Used by the notifier's thread alone. */
#pragma once

#include "account/settings.h"
#include "desktop/apps.h"
#include "desktop/buttons.h"
#include "desktop/notice-board.h"
#include "outbox/outbox.h"

typedef struct EstIncidents EstIncidents;

EstIncidents *est_incidents_new (EstOutbox *outbox, EstApps *apps, EstButtons *buttons);
void est_incidents_free (EstIncidents *incidents);

/* A message became something else. @warning_seconds: how long a relay may put it off
   before that is told. */
void est_incidents_message (
  EstIncidents *incidents, gint64 id, int from, EstState to, guint warning_seconds);

void est_incidents_paused (EstIncidents *incidents, const EstPause *pause);
void est_incidents_resumed (EstIncidents *incidents, const char *account);

/* @address NULL: all of ours are ours (again). */
void est_incidents_port_taken (EstIncidents *incidents, const char *address, guint uid);

/* @problem NULL: the settings are good (again). */
void est_incidents_settings (EstIncidents *incidents, const char *problem);

/* Damaged outboxes that are kept: told while there is one. */
void est_incidents_set_aside (EstIncidents *incidents);

/* The outbox that was here is gone. */
void est_incidents_bereft (EstIncidents *incidents);

/* The answer about an app could not be kept. */
void est_incidents_undecided (EstIncidents *incidents, const char *program);

/* What many messages have in common is told together, a moment later: what was sent, how
   many wait behind a pause, how many ask the same question. Whether something is still to
   be told, and telling it. */
gboolean est_incidents_has_pending (EstIncidents *incidents);
void est_incidents_tell_pending (EstIncidents *incidents);
