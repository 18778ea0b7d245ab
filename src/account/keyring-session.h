/* A session with the Secret Service, for one errand of one thread. Internal to the
   keyring. */
#pragma once

#include <libsecret/secret.h>

typedef struct EstKeyringSession EstKeyringSession;

/* Starts the service where it can be activated. Blocks; errors are those of GIO and
   libsecret. Until it is closed, by the same thread, its main context is the thread's
   default one. */
EstKeyringSession *est_keyring_session_open (GCancellable *cancellable, GError **error);

/* Borrowed. */
SecretService *est_keyring_session_get_service (EstKeyringSession *session);

typedef struct
{
  const char *object;
  const char *interface;
  const char *name;
  const char *answer; /* type */
} EstKeyringMethod;

/* A method of the program behind the service. */
GVariant *est_keyring_session_call (EstKeyringSession *session,
                                    const EstKeyringMethod *method,
                                    GVariant *arguments,
                                    GCancellable *cancellable,
                                    GError **error);

/* A method of the Secret Service whose answer ends with a prompt, which is run: blocks as
   long as its dialog is open. FALSE without an error if the person dismissed it. @made
   (NULL: not asked for): the path of the object that was made, NULL if the service does
   not tell. libsecret's own calls leak prompts, and wait for ever for some of KWallet. */
gboolean est_keyring_session_do (EstKeyringSession *session,
                                 const EstKeyringMethod *method,
                                 GVariant *arguments,
                                 char **made,
                                 GCancellable *cancellable,
                                 GError **error);

/* @value as the service understands it in this session, (oayays); floating. */
GVariant *est_keyring_session_encode (EstKeyringSession *session, SecretValue *value);

void est_keyring_session_close (EstKeyringSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstKeyringSession, est_keyring_session_close)
