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

/* As est_keyring_prompt_run(). */
gboolean est_keyring_session_ask_person (EstKeyringSession *session,
                                         const char *prompt,
                                         GCancellable *cancellable,
                                         GError **error);

void est_keyring_session_close (EstKeyringSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstKeyringSession, est_keyring_session_close)
