/* Several messages on the terminal, a line each. */
#pragma once

#include <glib.h>

/* @messages: aa{sv} as org.estafeta.Outbox1 lists them. At most the first @most of them,
   and how many more there are; 0: all. */
void est_messages_print (GVariant *messages, guint most);
