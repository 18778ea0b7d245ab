/* Content declared BINARYMIME for a relay that wants lines. It is read twice, converted
   both times: once to see whether it can be and what comes of it, and once to be sent. So
   the relay hears of nothing that cannot be finished, and no copy is kept anywhere. */
#include "mail/conversion.h"
#include "mail/lines.h"
#include "mail/mail-error.h"
#include "relay/exchange.h"

struct EstFitting
{
  EstHandoverSource source;          /* as the exchange sees it */
  const EstHandoverSource *original; /* as the outbox has it */
  EstConversion *conversion;
  GByteArray *out; /* converted, not yet read */
  gboolean over;
};

void
est_fitting_free (EstFitting *fitting)
{
  if (fitting == NULL)
    return;
  est_conversion_free (fitting->conversion);
  g_byte_array_unref (fitting->out);
  g_free (fitting);
}

static gboolean
convert (EstConversion *conversion, GBytes *piece, GByteArray *out, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (piece, &length);
  if (length == 0)
    return est_conversion_finish (conversion, out, error);
  return est_conversion_push (conversion, data, length, out, error);
}

static GBytes *
take_out (EstFitting *fitting)
{
  GBytes *bytes = g_bytes_new (fitting->out->data, fitting->out->len);
  g_byte_array_set_size (fitting->out, 0);
  return bytes;
}

/* It could be converted the first time: now it is not the same any more. */
static GBytes *
read_fitted (gpointer data, GError **error)
{
  EstFitting *fitting = data;
  g_autoptr (GError) trouble = NULL;
  while (fitting->out->len == 0 && !fitting->over)
    {
      g_autoptr (GBytes) piece = fitting->original->read (fitting->original->data, error);
      if (piece == NULL)
        return NULL;
      fitting->over = g_bytes_get_size (piece) == 0;
      if (!convert (fitting->conversion, piece, fitting->out, &trouble))
        {
          g_set_error_literal (error, EST_RELAY_ERROR, EST_REASON_DAMAGED,
                               trouble->message);
          return NULL;
        }
    }
  return take_out (fitting);
}

static gboolean
mark_fitted (gpointer data, GError **error)
{
  EstFitting *fitting = data;
  return fitting->original->before_last (fitting->original->data, error);
}

/* What the first walk learns of the result. */
typedef struct
{
  EstLines lines;
  gboolean clean, high;
  guint64 size;
} Survey;

static void
note_piece (Survey *survey, GByteArray *out)
{
  const char *data = (const char *) out->data;
  if (out->len == 0)
    return;
  survey->clean = survey->clean && est_lines_check (&survey->lines, data, out->len);
  survey->high = survey->high || est_has_high_octet (data, out->len);
  survey->size += out->len;
  g_byte_array_set_size (out, 0);
}

static void
refuse (EstExchange *exchange, const GError *error)
{
  gboolean is_signed = g_error_matches (error, EST_MAIL_ERROR, EST_MAIL_ERROR_SIGNED);
  est_exchange_refuse (exchange, is_signed ? "5.6.3" : "5.6.0", error->message);
}

static gboolean
survey_content (EstExchange *exchange, Survey *survey)
{
  g_autoptr (EstConversion) conversion = est_conversion_new (TRUE);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  for (gsize length = 1; length > 0;)
    {
      g_autoptr (GBytes) piece = est_exchange_read_piece (exchange);
      if (piece == NULL)
        return FALSE;
      length = g_bytes_get_size (piece);
      if (!convert (conversion, piece, out, &error))
        {
          refuse (exchange, error);
          return FALSE;
        }
      note_piece (survey, out);
    }
  survey->clean = survey->clean && est_lines_finish (&survey->lines);
  return TRUE;
}

static EstFitting *
begin (const EstHandoverSource *original, const Survey *survey)
{
  EstFitting *fitting = g_new0 (EstFitting, 1);
  fitting->original = original;
  fitting->conversion = est_conversion_new (survey->high);
  fitting->out = g_byte_array_new ();
  fitting->source = (EstHandoverSource){.size = survey->size,
                                        .read = read_fitted,
                                        .before_last = mark_fitted,
                                        .data = fitting};
  return fitting;
}

gboolean
est_exchange_fit_content (EstExchange *exchange)
{
  const EstHandoverSource *original = exchange->source;
  Survey survey = {.clean = TRUE};
  if (!survey_content (exchange, &survey))
    return FALSE;
  if (!survey.clean)
    {
      est_exchange_refuse (exchange, "5.6.0",
                           "the relay takes lines of text only, and beside its binary "
                           "parts the message holds a CR or LF on its own, or a NUL");
      return FALSE;
    }
  original->rewind (original->data);
  exchange->fitting = begin (original, &survey);
  exchange->source = &exchange->fitting->source;
  exchange->body = survey.high ? EST_BODY_8BITMIME : EST_BODY_7BIT;
  return TRUE;
}
