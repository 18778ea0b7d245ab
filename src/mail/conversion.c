/* Walks through a message's entities, one after the other, with a stack of the multiparts
   it is in. A relabelled header and base64 are all it writes itself. */
#include "mail/conversion.h"

#include "mail/base64-lines.h"
#include "mail/cutter.h"
#include "mail/entity.h"
#include "mail/header.h"
#include "mail/mail-error.h"
#include "mail/nesting.h"

#include <string.h>

#define DEPTH_LIMIT  100 /* multiparts within each other */
#define HEADER_LIMIT EST_CUTTER_WHOLE_LIMIT

struct EstConversion
{
  gboolean wide;
  EstCutter cutter;
  GArray *levels; /* see nesting.h */

  GByteArray *header; /* of the entity whose header comes, or NULL */
  gboolean digested;  /* it is a part of a digest */
  gboolean sealed;    /* the entity that comes is under a signature */
  gboolean encoding;  /* its body becomes base64 */
  gboolean unclear;   /* the structure so far can be read in two ways */
  gboolean met_binary;
  gboolean begun;     /* the message's own header is over */
  gboolean break_due; /* a CRLF that may belong to a delimiter (RFC 2046 5.1.1) */

  EstBase64Lines base64;
  GByteArray *out;
  GError *error; /* the first one */
};

static void
fail (EstConversion *conversion, EstMailError code, const char *what)
{
  if (conversion->error == NULL)
    conversion->error = g_error_new_literal (EST_MAIL_ERROR, (int) code, what);
}

static void
copy (EstConversion *conversion, const char *data, gsize length)
{
  g_byte_array_append (conversion->out, (const guint8 *) data, (guint) length);
}

static void
add_to_body (EstConversion *conversion, const char *data, gsize length)
{
  if (conversion->encoding)
    est_base64_lines_push (&conversion->base64, data, length, conversion->out);
  else
    copy (conversion, data, length);
}

static void
settle_break (EstConversion *conversion)
{
  if (conversion->break_due)
    add_to_body (conversion, "\r\n", 2);
  conversion->break_due = FALSE;
}

static void
end_body (EstConversion *conversion)
{
  if (conversion->encoding)
    est_base64_lines_finish (&conversion->base64, conversion->out);
  conversion->encoding = FALSE;
}

static void
begin_entity (EstConversion *conversion)
{
  conversion->header = g_byte_array_new ();
  conversion->cutter.whole_lines = TRUE;
}

/* @closed: the header ends with an empty line. Without one, base64 could be read as more
   of it. */
static void
check_change (EstConversion *conversion, gboolean closed)
{
  if (conversion->sealed)
    fail (conversion, EST_MAIL_ERROR_SIGNED,
          "it is signed, so its binary part cannot be converted for this relay; have the "
          "mail program encode attachments as base64");
  else if (conversion->unclear || !closed)
    fail (
      conversion, EST_MAIL_ERROR_SYNTAX,
      "its MIME structure is unclear, so its binary part cannot be converted for this "
      "relay; have the mail program encode attachments as base64");
}

static void
write_header (EstConversion *conversion,
              const EstEntity *entity,
              const GByteArray *header,
              gboolean closed)
{
  const char *data = (const char *) header->data;
  const char *label = !entity->composite ? "base64" : conversion->wide ? "8bit" : "7bit";
  if (!entity->binary)
    {
      copy (conversion, data, header->len);
      return;
    }
  conversion->met_binary = TRUE;
  check_change (conversion, closed);
  est_entity_relabel (data, header->len, label, conversion->out);
  conversion->encoding = !entity->composite;
}

static void
descend (EstConversion *conversion, EstEntity *entity)
{
  gsize length = strlen (entity->boundary);
  EstLevel level = {.boundary = g_steal_pointer (&entity->boundary),
                    .length = length,
                    .is_signed = entity->is_signed,
                    .is_digest = entity->is_digest,
                    .sealed = conversion->sealed};
  g_array_append_val (conversion->levels, level);
  if (conversion->levels->len > DEPTH_LIMIT)
    fail (conversion, EST_MAIL_ERROR_TOO_LONG, "its parts are nested too deeply");
}

static void
end_header (EstConversion *conversion, gboolean closed)
{
  g_auto (EstEntity) entity = {0};
  g_autoptr (GByteArray) header = g_steal_pointer (&conversion->header);
  conversion->cutter.whole_lines = FALSE;
  if (header->len > 0)
    est_entity_read (&entity, (const char *) header->data, header->len,
                     conversion->digested);
  if (!conversion->begun)
    conversion->sealed = entity.is_sealed;
  conversion->begun = TRUE;
  conversion->unclear = conversion->unclear || entity.unclear;
  conversion->digested = FALSE;
  write_header (conversion, &entity, header, closed);
  if (entity.boundary != NULL)
    descend (conversion, &entity);
  else if (entity.is_message && closed)
    begin_entity (conversion);
}

static void
begin_part (EstConversion *conversion, EstLevel *level)
{
  conversion->sealed = level->sealed || (level->is_signed && level->n_parts == 0);
  conversion->digested = level->is_digest;
  level->n_parts++;
  begin_entity (conversion);
}

static void
take_delimiter (EstConversion *conversion, int level, gboolean closing)
{
  if (conversion->header != NULL)
    end_header (conversion, FALSE);
  end_body (conversion);
  if (conversion->break_due)
    copy (conversion, "\r\n", 2);
  conversion->break_due = FALSE;
  g_array_set_size (conversion->levels, (guint) (closing ? level : level + 1));
  if (!closing)
    begin_part (conversion, &g_array_index (conversion->levels, EstLevel, level));
}

static void
on_text (gpointer data, const char *text, gsize length)
{
  EstConversion *conversion = data;
  if (conversion->header != NULL)
    fail (conversion, EST_MAIL_ERROR_TOO_LONG, "the header of a part is too large");
  settle_break (conversion);
  add_to_body (conversion, text, length);
}

static void
on_line_end (gpointer data)
{
  EstConversion *conversion = data;
  settle_break (conversion);
  conversion->break_due = TRUE;
}

static void
take_body_line (EstConversion *conversion, const char *text, gsize length, gboolean ended)
{
  if (length > 0)
    on_text (conversion, text, length);
  if (ended)
    on_line_end (conversion);
}

/* FALSE: the header was over before this line, which may be a delimiter of its own. */
static gboolean
take_header_line (EstConversion *conversion,
                  const char *text,
                  gsize length,
                  gboolean ended)
{
  GByteArray *header = conversion->header;
  gboolean more = est_header_is_line (text, length, header->len > 0);
  if (more || (length == 0 && ended))
    {
      g_byte_array_append (header, (const guint8 *) text, (guint) length);
      if (ended)
        g_byte_array_append (header, (const guint8 *) "\r\n", 2);
    }
  if (header->len > HEADER_LIMIT)
    fail (conversion, EST_MAIL_ERROR_TOO_LONG, "the header of a part is too large");
  if (more)
    return TRUE;
  end_header (conversion, length == 0);
  return length == 0;
}

static void
on_line (gpointer data, const char *text, gsize length, gboolean ended)
{
  EstConversion *conversion = data;
  gboolean closing = FALSE;
  int level = est_nesting_find (conversion->levels, text, length, &closing);
  if (conversion->error != NULL)
    return;
  if (level >= 0)
    {
      take_delimiter (conversion, level, closing);
      copy (conversion, text, length);
      if (ended)
        copy (conversion, "\r\n", 2);
    }
  else if (conversion->header == NULL)
    take_body_line (conversion, text, length, ended);
  else if (!take_header_line (conversion, text, length, ended))
    on_line (data, text, length, ended);
}

static const EstCutterEvents events = {on_line, on_text, on_line_end};

EstConversion *
est_conversion_new (gboolean wide)
{
  EstConversion *conversion = g_new0 (EstConversion, 1);
  conversion->wide = wide;
  conversion->cutter.events = &events;
  conversion->cutter.data = conversion;
  conversion->levels = est_nesting_new ();
  begin_entity (conversion);
  return conversion;
}

void
est_conversion_free (EstConversion *conversion)
{
  if (conversion == NULL)
    return;
  est_cutter_clear (&conversion->cutter);
  g_array_unref (conversion->levels);
  g_clear_pointer (&conversion->header, g_byte_array_unref);
  g_clear_error (&conversion->error);
  g_free (conversion);
}

static gboolean
report (EstConversion *conversion, GError **error)
{
  conversion->out = NULL;
  if (conversion->error == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (conversion->error));
  return FALSE;
}

gboolean
est_conversion_push (EstConversion *conversion,
                     const char *data,
                     gsize length,
                     GByteArray *out,
                     GError **error)
{
  conversion->out = out;
  est_cutter_push (&conversion->cutter, data, length);
  return report (conversion, error);
}

gboolean
est_conversion_finish (EstConversion *conversion, GByteArray *out, GError **error)
{
  conversion->out = out;
  est_cutter_finish (&conversion->cutter);
  if (conversion->header != NULL)
    end_header (conversion, FALSE);
  settle_break (conversion);
  end_body (conversion);
  return report (conversion, error);
}

gboolean
est_conversion_met_binary (const EstConversion *conversion)
{
  return conversion->met_binary;
}
