/* What a way of doing mechanisms has to offer. All octets here are bare, not base64; text
   has a NUL behind its length. Internal to wire/. */
#pragma once

#include "wire/sasl.h"

/* What a step came to. */
typedef struct
{
  char *response; /* new octets, wiped by whoever asked; NULL: empty */
  gsize length;
  gboolean complete; /* as far as we are concerned the server may say 235 now */
} EstSaslTurn;

typedef struct
{
  /* NULL and UNUSABLE if it cannot work here. */
  gpointer (*begin) (const char *mechanism, const EstSaslSelf *self, GError **error);

  /* @challenge NULL: the initial response. Not called again after an error. */
  gboolean (*step) (gpointer exchange,
                    const char *challenge,
                    gsize length,
                    EstSaslTurn *turn,
                    GError **error);
  void (*end) (gpointer exchange);
} EstSaslKind;

extern const EstSaslKind est_sasl_by_scram;   /* sasl-scram.c */
extern const EstSaslKind est_sasl_by_bearer;  /* sasl-bearer.c */
extern const EstSaslKind est_sasl_by_library; /* sasl-library.c */

/* RFC 5801 4, "saslname": where commas and equals signs have a meaning. New string. */
char *est_sasl_escape_name (const char *name);
