/* A word of the person that mail may go on, for the dispatcher, which lives on the main
   loop. */
#pragma once

#include "dispatcher/dispatcher.h"

/* From any thread, without waiting. @account NULL: all of them. */
void est_word_go_on (EstDispatcher *dispatcher, const char *account);
