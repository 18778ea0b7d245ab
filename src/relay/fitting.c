/* Content declared BINARYMIME for a relay that wants lines, or of 8 bits for one that
   takes 7. It is read twice, converted both times: once to see whether it can be and what
   comes of it, and once to be sent; for 7 bits once more before, to make a plan. So the
   relay hears of nothing that cannot be finished, and no copy is kept anywhere. */
#include "mail/conversion.h"
#include "mail/lines.h"
#include "mail/mail-error.h"
#include "relay/exchange.h"

struct EstFitting
{
  EstHandoverSource source;          /* as the exchange sees it */
  const EstHandoverSource *original; /* as the outbox has it */
  EstPlan *plan;                     /* NULL: 8 bits may stay */
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
  est_plan_free (fitting->plan);
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

static const char *
name_obstacle (const EstExchange *exchange, const GError *error)
{
  gboolean binary = exchange->body == EST_BODY_BINARYMIME;
  switch (error->code)
    {
    case EST_MAIL_ERROR_HEADER:
      return "8bit-header";
    case EST_MAIL_ERROR_SIGNED:
      return binary ? "binary-signed" : "8bit-signed";
    default:
      return binary ? "binary-unclear" : "8bit-unclear";
    }
}

static void
refuse (EstExchange *exchange, const GError *error)
{
  gboolean known
    = error->code == EST_MAIL_ERROR_SIGNED || error->code == EST_MAIL_ERROR_HEADER;
  g_autofree char *detail
    = g_strconcat (known ? "5.6.3 " : "5.6.0 ", error->message, NULL);
  est_exchange_refuse (exchange, EST_REASON_INCAPABLE, name_obstacle (exchange, error),
                       detail);
}

/* Takes @conversion. FALSE: it is over. */
static gboolean
walk (EstExchange *exchange, EstConversion *conversion, Survey *survey)
{
  g_autoptr (EstConversion) owned = conversion;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  for (gsize length = 1; length > 0;)
    {
      g_autoptr (GBytes) piece = est_exchange_read_piece (exchange);
      if (piece == NULL)
        return FALSE;
      length = g_bytes_get_size (piece);
      if (!convert (owned, piece, out, &error))
        {
          refuse (exchange, error);
          return FALSE;
        }
      note_piece (survey, out);
    }
  survey->clean = survey->clean && est_lines_finish (&survey->lines);
  exchange->source->rewind (exchange->source->data);
  return TRUE;
}

/* Every walk over the same content by the same plan is the same. */
static EstConversion *
new_conversion (EstPlan *plan, gboolean wide)
{
  return plan != NULL ? est_conversion_new_narrow (plan) : est_conversion_new (wide);
}

static gboolean
survey_content (EstExchange *exchange, EstPlan *plan, Survey *survey)
{
  Survey none = {.clean = TRUE};
  return (plan == NULL || walk (exchange, new_conversion (plan, FALSE), &none))
         && walk (exchange, new_conversion (plan, TRUE), survey);
}

/* Takes @plan. */
static EstFitting *
begin (const EstHandoverSource *original, EstPlan *plan, const Survey *survey)
{
  EstFitting *fitting = g_new0 (EstFitting, 1);
  fitting->original = original;
  fitting->plan = plan;
  fitting->conversion = new_conversion (plan, survey->high);
  fitting->out = g_byte_array_new ();
  fitting->source = (EstHandoverSource){.size = survey->size,
                                        .read = read_fitted,
                                        .before_last = mark_fitted,
                                        .data = fitting,
                                        .release = original->release};
  return fitting;
}

gboolean
est_exchange_fit_content (EstExchange *exchange)
{
  const EstHandoverSource *original = exchange->source;
  gboolean narrow = !exchange->relay->capabilities->eight_bit_mime;
  g_autoptr (EstPlan) plan = narrow ? est_plan_new () : NULL;
  Survey survey = {.clean = TRUE};
  if (!survey_content (exchange, plan, &survey))
    return FALSE;
  if (!survey.clean)
    {
      est_exchange_refuse (
        exchange, EST_REASON_INCAPABLE, "binary-lines",
        "5.6.0 the relay takes lines of text only, and beside its binary parts the "
        "message holds a CR or LF on its own, or a NUL");
      return FALSE;
    }
  exchange->fitting = begin (original, g_steal_pointer (&plan), &survey);
  exchange->source = &exchange->fitting->source;
  exchange->body = survey.high ? EST_BODY_8BITMIME : EST_BODY_7BIT;
  return TRUE;
}
