/* One conversation with the provider's submission server (RFC 6409): connect, greet,
   secure, sign in; after that mail is handed over (handover.h). Blocking; one worker
   thread at a time. It never sees the outbox. */
#pragma once

#include "account/credentials.h"
#include "account/settings.h"
#include "mail/capabilities.h"
#include "outcome/outcome.h"
#include "outcome/relay-error.h"
#include "outcome/step.h"
#include "wire/wire.h"

typedef struct EstRelay EstRelay;

/* What came in the way, besides the error. */
typedef struct
{
  EstReply *reply; /* where the relay itself said no; NULL */
  char *figures;   /* what the reason's sentence needs, see EstOutcome; NULL */
} EstTrouble;

void est_trouble_clear (EstTrouble *trouble);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstTrouble, est_trouble_clear)

/* Errors: EST_RELAY_ERROR with the reason as code, or G_IO_ERROR_CANCELLED; @trouble (may
   be NULL) is filled in then. A refused
   password or token is reported to @credentials. Nothing secret, not even the user's
   name, is sent before the certificate is verified, unless security=none; that connects
   to loopback addresses only (EST_REASON_NO_TLS). The EHLO name is an address literal of
   the loopback ("[127.0.0.1]"): no host name leaves the machine. @limits is copied;
   @cancellable ends every wait of the relay's life. */
EstRelay *est_relay_open (EstAccount *account,
                          const EstDeliverySettings *limits,
                          EstCredentials *credentials,
                          GCancellable *cancellable,
                          EstTrouble *trouble,
                          GError **error);

/* Hears of each step as it begins: CONNECT, GREETING, EHLO, TLS, SIGN_IN; in the thread
   that opens. */
typedef struct
{
  void (*begins) (EstStep step, gpointer data);
  gpointer data;
} EstStepListener;

/* The same for somebody who watches (@listener NULL: nobody). */
EstRelay *est_relay_open_watched (EstAccount *account,
                                  const EstDeliverySettings *limits,
                                  EstCredentials *credentials,
                                  const EstStepListener *listener,
                                  GCancellable *cancellable,
                                  EstTrouble *trouble,
                                  GError **error);

/* Says QUIT without waiting long for the answer, and closes. */
void est_relay_close (EstRelay *relay);

/* Whether another message can be handed over on this connection: it is in step, and the
   relay takes more of them (MAILMAX, RFC 9422). */
gboolean est_relay_is_usable (EstRelay *relay);

/* Keeps the connection for the next message, up to @milliseconds or until something can
   be read from the file descriptor @wake. TRUE: @wake it was, and the connection is still
   good as far as anybody can tell. FALSE: the time is over, also where the machine slept
   it away; or the relay spoke (421) or hung up, which is its right; or it is out of
   reach. Then it is only to be closed. */
gboolean est_relay_stand_by (EstRelay *relay, int wake, gint64 milliseconds);

/* It had carried a message, and broke down before it answered anything to the next: that
   says nothing about the relay, for what is kept may die unseen, and some take only so
   many messages on one connection. Another one is to be tried. */
gboolean est_relay_is_stale (EstRelay *relay);

/* For the delivery note; borrowed. */
const EstRoute *est_relay_route (EstRelay *relay);

/* What its last EHLO offered; borrowed. */
const EstCapabilities *est_relay_offers (EstRelay *relay);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstRelay, est_relay_close)
