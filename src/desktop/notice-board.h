/* What stands on the person's desktop: one notification per incident, replaced as it goes
   on, taken down when it is over. Talks to the notification server and may block for as
   long as that hangs, so one thread of its own uses it, and only that. Without a server
   it does nothing. */
#pragma once

#include "wording/notice.h"

#include <glib-object.h>

typedef struct EstNoticeBoard EstNoticeBoard;

/* The button @code of the notice that stands for @incident was pressed; called on the
   main loop. A notice that was taken down meanwhile has no buttons any more. */
typedef void (*EstNoticePressed) (const char *incident, const char *code, GObject *data);

/* Every button holds a reference of @data. */
EstNoticeBoard *est_notice_board_new (EstNoticePressed pressed, GObject *data);

/* Takes nothing down: what the person has not read stays. */
void est_notice_board_free (EstNoticeBoard *board);

typedef enum
{
  EST_NOTICE_QUIET,   /* good news: goes by itself, not kept */
  EST_NOTICE_STAYS,   /* something waits */
  EST_NOTICE_TROUBLE, /* somebody must do something */
} EstNoticeKind;

/* Puts @notice up, or in the place of what stands there for the same @incident. FALSE:
   nobody shows it. */
gboolean est_notice_board_put (EstNoticeBoard *board,
                               const char *incident,
                               EstNoticeKind kind,
                               const EstNotice *notice);

gboolean est_notice_board_has (EstNoticeBoard *board, const char *incident);

/* The incident is over. */
void est_notice_board_take (EstNoticeBoard *board, const char *incident);
