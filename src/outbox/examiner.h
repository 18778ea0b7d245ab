/* Looks the whole file through once after the start, in a thread and on a connection of
   its own, so that damage is found before a message is silently missed. */
#pragma once

#include <glib.h>

typedef struct EstExaminer EstExaminer;

/* @damaged is called in the examiner's thread, with what is wrong (English), if the file
   is not sound; it ends by itself either way. */
EstExaminer *est_examiner_start (const char *path,
                                 void (*damaged) (gpointer data, const char *what),
                                 gpointer data);

/* Interrupts it if it is not done yet, and waits for its thread. */
void est_examiner_free (EstExaminer *examiner);
