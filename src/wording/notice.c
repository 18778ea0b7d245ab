/* The texts of notifications. */
#include "wording/notice.h"

#include "wording/figure.h"
#include "wording/program.h"
#include "wording/reason.h"
#include "wording/text.h"

#include <glib/gi18n.h>

#define SUBJECT_LIMIT 80
#define ADDRESS_LIMIT 80
#define PROBLEM_LIMIT 400
#define NAMED         3 /* recipients told by their addresses; the rest are counted */

void
est_notice_free (EstNotice *notice)
{
  if (notice == NULL)
    return;
  g_free (notice->summary);
  g_free (notice->body);
  est_notice_buttons_free (notice->buttons);
  g_free (notice->with_buttons);
  g_free (notice->without_buttons);
  g_free (notice);
}

/* Takes both. */
static EstNotice *
new_notice (char *summary, char *body)
{
  EstNotice *notice = g_new0 (EstNotice, 1);
  *notice = (EstNotice){.summary = summary, .body = body};
  return notice;
}

static char *
name_subject (const char *subject)
{
  g_autofree char *tamed = est_text_tame (subject, SUBJECT_LIMIT);
  return g_strdup (*tamed != '\0' ? tamed : _ ("(no subject)"));
}

/* "a@example.org, b@example.org and 3 more" */
static char *
name_addresses (const char *const *addresses)
{
  guint n = g_strv_length ((char **) addresses);
  guint named = n <= NAMED ? n : NAMED - 1;
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < named; i++)
    {
      g_autofree char *address = est_text_tame (addresses[i], ADDRESS_LIMIT);
      g_string_append_printf (out, "%s%s", i > 0 ? ", " : "", address);
    }
  if (n > named)
    /* TRANSLATORS: goes on behind a list of addresses: "a, b and 3 more" */
    g_string_append_printf (out, ngettext (" and %u more", " and %u more", n - named),
                            n - named);
  return g_string_free (out, FALSE);
}

EstNotice *
est_notice_sent (guint count, const char *subject, const char *const *recipients)
{
  g_autofree char *to = name_addresses (recipients);
  /* TRANSLATORS: %s are addresses */
  char *body = g_strdup_printf (_ ("To %s"), to);
  if (count > 1)
    return new_notice (
      g_strdup_printf (ngettext ("%u message sent", "%u messages sent", count), count),
      body);

  g_autofree char *title = name_subject (subject);
  /* TRANSLATORS: %s is a subject */
  return new_notice (g_strdup_printf (_ ("Sent: %s"), title), body);
}

EstNotice *
est_notice_ahead (guint count,
                  const char *subject,
                  const char *const *recipients,
                  gint64 until,
                  gint64 now)
{
  g_autofree char *to = name_addresses (recipients);
  g_autofree char *when = est_wording_when (until, now);
  if (count > 1)
    return new_notice (
      g_strdup_printf (
        ngettext ("%u message handed over", "%u messages handed over", count), count),
      /* TRANSLATORS: %s are addresses */
      g_strdup_printf (_ ("To %s. Your provider keeps them and sends each on at the time "
                          "you chose. They can no longer be stopped here."),
                       to));
  g_autofree char *title = name_subject (subject);
  /* TRANSLATORS: %s is a subject */
  return new_notice (g_strdup_printf (_ ("Handed over: %s"), title),
                     /* TRANSLATORS: addresses, and a time of day or a date */
                     g_strdup_printf (_ ("To %s. Your provider keeps it and sends it on "
                                         "at the time you chose: %s. It can no longer be "
                                         "stopped here."),
                                      to, when));
}

/* No time of the next attempt: a notice may stand for hours, and would be wrong soon. */
static char *
tell_next (EstReason reason, const char *account)
{
  char *remedy = est_wording_remedy (reason, account);
  return remedy != NULL
           ? remedy
           : g_strdup (_ ("The mail leaves by itself as soon as that changes."));
}

EstNotice *
est_notice_waiting (EstReason reason,
                    const char *account,
                    guint count,
                    const char *figures,
                    const char *reply)
{
  g_autofree char *why = est_wording_reason (reason, account, figures, reply);
  g_autofree char *next = tell_next (reason, account);
  EstNotice *notice = new_notice (
    g_strdup_printf (ngettext ("%u message is waiting", "%u messages are waiting", count),
                     count),
    g_strconcat (why, " ", next, NULL));
  notice->buttons = est_wording_buttons (reason);
  return notice;
}

static char *
tell_refused (const char *const *refused, const char *reply)
{
  g_autofree char *to = name_addresses (refused);
  if (reply == NULL || *reply == '\0')
    /* TRANSLATORS: %s are addresses */
    return g_strdup_printf (_ ("It did not reach %s."), to);
  g_autofree char *quote = est_text_tame (reply, PROBLEM_LIMIT);
  /* TRANSLATORS: addresses, and the words of a mail server */
  return g_strdup_printf (_ ("It did not reach %s. The mail server said: “%s”."), to,
                          quote);
}

/* What we know ourselves is not put into the server's mouth. */
static char *
tell_impossible (EstReason reason,
                 const char *const *refused,
                 const char *figures,
                 const char *reply)
{
  g_autofree char *what = tell_refused (refused, NULL);
  g_autofree char *why = est_wording_reason (reason, NULL, figures, reply);
  g_autofree char *remedy = est_wording_remedy (reason, NULL);
  return g_strjoin (" ", what, why, remedy, NULL);
}

/* Takes @text. */
static char *
add_others (char *text, guint n_sent)
{
  if (n_sent == 0)
    return text;
  g_autofree char *first = text;
  g_autofree char *rest = g_strdup_printf (
    ngettext ("%u other recipient got it.", "%u other recipients got it.", n_sent),
    n_sent);
  return g_strconcat (first, " ", rest, NULL);
}

EstNotice *
est_notice_failed (EstReason reason,
                   const char *subject,
                   const char *const *refused,
                   guint n_sent,
                   const char *figures,
                   const char *reply)
{
  gboolean impossible = reason == EST_REASON_INCAPABLE || reason == EST_REASON_TOO_LARGE;
  g_autofree char *title = name_subject (subject);
  char *why = add_others (impossible ? tell_impossible (reason, refused, figures, reply)
                                     : tell_refused (refused, reply),
                          n_sent);
  if (n_sent == 0)
    /* TRANSLATORS: %s is a subject */
    return new_notice (g_strdup_printf (_ ("Not sent: %s"), title), why);
  /* TRANSLATORS: %s is a subject */
  return new_notice (g_strdup_printf (_ ("Not sent to everybody: %s"), title), why);
}

EstNotice *
est_notice_late (guint count,
                 const char *subject,
                 const char *const *refused,
                 guint n_sent)
{
  if (count > 1)
    return new_notice (
      g_strdup_printf (
        ngettext ("%u message was too late", "%u messages were too late", count), count),
      g_strdup (_ ("They had to be delivered by a certain time, and that is over. "
                   "“estafeta list --reason=late” shows them.")));
  g_autofree char *title = name_subject (subject);
  g_autofree char *to = name_addresses (refused);
  /* TRANSLATORS: %s are addresses */
  char *why = g_strdup_printf (_ ("It had to be delivered by a certain time, and that is "
                                  "over, so it was not sent to %s."),
                               to);
  /* TRANSLATORS: %s is a subject */
  return new_notice (g_strdup_printf (_ ("Too late: %s"), title),
                     add_others (why, n_sent));
}

EstNotice *
est_notice_relayed (guint count, const char *subject, const char *const *recipients)
{
  g_autofree char *to = name_addresses (recipients);
  if (count > 1)
    return new_notice (
      g_strdup_printf (ngettext ("%u message passed on", "%u messages passed on", count),
                       count),
      /* TRANSLATORS: %s are addresses */
      g_strdup_printf (_ ("Your provider took them for %s. It does not report whether "
                          "they arrive, although the mail asked for that."),
                       to));
  g_autofree char *title = name_subject (subject);
  /* TRANSLATORS: %s is a subject */
  return new_notice (g_strdup_printf (_ ("Passed on: %s"), title),
                     /* TRANSLATORS: %s are addresses */
                     g_strdup_printf (_ ("Your provider took it for %s. It does not "
                                         "report whether it arrives, although the mail "
                                         "asked for that."),
                                      to));
}

EstNotice *
est_notice_held (EstReason reason, const char *subject, const char *figures)
{
  g_autofree char *title = name_subject (subject);
  g_autofree char *why = est_wording_reason (reason, NULL, figures, NULL);
  g_autofree char *remedy = est_wording_remedy (reason, NULL);
  /* TRANSLATORS: %s is a subject */
  char *summary = reason == EST_REASON_UNCERTAIN
                    ? g_strdup_printf (_ ("Did it arrive? %s"), title)
                    : g_strdup_printf (_ ("On hold: %s"), title);
  return new_notice (summary, remedy != NULL ? g_strconcat (why, " ", remedy, NULL)
                                             : g_strdup (why));
}

static EstNotice *
ask_whether_old (guint count)
{
  return new_notice (
    g_strdup_printf (
      ngettext ("Still send %u message?", "Still send %u messages?", count), count),
    g_strdup (_ ("It has been more than two weeks, and no mail server has seen it yet. "
                 "“estafeta release --reason=old” sends it, “estafeta list --reason=old” "
                 "shows it, “estafeta discard --reason=old” gives it up.")));
}

static EstNotice *
ask_whether_restored (guint count)
{
  return new_notice (
    g_strdup_printf (
      ngettext ("Did %u message leave already?", "Did %u messages leave already?", count),
      count),
    g_strdup (
      _ ("The outbox was put back from a copy, so what waits in it may have left "
         "since. “estafeta release --reason=restored” sends it, “estafeta arrived "
         "--reason=restored” says that it had left.")));
}

EstNotice *
est_notice_asked (EstReason reason, guint count)
{
  return reason == EST_REASON_OLD ? ask_whether_old (count)
                                  : ask_whether_restored (count);
}

/* "the Flatpak app ..." stands at the beginning here. */
static char *
begin_with (const char *phrase)
{
  gunichar first = g_utf8_get_char (phrase);
  GString *out = g_string_new (NULL);
  if (first != 0)
    g_string_append_unichar (out, g_unichar_toupper (first));
  g_string_append (out, first != 0 ? g_utf8_next_char (phrase) : "");
  return g_string_free (out, FALSE);
}

static char *
ask_for_app (const char *program, const char *sender)
{
  g_autofree char *phrase = est_wording_program (program);
  g_autofree char *app = begin_with (phrase);
  g_autofree char *address = est_text_tame (sender, ADDRESS_LIMIT);
  if (*address == '\0')
    /* TRANSLATORS: %s is an app */
    return g_strdup_printf (_ ("%s wants to send mail"), app);
  /* TRANSLATORS: an app, and the person's address */
  return g_strdup_printf (_ ("%s wants to send as %s"), app, address);
}

static char *
tell_first (guint count, const char *subject, const char *const *recipients)
{
  g_autofree char *title = name_subject (subject);
  g_autofree char *to = name_addresses (recipients);
  if (count == 1)
    /* TRANSLATORS: a subject, and addresses */
    return g_strdup_printf (_ ("Its message “%s” to %s waits for your answer."), title,
                            to);
  return g_strdup_printf (
    /* TRANSLATORS: a number, a subject, and addresses */
    ngettext ("%u message of it waits for your answer: “%s” to %s.",
              "%u messages of it wait for your answer, the first being “%s” to %s.",
              count),
    count, title, to);
}

static EstNoticeButton *
new_answers (void)
{
  EstNoticeButton *buttons = est_notice_buttons_new (2);
  buttons[0] = (EstNoticeButton){"allow", g_strdup (C_ ("button", "Allow"))};
  buttons[1] = (EstNoticeButton){"refuse", g_strdup (C_ ("button", "Refuse"))};
  return buttons;
}

EstNotice *
est_notice_app (const char *program,
                const char *sender,
                guint count,
                const char *subject,
                const char *const *recipients)
{
  EstNotice *notice
    = new_notice (ask_for_app (program, sender), tell_first (count, subject, recipients));
  g_autofree char *name = est_text_tame (program, 0);
  notice->buttons = new_answers ();
  notice->with_buttons = g_strdup (
    _ ("“Allow” lets it send, now and later. “Refuse” takes no more mail from "
       "it; what is here stays on hold."));
  notice->without_buttons = g_strdup_printf (
    /* TRANSLATORS: both %s are the name of the app, in a command */
    _ ("“estafeta app allow %s” lets it send, now and later. “estafeta app refuse %s” "
       "takes no more mail from it; what is here stays on hold."),
    name, name);
  return notice;
}

EstNotice *
est_notice_set_aside (const char *name)
{
  g_autofree char *tamed = est_text_tame (name, SUBJECT_LIMIT);
  /* TRANSLATORS: %s is the name of a file */
  return new_notice (
    g_strdup (_ ("The outbox was damaged")),
    g_strdup_printf (_ ("What could be read of it was recovered; “estafeta list "
                        "--reason=damaged” shows what is incomplete. The damaged file is "
                        "kept beside it as %s. Have the disk checked."),
                     tamed));
}

EstNotice *
est_notice_bereft (void)
{
  return new_notice (
    g_strdup (_ ("The outbox is gone")),
    g_strdup (
      _ ("The outbox that was on this computer is not there any more, and with it "
         "what waited in it. A new one was begun. If you have a copy, end "
         "estafetad and put the file outbox.db back.")));
}

EstNotice *
est_notice_port_taken (const char *address, const char *user)
{
  g_autofree char *name = est_text_tame (user, ADDRESS_LIMIT);
  g_autofree char *remedy = est_wording_remedy (EST_REASON_PORT_TAKEN, NULL);
  g_autofree char *who
    = user == NULL
        /* TRANSLATORS: %s is an address with a port */
        ? g_strdup_printf (
          _ ("Another program holds %s, and mail handed in there does not "
             "come here."),
          address)
        /* TRANSLATORS: the name of a user, and an address with a port */
        : g_strdup_printf (
          _ ("A program of the user %s holds %s, and mail handed in there does "
             "not come here."),
          name, address);
  return new_notice (g_strdup (_ ("The mail port is taken")),
                     g_strconcat (who, " ", remedy, NULL));
}

EstNotice *
est_notice_settings (const char *problem)
{
  g_autofree char *what = est_text_tame (problem, PROBLEM_LIMIT);
  /* TRANSLATORS: %s says in English what is wrong with the file */
  return new_notice (
    g_strdup (_ ("The settings cannot be used")),
    g_strdup_printf (_ ("The last good settings stay in force. What is wrong: %s"),
                     what));
}
