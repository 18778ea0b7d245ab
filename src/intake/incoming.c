/* Takes one message in. */
#include "intake/incoming.h"

#include "base/clock.h"
#include "intake/authorship.h"
#include "intake/vet.h"
#include "mail/header.h"
#include "mail/lines.h"
#include "mail/options.h"

#include <string.h>

#define TYPICAL_HEADER 4096 /* octets */
#define MANY           50   /* recipients */

struct EstIncoming
{
  EstIntake *intake;
  EstEnvelope *envelope;
  EstSettings *settings; /* one snapshot for the whole message */
  GByteArray *header;    /* what has arrived of it; NULL once it is complete */
  char *message_id;
  char *subject;            /* decoded */
  EstAuthorship authorship; /* once the header is complete */
  EstContent *content;
  EstTerms terms;
  char *program;
  gboolean is_list_mail;
  gboolean header_is_8bit;
  gboolean body_is_8bit;
  guint64 arrived; /* octets of content as handed in */
  GError *error;   /* the first one: the message is lost */
};

EstIncoming *
est_incoming_new (EstIntake *intake, EstEnvelope *envelope)
{
  EstIncoming *incoming = g_new0 (EstIncoming, 1);
  incoming->intake = intake;
  incoming->envelope = est_envelope_ref (envelope);
  incoming->settings = est_intake_settings (intake);
  incoming->header
    = g_byte_array_sized_new (TYPICAL_HEADER); /* so its data is never NULL */
  incoming->content = est_content_new (est_outbox_folder (est_intake_outbox (intake)));
  return incoming;
}

void
est_incoming_free (EstIncoming *incoming)
{
  if (incoming == NULL)
    return;
  est_permit_unref (incoming->terms.permit);
  est_envelope_unref (incoming->envelope);
  est_settings_unref (incoming->settings);
  g_clear_pointer (&incoming->header, g_byte_array_unref);
  est_content_free (incoming->content);
  g_free (incoming->message_id);
  g_free (incoming->subject);
  est_authorship_clear (&incoming->authorship);
  g_free (incoming->program);
  g_clear_error (&incoming->error);
  g_free (incoming);
}

/* It says itself that it goes to many: a list's, or "Precedence: bulk", list or junk. */
static gboolean
is_list_mail (const char *data, gsize length)
{
  static const char *const words[] = {"bulk", "list", "junk", NULL};
  g_autofree char *id = est_header_get (data, length, "List-Id");
  g_autofree char *leave = est_header_get (data, length, "List-Unsubscribe");
  g_autofree char *precedence = est_header_get (data, length, "Precedence");
  g_autofree char *word = precedence ? g_ascii_strdown (precedence, -1) : g_strdup ("");
  return id != NULL || leave != NULL || g_strv_contains (words, g_strstrip (word));
}

static void
learn_from_header (EstIncoming *incoming, const char *data, gsize length)
{
  g_autofree char *subject = est_header_get (data, length, "Subject");
  incoming->subject = est_header_decode (subject);
  incoming->is_list_mail = is_list_mail (data, length);
  incoming->message_id = est_header_get (data, length, "Message-ID");
  if (incoming->message_id == NULL)
    incoming->message_id = est_message_id_new (incoming->authorship.sender);
}

/* Declared BINARYMIME the content was not looked at on its way here; but where a header
   ends, and what stands in it, must be the same for every reader. */
static gboolean
header_is_lines (const char *data, gsize end, gsize length, GError **error)
{
  EstLines lines = {0};
  gboolean closed = end < length && (data[end] == '\r' || data[end] == '\n');
  if (est_lines_check (&lines, data, end) && est_lines_finish (&lines)
      && (!closed || (length - end >= 2 && memcmp (data + end, "\r\n", 2) == 0)))
    return TRUE;
  g_set_error_literal (error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_CONTENT,
                       "a bare CR or LF, or a NUL in the header: its lines must end "
                       "with CRLF");
  return FALSE;
}

/* Whoever signed in must be allowed to write as whom the message names, and as whom it
   leaves. */
static gboolean
settle (EstIncoming *incoming, const char *data, gsize length, GError **error)
{
  EstPermit *permit = incoming->terms.permit;
  EstAuthorship *authorship = &incoming->authorship;
  if ((permit != NULL && !est_permit_judge_header (permit, data, length, error))
      || !est_authorship_settle (authorship, incoming->settings,
                                 incoming->envelope->sender, data, length, error))
    return FALSE;
  return permit == NULL
         || (est_permit_judge_sender (permit, authorship->sender, error)
             && est_permit_judge_account (permit, authorship->account->name, error));
}

/* A header that ended without an empty line, because the text below it is no field, gets
   one: else that text would stand among our own fields. */
static gboolean
close_header (EstIncoming *incoming, gsize end, GError **error)
{
  g_autoptr (GByteArray) raw = g_steal_pointer (&incoming->header);
  const char *data = (const char *) raw->data;
  if (!header_is_lines (data, end, raw->len, error)
      || !settle (incoming, data, end, error))
    return FALSE;
  learn_from_header (incoming, data, end);
  incoming->header_is_8bit = est_has_high_octet (data, end);
  incoming->body_is_8bit = est_has_high_octet (data + end, raw->len - end);

  g_autoptr (GByteArray) completed = g_byte_array_sized_new ((guint) end + 256);
  est_header_complete (data, end, est_clock_now (), incoming->message_id, completed);
  gboolean has_body = end < raw->len;
  if (has_body && raw->data[end] != '\r')
    g_byte_array_append (completed, (const guint8 *) "\r\n", 2);
  return est_content_append (incoming->content, completed->data, completed->len, error)
         && est_content_append (incoming->content, raw->data + end, raw->len - end,
                                error);
}

static gboolean
append_to_header (EstIncoming *incoming,
                  const char *data,
                  gsize length,
                  gboolean complete,
                  GError **error)
{
  g_byte_array_append (incoming->header, (const guint8 *) data, (guint) length);
  gssize end = est_header_find_end ((const char *) incoming->header->data,
                                    incoming->header->len, complete);
  if (end > EST_HEADER_LIMIT || (end < 0 && incoming->header->len > EST_HEADER_LIMIT))
    {
      g_set_error (error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_HEADER,
                   "the message header is larger than %d octets", EST_HEADER_LIMIT);
      return FALSE;
    }
  return end < 0 || close_header (incoming, (gsize) end, error);
}

static gboolean
append (EstIncoming *incoming, const char *data, gsize length, GError **error)
{
  guint64 limit = incoming->settings->submission.size;
  incoming->arrived += length;
  if (incoming->arrived > limit)
    {
      g_set_error (error, EST_INTAKE_ERROR, EST_INTAKE_ERROR_TOO_LARGE,
                   "the message is larger than %" G_GUINT64_FORMAT " octets", limit);
      return FALSE;
    }
  if (incoming->header != NULL)
    return append_to_header (incoming, data, length, FALSE, error);
  incoming->body_is_8bit = incoming->body_is_8bit || est_has_high_octet (data, length);
  return est_content_append (incoming->content, data, length, error);
}

gboolean
est_incoming_append (EstIncoming *incoming,
                     const char *data,
                     gsize length,
                     GError **error)
{
  if (incoming->error == NULL && append (incoming, data, length, &incoming->error))
    return TRUE;
  g_propagate_error (error, g_error_copy (incoming->error));
  return FALSE;
}

void
est_incoming_set_terms (EstIncoming *incoming, const EstTerms *terms)
{
  EstPermit *permit = terms->permit != NULL ? est_permit_ref (terms->permit) : NULL;
  est_permit_unref (incoming->terms.permit);
  incoming->terms = *terms;
  incoming->terms.permit = permit;
  g_free (incoming->program);
  incoming->program = g_strdup (terms->program);
}

/* BINARYMIME stays as it was said: whether a part is labelled so is known only where its
   MIME is read, when it leaves. */
static EstBody
describe_body (const EstIncoming *incoming)
{
  if (incoming->envelope->body == EST_BODY_BINARYMIME)
    return EST_BODY_BINARYMIME;
  return incoming->header_is_8bit || incoming->body_is_8bit ? EST_BODY_8BITMIME
                                                            : EST_BODY_7BIT;
}

/* What is said about the content must be true: a client that leaves out BODY=8BITMIME has
   it said for it, and of no relay is more asked than the content needs. */
static EstEnvelope *
describe_truly (const EstIncoming *incoming)
{
  const EstEnvelope *said = incoming->envelope;
  g_auto (EstMailOptions) options = {0};
  est_mail_options_parse (&options, said->options, EST_EXTENSIONS_ALL, 0, NULL);
  options.utf8 = options.utf8 && incoming->header_is_8bit;
  g_autofree char *text = est_mail_options_format (&options, EST_EXTENSIONS_ALL, 0);
  return est_envelope_new_with_options (
    incoming->authorship.sender, (const char *const *) said->recipients,
    describe_body (incoming), text, (const char *const *) said->recipient_options);
}

/* Asked again now: its person may have answered since MAIL, and others of the same app
   may have handed in as much at once. */
static gboolean
vet (EstIncoming *incoming, GError **error)
{
  EstReason held;
  EstTerms *terms = &incoming->terms;
  if (!est_intake_vet (incoming->intake, incoming->program, terms->sandboxed, &held,
                       error))
    return FALSE;
  if (held != EST_REASON_NONE)
    terms->held = held;
  return TRUE;
}

/* Every message counts for the crowd, also what is bulk for another reason. */
static gboolean
is_bulk (const EstIncoming *incoming)
{
  gboolean crowd = est_crowd_note (est_intake_crowd (incoming->intake), incoming->program,
                                   g_get_monotonic_time ());
  return crowd || incoming->is_list_mail
         || g_strv_length (incoming->envelope->recipients) > MANY;
}

static gboolean
store (EstIncoming *incoming, gint64 *id, GError **error)
{
  if (incoming->header != NULL && !append_to_header (incoming, "", 0, TRUE, error))
    return FALSE;
  if (!vet (incoming, error))
    return FALSE;
  g_autoptr (EstEnvelope) envelope = describe_truly (incoming);
  EstLetter letter = {.envelope = envelope,
                      .account = incoming->authorship.account->name,
                      .message_id = incoming->message_id,
                      .subject = incoming->subject,
                      .not_before = incoming->terms.not_before,
                      .priority = incoming->terms.priority,
                      .program = incoming->program,
                      .held = incoming->terms.held,
                      .bulk = is_bulk (incoming)};
  if (!est_outbox_add (est_intake_outbox (incoming->intake), &letter, incoming->content,
                       id, error))
    return FALSE;
  if (incoming->terms.permit != NULL)
    est_permit_use (incoming->terms.permit);
  return TRUE;
}

gboolean
est_incoming_store (EstIncoming *incoming, gint64 *id, GError **error)
{
  if (incoming->error == NULL && store (incoming, id, &incoming->error))
    return TRUE;
  g_propagate_error (error, g_error_copy (incoming->error));
  return FALSE;
}
