/* What the methods of org.estafeta.Outbox1 share. They run in GDBus's threads, because
   they may wait for a commit; only what touches the dispatcher goes back to the main
   loop. Internal to desktop/. */
#pragma once

#include "desktop/outbox-object.h"

#include "intake/intake.h"

#include <gio/gunixfdlist.h>

struct EstOutboxObject
{
  EstBusOutbox1 *skeleton;
  EstOutbox *outbox;
  EstIntake *intake;
  EstDispatcher *dispatcher;
  EstAccounts *accounts;
  GMutex listening_mutex;
  char **listening; /* these two: under the mutex */
  GVariant *taken;  /* a{su} */
  guint counting;   /* source that counts; 0: nothing has changed since */
  guint count_pause_ms;
  GArray *changed;   /* guint64: ids not told yet */
  gboolean too_many; /* changes to be told one by one */
  guint telling;     /* timeout source; 0: none */
};

#define EST_OUTBOX_LIST_LIMIT 1000

/* Answers with an error, by the names of interface/names.h. TRUE, for the handler. */
gboolean est_outbox_return_error (GDBusMethodInvocation *invocation, const GError *error);

/* An account's pause is to be tried now, for its person said so; NULL: all of them. */
void est_outbox_wake (EstOutboxObject *object, const char *account);

gboolean est_outbox_on_list (EstBusOutbox1 *skeleton,
                             GDBusMethodInvocation *invocation,
                             GVariant *filter,
                             guint64 after,
                             guint limit,
                             EstOutboxObject *object);
gboolean est_outbox_on_show (EstBusOutbox1 *skeleton,
                             GDBusMethodInvocation *invocation,
                             guint64 id,
                             EstOutboxObject *object);
gboolean est_outbox_on_journal (EstBusOutbox1 *skeleton,
                                GDBusMethodInvocation *invocation,
                                GVariant *filter,
                                guint64 after,
                                guint limit,
                                EstOutboxObject *object);
gboolean est_outbox_on_get_status (EstBusOutbox1 *skeleton,
                                   GDBusMethodInvocation *invocation,
                                   EstOutboxObject *object);

gboolean est_outbox_on_send (EstBusOutbox1 *skeleton,
                             GDBusMethodInvocation *invocation,
                             GVariant *ids,
                             GVariant *filter,
                             EstOutboxObject *object);
gboolean est_outbox_on_hold (EstBusOutbox1 *skeleton,
                             GDBusMethodInvocation *invocation,
                             GVariant *ids,
                             GVariant *filter,
                             EstOutboxObject *object);
gboolean est_outbox_on_release (EstBusOutbox1 *skeleton,
                                GDBusMethodInvocation *invocation,
                                GVariant *ids,
                                GVariant *filter,
                                EstOutboxObject *object);
gboolean est_outbox_on_arrived (EstBusOutbox1 *skeleton,
                                GDBusMethodInvocation *invocation,
                                GVariant *ids,
                                GVariant *filter,
                                EstOutboxObject *object);
gboolean est_outbox_on_discard (EstBusOutbox1 *skeleton,
                                GDBusMethodInvocation *invocation,
                                GVariant *ids,
                                GVariant *filter,
                                EstOutboxObject *object);
gboolean est_outbox_on_move (EstBusOutbox1 *skeleton,
                             GDBusMethodInvocation *invocation,
                             GVariant *ids,
                             GVariant *filter,
                             const char *account,
                             EstOutboxObject *object);
gboolean est_outbox_on_readdress (EstBusOutbox1 *skeleton,
                                  GDBusMethodInvocation *invocation,
                                  guint64 id,
                                  const char *from,
                                  const char *to,
                                  EstOutboxObject *object);
gboolean est_outbox_on_pause (EstBusOutbox1 *skeleton,
                              GDBusMethodInvocation *invocation,
                              const char *account,
                              EstOutboxObject *object);
gboolean est_outbox_on_resume (EstBusOutbox1 *skeleton,
                               GDBusMethodInvocation *invocation,
                               const char *account,
                               EstOutboxObject *object);

gboolean est_outbox_on_export (EstBusOutbox1 *skeleton,
                               GDBusMethodInvocation *invocation,
                               GUnixFDList *fds,
                               guint64 id,
                               EstOutboxObject *object);
gboolean est_outbox_on_import (EstBusOutbox1 *skeleton,
                               GDBusMethodInvocation *invocation,
                               GUnixFDList *fds,
                               GVariant *file,
                               GVariant *options,
                               EstOutboxObject *object);
