/* The apps in sandboxes that are known, with what was said about them. */
#pragma once

#include "account/accounts.h"
#include "outbox/outbox.h"

typedef struct
{
  char *program;
  EstPermission permission;
  guint waiting;  /* messages held for its person's answer */
  gint64 since;   /* creation of the first of them; microseconds; 0: none waits */
  gint64 first;   /* its id */
  char **senders; /* of those; see outbox/asking.h */
} EstApp;

void est_app_free (EstApp *app);

/* The apps that are known by what was said about them or by mail that waits: EstApp, by
   their names. Any thread. */
GPtrArray *est_app_list (EstOutbox *outbox, EstAccounts *accounts, GError **error);
