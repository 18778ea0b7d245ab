/* The port that mail clients are told once, at set-up: the first free one from 2525 on,
   written into the settings and kept from then on. Never another one by itself later:
   clients would hand mail to whoever has the old one. Main loop only. */
#pragma once

#include "account/accounts.h"
#include "submission/listener.h"

#define EST_PORT_FIRST 2525
#define EST_PORT_MOST  100 /* that are tried */

typedef enum
{
  EST_PORT_CHOSEN, /* now */
  EST_PORT_KEPT,   /* the settings said it before */
  EST_PORT_TAKEN,  /* they did, but somebody else listens there */
} EstPortState;

const char *est_port_state_nick (EstPortState state); /* "chosen" ... */

/* What the settings say for a port: "127.0.0.1:2525" "[::1]:2525". New vector. */
char **est_port_choice_places (guint16 port);

/* Chooses, unless the settings have a port: that is kept whoever has it now. @port 0:
   they say that there is none. The port that is chosen is ours before the settings say
   so, so that two people who choose at once get two. FALSE: none is free
   (G_IO_ERROR_ADDRESS_IN_USE), or the settings cannot be written. */
gboolean est_port_choice_make (EstListener *listener,
                               EstAccounts *accounts,
                               guint16 *port,
                               EstPortState *state,
                               GError **error);

/* Takes a choice back: if the settings have just the places of @port, they lose them. */
gboolean est_port_choice_forget (EstAccounts *accounts, guint16 port, GError **error);
