/* What a notification says: a short line and a text, both plain, without markup, in the
   person's language. Subjects, addresses and replies are made harmless and short here. */
#pragma once

#include "wording/button.h"

typedef struct
{
  char *summary;
  char *body;
  EstNoticeButton *buttons; /* up to one without a code; NULL: none */
  char *with_buttons;       /* goes on behind the body where buttons can be shown, */
  char *without_buttons;    /* and where they cannot; NULL: nothing does */
} EstNotice;

void est_notice_free (EstNotice *notice);

/* @count messages left; @subject (NULL: none) counts where it is one, @recipients of
   all. */
EstNotice *
est_notice_sent (guint count, const char *subject, const char *const *recipients);

/* @count messages wait for one @account, and what ends that. @figures, here and below:
   see EstOutcome, may be NULL. */
EstNotice *est_notice_waiting (EstReason reason,
                               const char *account,
                               guint count,
                               const char *figures,
                               const char *reply);

/* @refused: the addresses that did not get it; @n_sent: how many did. @reply: the
   server's words, NULL where it was not asked. */
EstNotice *est_notice_failed (EstReason reason,
                              const char *subject,
                              const char *const *refused,
                              guint n_sent,
                              const char *figures,
                              const char *reply);

/* @count messages were handed to a provider who keeps them until their time, @until (s
   since 1970) for one; @subject and @recipients as with est_notice_sent(). */
EstNotice *est_notice_ahead (guint count,
                             const char *subject,
                             const char *const *recipients,
                             gint64 until,
                             gint64 now);

/* @count messages were taken by a provider that does not report what becomes of them
   although they asked for it; @subject and @recipients as with est_notice_sent(). */
EstNotice *
est_notice_relayed (guint count, const char *subject, const char *const *recipients);

/* @count messages were not sent because their time is over; the rest as with
   est_notice_failed(), and counts where it is one. */
EstNotice *est_notice_late (guint count,
                            const char *subject,
                            const char *const *refused,
                            guint n_sent);

EstNotice *est_notice_held (EstReason reason, const char *subject, const char *figures);

/* @count messages ask the same question: OLD or RESTORED. */
EstNotice *est_notice_asked (EstReason reason, guint count);

/* May the app @program (see base/origin.h) send? @count messages of it wait; the first is
   from @sender ("": the null one), with @subject (NULL: none) to @recipients. Buttons:
   "allow", "refuse". */
EstNotice *est_notice_app (const char *program,
                           const char *sender,
                           guint count,
                           const char *subject,
                           const char *const *recipients);

/* The outbox was damaged; the damaged file is kept as @name. */
EstNotice *est_notice_set_aside (const char *name);

/* The outbox that was here is gone; a new one was begun. */
EstNotice *est_notice_bereft (void);

/* @user: the name of whoever holds @address, NULL if it cannot be told. */
EstNotice *est_notice_port_taken (const char *address, const char *user);

/* @problem: what is wrong with the settings file. */
EstNotice *est_notice_settings (const char *problem);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstNotice, est_notice_free)
