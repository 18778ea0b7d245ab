/* Walks through a message's entities, one after the other, with a stack of the multiparts
   it is in. A relabelled header and encoded bodies are all it writes itself. */
#include "mail/conversion.h"

#include "mail/coder.h"
#include "mail/cutter.h"
#include "mail/entity.h"
#include "mail/header.h"
#include "mail/lines.h"
#include "mail/mail-error.h"
#include "mail/nesting.h"

#include <string.h>

#define DEPTH_LIMIT  100 /* multiparts within each other */
#define HEADER_LIMIT EST_CUTTER_WHOLE_LIMIT

struct EstConversion
{
  gboolean wide;
  EstPlan *plan; /* NULL: 8 bits stay; not finished: it is being made */
  EstCutter cutter;
  GArray *levels; /* see nesting.h */

  GByteArray *header; /* of the entity whose header comes, or NULL */
  gboolean top;       /* it is a message's, not a part's */
  gboolean digested;  /* it is a part of a digest */
  gboolean sealed;    /* the entity that comes is under a signature */
  gboolean locked;    /* ...is encrypted */
  gboolean unclear;   /* the structure so far can be read in two ways */
  guint n_entities;   /* whose headers are over */
  gboolean met_binary;
  gboolean begun;     /* the message's own header is over */
  gboolean break_due; /* a CRLF that may belong to a delimiter (RFC 2046 5.1.1) */

  EstCoder coder;
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

static gboolean
is_planning (const EstConversion *conversion)
{
  return conversion->plan != NULL && !est_plan_is_finished (conversion->plan);
}

static void
fail_to_narrow (EstConversion *conversion, gboolean sealed)
{
  if (sealed)
    fail (conversion, EST_MAIL_ERROR_SIGNED,
          "it is signed or encrypted, so its 8-bit text cannot be converted for this "
          "relay; have the mail program encode it before it signs");
  else
    fail (conversion, EST_MAIL_ERROR_SYNTAX,
          "its MIME structure is unclear, so its 8-bit text cannot be converted for this "
          "relay; have the mail program encode it as quoted-printable or base64");
}

static void
add_to_body (EstConversion *conversion, const char *data, gsize length)
{
  if (is_planning (conversion) && !est_plan_note (conversion->plan, data, length))
    fail_to_narrow (conversion, est_plan_place (conversion->plan) == EST_PLACE_SEALED);
  est_coder_push (&conversion->coder, data, length, conversion->out);
}

static void
settle_break (EstConversion *conversion)
{
  if (conversion->break_due)
    add_to_body (conversion, "\r\n", 2);
  conversion->break_due = FALSE;
}

static void
begin_entity (EstConversion *conversion, gboolean top)
{
  conversion->header = g_byte_array_new ();
  conversion->top = top;
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

/* What is to be known of its body before its header can be written. */
static void
note_place (EstConversion *conversion, const EstEntity *entity, gboolean closed)
{
  EstPlace place = entity->text ? EST_PLACE_TEXT : EST_PLACE_DATA;
  if (entity->binary && !entity->composite)
    place = EST_PLACE_SETTLED;
  else if (conversion->sealed || conversion->locked || entity->locked)
    place = EST_PLACE_SEALED;
  else if (entity->composite || entity->encoded || conversion->unclear || !closed)
    place = EST_PLACE_FIXED;
  if (!est_plan_begin (conversion->plan, place))
    fail (conversion, EST_MAIL_ERROR_TOO_LONG, "it has too many parts");
}

/* Text of a message that says nothing of MIME becomes a message that does, with the name
   of RFC 1428 for letters nobody has named. */
static const char *
fields_for (const EstConversion *conversion, const EstEntity *entity, gboolean utf8)
{
  if (!conversion->top || entity->has_version)
    return NULL;
  if (entity->has_type)
    return "MIME-Version: 1.0\r\n";
  return utf8 ? "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
              : "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=unknown-8bit\r\n";
}

/* A label of 8 bits is not true any more where all of it is of 7; nobody is wronged if
   what may not be changed keeps it. */
static const char *
label_for (const EstConversion *conversion, const EstEntity *entity, gboolean closed)
{
  gboolean narrow = conversion->plan != NULL;
  if (entity->binary)
    return !entity->composite ? "base64" : conversion->wide ? "8bit" : "7bit";
  if (conversion->coder.coding != EST_CODING_KEEP)
    return est_coding_name (conversion->coder.coding);
  return narrow && entity->wide && closed && !conversion->sealed && !conversion->locked
             && !conversion->unclear
           ? "7bit"
           : NULL;
}

static void
write_header (EstConversion *conversion,
              const EstEntity *entity,
              const GByteArray *header,
              gboolean closed)
{
  const char *data = (const char *) header->data;
  gboolean utf8 = FALSE, planned = conversion->plan != NULL && !is_planning (conversion);
  if (planned)
    conversion->coder.coding
      = est_plan_coding (conversion->plan, conversion->n_entities, &utf8);
  const char *label = label_for (conversion, entity, closed);
  const char *fields = conversion->coder.coding != EST_CODING_KEEP
                         ? fields_for (conversion, entity, utf8)
                         : NULL;
  if (entity->binary)
    {
      conversion->met_binary = TRUE;
      check_change (conversion, closed);
      conversion->coder.coding = entity->composite ? EST_CODING_KEEP : EST_CODING_BASE64;
    }
  if (label != NULL)
    est_entity_relabel (data, header->len, label, fields, conversion->out);
  else
    copy (conversion, data, header->len);
}

static void
descend (EstConversion *conversion, EstEntity *entity)
{
  gsize length = strlen (entity->boundary);
  EstLevel level = {.boundary = g_steal_pointer (&entity->boundary),
                    .length = length,
                    .is_signed = entity->is_signed,
                    .is_digest = entity->is_digest,
                    .sealed = conversion->sealed,
                    .locked = conversion->locked || entity->locked};
  g_array_append_val (conversion->levels, level);
  if (conversion->levels->len > DEPTH_LIMIT)
    fail (conversion, EST_MAIL_ERROR_TOO_LONG, "its parts are nested too deeply");
}

static void
note_header (EstConversion *conversion,
             const EstEntity *entity,
             const GByteArray *header,
             gboolean closed)
{
  if (est_has_high_octet ((const char *) header->data, header->len))
    fail (conversion, EST_MAIL_ERROR_HEADER,
          "its header holds letters beyond ASCII as they are, which this relay does not "
          "take; have the mail program encode them");
  note_place (conversion, entity, closed);
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
  if (is_planning (conversion))
    note_header (conversion, &entity, header, closed);
  write_header (conversion, &entity, header, closed);
  conversion->n_entities++;
  if (entity.boundary != NULL)
    descend (conversion, &entity);
  else if (entity.is_message && closed)
    begin_entity (conversion, TRUE);
}

static void
begin_part (EstConversion *conversion, EstLevel *level)
{
  conversion->sealed = level->sealed || (level->is_signed && level->n_parts == 0);
  conversion->locked = level->locked;
  conversion->digested = level->is_digest;
  level->n_parts++;
  begin_entity (conversion, FALSE);
}

static void
take_delimiter (EstConversion *conversion, int level, gboolean closing)
{
  if (conversion->header != NULL)
    end_header (conversion, FALSE);
  est_coder_finish (&conversion->coder, conversion->out);
  if (conversion->break_due)
    copy (conversion, "\r\n", 2);
  conversion->break_due = FALSE;
  if (is_planning (conversion))
    est_plan_leave (conversion->plan);
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

static EstConversion *
new_conversion (gboolean wide, EstPlan *plan)
{
  EstConversion *conversion = g_new0 (EstConversion, 1);
  conversion->wide = wide;
  conversion->plan = plan;
  conversion->cutter.events = &events;
  conversion->cutter.data = conversion;
  conversion->levels = est_nesting_new ();
  begin_entity (conversion, TRUE);
  return conversion;
}

EstConversion *
est_conversion_new (gboolean wide)
{
  return new_conversion (wide, NULL);
}

EstConversion *
est_conversion_new_narrow (EstPlan *plan)
{
  return new_conversion (FALSE, plan);
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
  est_coder_finish (&conversion->coder, conversion->out);
  if (is_planning (conversion))
    est_plan_finish (conversion->plan);
  return report (conversion, error);
}

gboolean
est_conversion_met_binary (const EstConversion *conversion)
{
  return conversion->met_binary;
}
