/* Whether an app may send: one notice for each that waits for an answer, with the buttons
   that give it. Used by the notifier's thread alone, but for the answer. */
#pragma once

#include "desktop/apps.h"
#include "desktop/notice-board.h"

typedef struct EstAppQuestions EstAppQuestions;

/* @board: borrowed. */
EstAppQuestions *
est_app_questions_new (EstOutbox *outbox, EstApps *apps, EstNoticeBoard *board);
void est_app_questions_free (EstAppQuestions *questions);

/* Tells what is asked now and was not told yet, and takes down what is not asked any
   more. */
void est_app_questions_tell (EstAppQuestions *questions);

/* The answer about @program could not be kept: what is asked is to be told anew. */
void est_app_questions_forget (EstAppQuestions *questions, const char *program);

/* The button @code of the notice for @incident was pressed; main loop. FALSE: the
   incident is no question of an app. */
gboolean est_app_questions_answer (EstApps *apps, const char *incident, const char *code);
