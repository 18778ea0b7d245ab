/* The other end of signing in by SASL (RFC 4422, RFC 4954): whoever knows the users
   judges them. One object per exchange, one thread. */
#pragma once

#include <glib.h>

typedef struct EstSaslServer EstSaslServer;

/* What SCRAM-SHA-256 (RFC 5802 3) needs of a user; base64, borrowed. */
typedef struct
{
  const char *salt;
  guint rounds;
  const char *stored_key;
  const char *server_key;
} EstSaslKeys;

typedef struct
{
  /* Whether @password is the one of @user (PLAIN, LOGIN): both as they came, maybe empty,
     maybe no UTF-8. */
  gboolean (*admits) (gpointer data, const char *user, const char *password);

  /* FALSE: nobody of that name can sign in by SCRAM. What @keys point to must stay until
     the exchange is over. */
  gboolean (*find_keys) (gpointer data, const char *user, EstSaslKeys *keys);

  gpointer data;
} EstSaslJudge;

typedef enum
{
  EST_SASL_GOES_ON,   /* a challenge, and the client has to answer */
  EST_SASL_ADMITTED,  /* perhaps with a last challenge that the client has to see */
  EST_SASL_REFUSED,   /* wrong, or unknown */
  EST_SASL_MALFORMED, /* not what the mechanism says, or no base64 */
} EstSaslVerdict;

/* "SCRAM-SHA-256", "PLAIN" or "LOGIN", in upper case; NULL for any other. */
EstSaslServer *est_sasl_server_new (const char *mechanism, const EstSaslJudge *judge);
void est_sasl_server_free (EstSaslServer *server);

/* One step. @response is base64 text; NULL at the first step: there was no initial
   response. @challenge gets base64 text, or NULL if there is none. */
EstSaslVerdict
est_sasl_server_step (EstSaslServer *server, const char *response, char **challenge);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstSaslServer, est_sasl_server_free)
