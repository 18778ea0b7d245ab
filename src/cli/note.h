/* The delivery note: everything known about one message, in words, to be read by the
   person or pasted to a support desk. */
#pragma once

#include <glib.h>

/* @message: a{sv} as org.estafeta.Outbox1.Show returns it. New string of whole lines. */
char *est_note_format (GVariant *message);
