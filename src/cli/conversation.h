/* What a mail server said in one attempt, as lines of the delivery note. */
#pragma once

#include <glib.h>

/* @answers: aa{sv}, see Show in org.estafeta.Outbox1. Every line begins with @indent. */
void est_conversation_append (GString *note, const char *indent, GVariant *answers);
