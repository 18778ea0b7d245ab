/* Reads the file twice: once to see what it is, once to take it in. */
#include "intake/import.h"

#include "intake/authorship.h"
#include "intake/incoming.h"
#include "intake/vet.h"
#include "mail/address.h"
#include "mail/conversion.h"
#include "mail/header.h"
#include "mail/recipients.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 65536 /* octets */

/* A walk through the file with every line end made CRLF. */
typedef struct
{
  int fd;
  off_t at;
  gboolean after_cr;
  gboolean has_crlf, has_lf; /* line ends that it has met */
  GByteArray *out;           /* of the last piece */
} Reader;

static gboolean
complain (GError **error, EstIntakeError code, const char *what)
{
  g_set_error_literal (error, EST_INTAKE_ERROR, (int) code, what);
  return FALSE;
}

/* A CR alone is a line end to some and text to others; a NUL is the end to some. */
static gboolean
convert (Reader *reader, const guint8 *data, gsize length, GError **error)
{
  for (gsize i = 0; i < length; i++)
    {
      gboolean line_end = data[i] == '\n';
      if ((reader->after_cr && !line_end) || data[i] == '\0')
        return complain (error, EST_INTAKE_ERROR_CONTENT,
                         "the file holds a NUL or a CR on its own, which no mail may");
      reader->has_crlf = reader->has_crlf || (line_end && reader->after_cr);
      reader->has_lf = reader->has_lf || (line_end && !reader->after_cr);
      if (line_end)
        g_byte_array_append (reader->out, (const guint8 *) "\r\n", 2);
      else if (data[i] != '\r')
        g_byte_array_append (reader->out, data + i, 1);
      reader->after_cr = data[i] == '\r';
    }
  return TRUE;
}

/* The next piece in @reader->out; empty at the end. */
static gboolean
read_piece (Reader *reader, GError **error)
{
  guint8 buffer[PIECE];
  ssize_t got;
  g_byte_array_set_size (reader->out, 0);
  do
    got = pread (reader->fd, buffer, sizeof buffer, reader->at);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    return complain (error, EST_INTAKE_ERROR_CONTENT, "the file cannot be read");
  reader->at += got;
  if (got > 0)
    return convert (reader, buffer, (gsize) got, error);
  return !reader->after_cr
         || complain (error, EST_INTAKE_ERROR_CONTENT, "the file ends in a CR");
}

/* What the first walk learns. */
typedef struct
{
  GByteArray *header; /* and at most a piece of what follows */
  gssize header_end;  /* -1: not found yet */
  gboolean eight_bit;
  guint64 size;
} Survey;

static gboolean
has_eight_bit (const GByteArray *data)
{
  for (guint i = 0; i < data->len; i++)
    if (data->data[i] >= 0x80)
      return TRUE;
  return FALSE;
}

static gboolean
look_for_header_end (Survey *survey, const GByteArray *piece, GError **error)
{
  if (survey->header_end >= 0)
    return TRUE;
  g_byte_array_append (survey->header, piece->data, piece->len);
  survey->header_end = est_header_find_end ((const char *) survey->header->data,
                                            survey->header->len, piece->len == 0);
  return survey->header_end >= 0 || survey->header->len <= EST_HEADER_LIMIT
         || complain (error, EST_INTAKE_ERROR_HEADER, "the header is too large");
}

static gboolean
has_binary_part (int fd)
{
  g_autoptr (GByteArray) out = g_byte_array_new (), converted = g_byte_array_new ();
  g_autoptr (EstConversion) conversion = est_conversion_new (TRUE);
  Reader reader = {.fd = fd, .out = out};
  gboolean good = TRUE;
  do
    {
      g_byte_array_set_size (converted, 0);
      good = read_piece (&reader, NULL)
             && est_conversion_push (conversion, (const char *) out->data, out->len,
                                     converted, NULL);
    }
  while (good && out->len > 0);
  return est_conversion_met_binary (conversion);
}

/* Both kinds of line ends in one file are those of a careless editor, unless a part is
   not in lines at all: that would not be the same afterwards. */
static gboolean
check_line_ends (const Reader *reader, GError **error)
{
  if (!reader->has_crlf || !reader->has_lf || !has_binary_part (reader->fd))
    return TRUE;
  return complain (error, EST_INTAKE_ERROR_CONTENT,
                   "the file holds a binary part that is not in lines, which would be "
                   "changed");
}

static gboolean
survey_file (int fd, Survey *survey, guint64 limit, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  Reader reader = {.fd = fd, .out = out};
  do
    {
      if (!read_piece (&reader, error) || !look_for_header_end (survey, out, error))
        return FALSE;
      survey->eight_bit = survey->eight_bit || has_eight_bit (out);
      survey->size += out->len;
      if (survey->size > limit)
        return complain (error, EST_INTAKE_ERROR_TOO_LARGE,
                         "the message is larger than the settings allow");
    }
  while (out->len > 0);
  if (survey->size == 0 || survey->header_end == 0)
    return complain (error, EST_INTAKE_ERROR_CONTENT,
                     "the file does not begin with the header of a mail");
  return check_line_ends (&reader, error);
}

static gboolean
collect_recipients (const Survey *survey, GPtrArray *recipients, GError **error)
{
  if (!est_recipients_read ((const char *) survey->header->data,
                            (gsize) survey->header_end, recipients))
    return complain (error, EST_INTAKE_ERROR_NO_RECIPIENTS,
                     "a field of the header holds something that is no address");
  return recipients->len > 0
         || complain (error, EST_INTAKE_ERROR_NO_RECIPIENTS,
                      "the message has no recipients; name them");
}

static gboolean
take_recipients (const EstImport *import,
                 const Survey *survey,
                 GPtrArray *recipients,
                 GError **error)
{
  if (import->recipients == NULL || *import->recipients == NULL)
    return collect_recipients (survey, recipients, error);
  for (const char **recipient = import->recipients; *recipient != NULL; recipient++)
    {
      if (!est_address_is_mailbox (*recipient))
        return complain (error, EST_INTAKE_ERROR_NO_RECIPIENTS,
                         "a recipient is no mail address");
      g_ptr_array_add (recipients, g_strdup (*recipient));
    }
  return TRUE;
}

/* As whom it leaves, by the rule for all messages: see authorship.h. */
static char *
find_sender (const EstSettings *settings,
             const EstImport *import,
             const Survey *survey,
             GError **error)
{
  g_auto (EstAuthorship) authorship = {0};
  if (import->sender != NULL && !est_address_is_mailbox (import->sender))
    {
      complain (error, EST_INTAKE_ERROR_NO_SENDER,
                "the sender is no mail address; name one of yours");
      return NULL;
    }
  return est_authorship_settle (&authorship, settings, import->sender,
                                (const char *) survey->header->data,
                                (gsize) survey->header_end, error)
           ? g_steal_pointer (&authorship.sender)
           : NULL;
}

static EstEnvelope *
make_envelope (EstIntake *intake,
               const EstImport *import,
               const Survey *survey,
               GError **error)
{
  g_autoptr (EstSettings) settings = est_intake_settings (intake);
  g_autoptr (GPtrArray) recipients = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *sender = find_sender (settings, import, survey, error);
  if (sender == NULL || !take_recipients (import, survey, recipients, error))
    return NULL;
  if (recipients->len > settings->submission.recipients)
    {
      complain (error, EST_INTAKE_ERROR_NO_RECIPIENTS,
                "the message has too many recipients");
      return NULL;
    }
  g_ptr_array_add (recipients, NULL);
  return est_envelope_new (sender, (const char *const *) recipients->pdata,
                           survey->eight_bit ? EST_BODY_8BITMIME : EST_BODY_7BIT);
}

static gboolean
take_in (EstIncoming *incoming, int fd, gint64 *id, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  Reader reader = {.fd = fd, .out = out};
  do
    if (!read_piece (&reader, error)
        || (out->len > 0
            && !est_incoming_append (incoming, (const char *) out->data, out->len,
                                     error)))
      return FALSE;
  while (out->len > 0);
  return est_incoming_store (incoming, id, error);
}

static void
set_terms (EstIncoming *incoming, const EstImport *import)
{
  EstTerms terms = {.held = import->held ? EST_REASON_BY_HAND : EST_REASON_NONE};
  if (import->origin != NULL)
    {
      terms.program = import->origin->program;
      terms.sandboxed = import->origin->sandboxed;
    }
  est_incoming_set_terms (incoming, &terms);
}

/* Before the file is read, for whoever may not hand it in. */
static gboolean
vet (EstIntake *intake, const EstOrigin *origin, GError **error)
{
  EstReason held;
  return origin == NULL
         || est_intake_vet (intake, origin->program, origin->sandboxed, &held, error);
}

gboolean
est_import (
  EstIntake *intake, int fd, const EstImport *import, gint64 *id, GError **error)
{
  struct stat status;
  g_autoptr (EstSettings) settings = est_intake_settings (intake);
  g_autoptr (GByteArray) header = g_byte_array_sized_new (PIECE); /* never NULL */
  Survey survey = {.header = header, .header_end = -1};
  if (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode))
    return complain (error, EST_INTAKE_ERROR_CONTENT, "it is no regular file");
  if (!vet (intake, import->origin, error)
      || !survey_file (fd, &survey, settings->submission.size, error))
    return FALSE;
  g_autoptr (EstEnvelope) envelope = make_envelope (intake, import, &survey, error);
  if (envelope == NULL)
    return FALSE;
  g_autoptr (EstIncoming) incoming = est_incoming_new (intake, envelope);
  set_terms (incoming, import);
  return take_in (incoming, fd, id, error);
}
