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
#include "mail/treatment.h"

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
  gboolean digested;  /* it is a part of a digest */
  EstTreatment here;  /* the entity that comes */
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
  conversion->here.top = top;
  conversion->cutter.whole_lines = TRUE;
}

static void
check_change (EstConversion *conversion)
{
  if (conversion->here.sealed)
    fail (conversion, EST_MAIL_ERROR_SIGNED,
          "it is signed, so its binary part cannot be converted for this relay; have the "
          "mail program encode attachments as base64");
  else if (conversion->here.unclear || !conversion->here.closed)
    fail (
      conversion, EST_MAIL_ERROR_SYNTAX,
      "its MIME structure is unclear, so its binary part cannot be converted for this "
      "relay; have the mail program encode attachments as base64");
}

/* How its body goes on, and that it may. */
static EstCoding
choose_coding (EstConversion *conversion, const EstEntity *entity, gboolean *utf8)
{
  gboolean planned = conversion->plan != NULL && !is_planning (conversion);
  if (entity->binary)
    {
      conversion->met_binary = TRUE;
      check_change (conversion);
      return entity->composite ? EST_CODING_KEEP : EST_CODING_BASE64;
    }
  return planned ? est_plan_coding (conversion->plan, conversion->n_entities, utf8)
                 : EST_CODING_KEEP;
}

static void
write_header (EstConversion *conversion,
              const EstEntity *entity,
              const GByteArray *header)
{
  const char *data = (const char *) header->data;
  gboolean utf8 = FALSE;
  EstCoding coding = choose_coding (conversion, entity, &utf8);
  conversion->here.wide = conversion->wide;
  conversion->here.narrow = conversion->plan != NULL;
  const char *label = est_treatment_label (&conversion->here, entity, coding);
  const char *fields = est_treatment_fields (&conversion->here, entity, coding, utf8);
  if (label != NULL)
    est_entity_relabel (data, header->len, label, fields, conversion->out);
  else
    copy (conversion, data, header->len);
  conversion->coder.coding = coding;
}

static void
descend (EstConversion *conversion, EstEntity *entity)
{
  gsize length = strlen (entity->boundary);
  EstLevel level = {.boundary = g_steal_pointer (&entity->boundary),
                    .length = length,
                    .is_signed = entity->is_signed,
                    .is_digest = entity->is_digest,
                    .sealed = conversion->here.sealed,
                    .locked = conversion->here.locked || entity->locked};
  g_array_append_val (conversion->levels, level);
  if (conversion->levels->len > DEPTH_LIMIT)
    fail (conversion, EST_MAIL_ERROR_TOO_LONG, "its parts are nested too deeply");
}

/* What is to be known of its body before its header can be written. */
static void
note_header (EstConversion *conversion, const EstEntity *entity, const GByteArray *header)
{
  if (est_has_high_octet ((const char *) header->data, header->len))
    fail (conversion, EST_MAIL_ERROR_HEADER,
          "its header holds letters beyond ASCII as they are, which this relay does not "
          "take; have the mail program encode them");
  if (!est_plan_begin (conversion->plan, est_treatment_place (&conversion->here, entity)))
    fail (conversion, EST_MAIL_ERROR_TOO_LONG, "it has too many parts");
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
    conversion->here.sealed = entity.is_sealed;
  conversion->begun = TRUE;
  conversion->here.unclear = conversion->here.unclear || entity.unclear;
  conversion->here.closed = closed;
  conversion->digested = FALSE;
  if (is_planning (conversion))
    note_header (conversion, &entity, header);
  write_header (conversion, &entity, header);
  conversion->n_entities++;
  if (entity.boundary != NULL)
    descend (conversion, &entity);
  else if (entity.is_message && closed)
    begin_entity (conversion, TRUE);
}

static void
begin_part (EstConversion *conversion, EstLevel *level)
{
  conversion->here.sealed = level->sealed || (level->is_signed && level->n_parts == 0);
  conversion->here.locked = level->locked;
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
