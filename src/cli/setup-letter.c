/* A mail to oneself through the new account, and what becomes of it while somebody looks
   on. Whatever that is, the account stays. */
#include "cli/setup.h"

#include "base/clock.h"
#include "cli/connect.h"
#include "cli/conversation.h"
#include "cli/record.h"
#include "cli/trouble.h"
#include "wording/reason.h"
#include "wording/state.h"

#include <errno.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ANSWER_SECONDS  60
#define LONGEST_SECONDS 60 /* that its delivery is waited for */

/* An encoded word of RFC 2047 where the language needs it. */
static char *
encode_subject (const char *subject)
{
  if (g_str_is_ascii (subject))
    return g_strdup (subject);
  g_autofree char *code = g_base64_encode ((const guchar *) subject, strlen (subject));
  return g_strdup_printf ("=?UTF-8?B?%s?=", code);
}

static char *
write_letter (const EstSetup *setup)
{
  /* TRANSLATORS: the subject of a mail, at most 40 letters */
  g_autofree char *subject = encode_subject (_ ("Estafeta takes your mail"));
  return g_strdup_printf (
    "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    "Auto-Submitted: auto-generated\r\n\r\n%s\r\n",
    setup->address, setup->address, subject,
    _ ("This is the test mail of “estafeta setup”: it left by your new account."));
}

static int
as_file (const char *text)
{
  int fd = memfd_create ("test-mail", MFD_CLOEXEC);
  gsize length = strlen (text);
  if (fd >= 0
      && (write (fd, text, length) != (gssize) length || lseek (fd, 0, SEEK_SET) != 0))
    {
      close (fd);
      return -1;
    }
  return fd;
}

static EstExit
hand_in (EstSetup *setup, EstBusOutbox1 *outbox)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = write_letter (setup);
  int fd = as_file (text);
  if (fd < 0)
    return est_setup_complain ("%s", g_strerror (errno));
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1);
  GVariant *options = g_variant_new_parsed ("@a{sv} {}");
  if (est_bus_outbox1_call_import_sync (outbox, g_variant_new_handle (0), options, fds,
                                        &setup->letter, NULL, setup->cancellable, &error))
    return EST_EXIT_OK;
  return est_setup_is_given_up (setup) ? EST_EXIT_FAILED
                                       : est_trouble_report (error, NULL);
}

/* Either it is over, or it waits for something that is not going to end by itself now. */
static gboolean
is_settled (GVariant *message)
{
  g_autofree char *state = est_record_text (message, "state");
  g_autofree char *reason = est_record_text (message, "reason");
  if (g_str_equal (state, "sending"))
    return FALSE;
  return !g_str_equal (state, "waiting") || *reason != '\0';
}

static gboolean
on_late (gpointer late)
{
  *(gboolean *) late = TRUE;
  return G_SOURCE_CONTINUE;
}

/* That it woke the loop is all. */
static gboolean
on_ended (GCancellable *cancellable, gpointer data)
{
  return G_SOURCE_REMOVE;
}

/* NULL: the daemon is gone, or the person does not want to wait. */
static GVariant *
wait_for_outcome (EstSetup *setup, EstBusOutbox1 *outbox)
{
  gboolean late = FALSE;
  g_autoptr (GVariant) message = NULL;
  guint timer = g_timeout_add_seconds (LONGEST_SECONDS, on_late, &late);
  g_autoptr (GSource) end = g_cancellable_source_new (setup->cancellable);
  g_source_set_callback (end, G_SOURCE_FUNC (on_ended), NULL, NULL);
  g_source_attach (end, NULL);
  for (;;)
    {
      g_clear_pointer (&message, g_variant_unref);
      if (!est_bus_outbox1_call_show_sync (outbox, setup->letter, &message, NULL, NULL)
          || is_settled (message) || late || est_setup_is_given_up (setup))
        break;
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (timer);
  g_source_destroy (end);
  return g_steal_pointer (&message);
}

/* What the server said about the one addressee. */
static char *
find_reply (GVariant *message)
{
  g_autoptr (GVariant) addressees = est_record_list (message, "addressees");
  if (g_variant_n_children (addressees) == 0)
    return g_strdup ("");
  g_autoptr (GVariant) first = g_variant_get_child_value (addressees, 0);
  return est_record_text (first, "reply");
}

static void
tell_why (const EstSetup *setup, GVariant *message)
{
  g_autofree char *nick = est_record_text (message, "reason");
  g_autofree char *figures = est_record_text (message, "figures");
  g_autofree char *reply = est_record_text (message, "reply");
  EstReason reason = est_reason_from_nick (nick);
  if (reason == EST_REASON_NONE)
    return;
  g_autofree char *why = est_wording_reason (reason, setup->account, figures, reply);
  g_autofree char *remedy = est_wording_remedy (reason, setup->account);
  est_setup_say (setup, why);
  if (remedy != NULL)
    est_setup_say (setup, remedy);
}

static void
tell_outcome (const EstSetup *setup, GVariant *message)
{
  g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, setup->letter);
  g_autofree char *state = est_record_text (message, "state");
  g_autofree char *reply = find_reply (message);
  g_autofree char *note = g_strdup_printf (
    /* TRANSLATORS: the number of a message */
    _ ("“estafeta show %s” is its delivery note."), id);
  if (g_str_equal (state, "sent"))
    {
      g_autofree char *words
        /* TRANSLATORS: what a mail server said, "250 2.0.0 OK" */
        = g_strdup_printf (_ ("The test mail was sent. The server said: %s"), reply);
      est_setup_say (setup, words);
    }
  else
    {
      g_autofree char *words
        /* TRANSLATORS: the state of a message: "waiting", "failed" */
        = g_strdup_printf (_ ("The test mail has not left: %s."),
                           est_wording_state (state));
      est_setup_say (setup, words);
      tell_why (setup, message);
    }
  est_setup_say (setup, note);
}

static gboolean
is_wanted (const EstSetup *setup)
{
  const EstSetupWish *wish = &setup->wish;
  if (wish->test_mail || wish->no_test_mail || wish->offline || !setup->asks)
    return wish->test_mail;
  g_autofree char *question
    /* TRANSLATORS: a mail address */
    = g_strdup_printf (_ ("Send a test mail to %s?"), setup->address);
  g_print ("\n");
  return est_setup_ask (setup, question, TRUE) == EST_SETUP_YES;
}

EstExit
est_setup_letter (EstSetup *setup)
{
  if (!is_wanted (setup))
    return EST_EXIT_OK;
  g_autoptr (EstBusOutbox1) outbox = est_connect_outbox_live (ANSWER_SECONDS);
  if (outbox == NULL)
    return EST_EXIT_NO_DAEMON;
  EstExit answer = hand_in (setup, outbox);
  if (answer != EST_EXIT_OK)
    return answer;
  g_autoptr (GVariant) message = wait_for_outcome (setup, outbox);
  if (message == NULL)
    return EST_EXIT_FAILED;
  tell_outcome (setup, message);
  return EST_EXIT_OK;
}
