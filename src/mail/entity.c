/* Reads two fields. */
#include "mail/entity.h"

#include "mail/header.h"
#include "mail/lines.h"
#include "mail/mime.h"

#include <string.h>

/* More is no type but an attempt: GMime's time grows faster than length. */
#define TYPE_LIMIT 4096

static gboolean
is_encoding (const EstField *field)
{
  return est_field_is (field, "Content-Transfer-Encoding");
}

/* The word without comment or blanks. */
static char *
read_encoding (const EstField *field)
{
  char *text = est_field_text (field);
  text[strcspn (text, " \t;(")] = '\0';
  return text;
}

static gboolean
is_one_of (const char *word, const char *const *words)
{
  for (; *words != NULL; words++)
    if (g_ascii_strcasecmp (word, *words) == 0)
      return TRUE;
  return FALSE;
}

/* Types whose body is a message as it stands (RFC 2046 5.2.1, RFC 6532 3.7). */
static gboolean
is_message (const char *subtype)
{
  static const char *const messages[] = {"rfc822", "global", "news", NULL};
  return is_one_of (subtype, messages);
}

/* Nobody can read it, or a signature covers it, whatever its octets look like. */
static gboolean
is_locked (GMimeContentType *type)
{
  return g_mime_content_type_is_type (type, "multipart", "encrypted")
         || g_mime_content_type_is_type (type, "application", "pkcs7-mime")
         || g_mime_content_type_is_type (type, "application", "x-pkcs7-mime");
}

static void
take_boundary (EstEntity *entity, const char *boundary)
{
  if (boundary != NULL && *boundary != '\0' && strlen (boundary) <= EST_BOUNDARY_LIMIT)
    entity->boundary = g_strdup (boundary);
}

static void
take_type (EstEntity *entity, const char *value)
{
  est_mime_ready ();
  GMimeContentType *type = g_mime_content_type_parse (NULL, value);
  const char *subtype = g_mime_content_type_get_media_subtype (type);
  entity->text = g_mime_content_type_is_type (type, "text", "*");
  entity->locked = is_locked (type);
  if (g_mime_content_type_is_type (type, "multipart", "*"))
    {
      entity->composite = TRUE;
      entity->is_signed = g_mime_content_type_is_type (type, "multipart", "signed");
      entity->is_digest = g_mime_content_type_is_type (type, "multipart", "digest");
      take_boundary (entity, g_mime_content_type_get_parameter (type, "boundary"));
    }
  else if (g_mime_content_type_is_type (type, "message", "*"))
    {
      entity->composite = TRUE;
      entity->is_message = subtype != NULL && is_message (subtype);
    }
  g_object_unref (type);
}

/* What the fields hold that count, as text; the first of each is meant. */
typedef struct
{
  char *type;
  char *encoding;
  guint n_types, n_encodings;
  gboolean loosely; /* something that not every reader takes for a field */
} Said;

static void
note_field (EstEntity *entity, const EstField *field, Said *said)
{
  if (est_field_is (field, "Content-Type"))
    {
      if (said->n_types++ == 0)
        said->type = est_field_text (field);
    }
  else if (is_encoding (field))
    {
      g_autofree char *encoding = read_encoding (field);
      entity->binary = entity->binary || g_ascii_strcasecmp (encoding, "binary") == 0;
      if (said->n_encodings++ == 0)
        said->encoding = g_steal_pointer (&encoding);
    }
  else if (est_field_is (field, "DKIM-Signature"))
    entity->is_sealed = TRUE;
  else if (est_field_is (field, "MIME-Version"))
    entity->has_version = TRUE;
}

static void
take_encoding (EstEntity *entity, const Said *said)
{
  static const char *const plain[] = {"7bit", "8bit", "binary", NULL};
  entity->wide
    = said->encoding != NULL && g_ascii_strcasecmp (said->encoding, "8bit") == 0;
  entity->encoded = said->encoding != NULL && !is_one_of (said->encoding, plain);
}

/* What is encoded as a whole holds no parts that could be found. */
static gboolean
is_opaque (const Said *said)
{
  static const char *const encodings[] = {"base64", "quoted-printable", NULL};
  return said->encoding != NULL && is_one_of (said->encoding, encodings);
}

/* To some readers a blank before the colon makes it no field, and ends the header. */
static gboolean
is_strict (const EstField *field)
{
  return field->value == field->start + field->name_length + 1;
}

/* A line end of one reader is text to another. */
static gboolean
is_lines (const char *header, gsize length)
{
  EstLines lines = {0};
  return est_lines_check (&lines, header, length) && est_lines_finish (&lines);
}

void
est_entity_read (EstEntity *entity, const char *header, gsize length, gboolean in_digest)
{
  EstField field;
  Said said = {0};
  const char *cursor = header;
  while (est_header_next (&cursor, header + length, &field))
    {
      said.loosely = said.loosely || !is_strict (&field);
      note_field (entity, &field, &said);
    }
  take_encoding (entity, &said);
  entity->has_type = said.n_types > 0;
  gboolean endless = said.type != NULL && strlen (said.type) > TYPE_LIMIT;
  entity->unclear = said.n_types > 1 || said.n_encodings > 1 || said.loosely || endless
                    || !is_lines (header, length);
  if (!endless && !is_opaque (&said))
    take_type (entity, said.type != NULL ? said.type
                       : in_digest       ? "message/rfc822"
                                         : "text/plain");
  g_free (said.type);
  g_free (said.encoding);
}

void
est_entity_clear (EstEntity *entity)
{
  g_clear_pointer (&entity->boundary, g_free);
}

static void
append_text (GByteArray *out, const char *text)
{
  g_byte_array_append (out, (const guint8 *) text, (guint) strlen (text));
}

void
est_entity_relabel (const char *header,
                    gsize length,
                    const char *encoding,
                    const char *fields,
                    GByteArray *out)
{
  EstField field;
  gboolean labelled = FALSE;
  g_autofree char *label
    = g_strconcat ("Content-Transfer-Encoding: ", encoding, "\r\n", NULL);
  const char *cursor = header, *end = header + length;
  while (est_header_next (&cursor, end, &field))
    if (is_encoding (&field))
      {
        append_text (out, label);
        labelled = TRUE;
      }
    else
      g_byte_array_append (out, (const guint8 *) field.start, (guint) field.length);
  append_text (out, fields != NULL ? fields : "");
  append_text (out, labelled ? "" : label);
  g_byte_array_append (out, (const guint8 *) cursor, (guint) (end - cursor));
}
