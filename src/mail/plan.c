/* Counts the octets of one entity after the other. */
#include "mail/plan.h"

#include "mail/lines.h"
#include "mail/quoted-lines.h"

#define ENTITY_LIMIT 10000
#define IS_UTF8      0x80 /* beside the EstCoding */

/* What was seen of the entity that comes. */
typedef struct
{
  EstPlace place;
  guint64 octets;
  guint64 escapes; /* of these, in quoted-printable */
  gboolean high;   /* some are of 8 bits */
  gboolean broken; /* they are not UTF-8 */
  guint missing;   /* octets of a letter of UTF-8 */
} Seen;

struct EstPlan
{
  GByteArray *entities; /* EstCoding, perhaps with IS_UTF8 */
  Seen seen;
  gboolean within; /* @seen is the last of @entities */
  gboolean finished;
};

EstPlan *
est_plan_new (void)
{
  EstPlan *plan = g_new0 (EstPlan, 1);
  plan->entities = g_byte_array_new ();
  return plan;
}

void
est_plan_free (EstPlan *plan)
{
  if (plan == NULL)
    return;
  g_byte_array_unref (plan->entities);
  g_free (plan);
}

/* Readable where it is text and no longer for it. Soft line breaks are three characters
   in 73, line ends of base64 two in 57 octets. */
static EstCoding
choose (const Seen *seen)
{
  guint64 quoted = seen->octets + 2 * seen->escapes;
  if (!seen->high)
    return EST_CODING_KEEP;
  if (seen->place == EST_PLACE_TEXT
      && quoted + quoted / 24 <= seen->octets / 57 * 78 + 78)
    return EST_CODING_QUOTED;
  return EST_CODING_BASE64;
}

static void
settle (EstPlan *plan)
{
  const Seen *seen = &plan->seen;
  gboolean utf8 = !seen->broken && seen->missing == 0;
  if (plan->within)
    plan->entities->data[plan->entities->len - 1]
      = (guint8) (choose (seen) | (utf8 ? IS_UTF8 : 0));
  plan->within = FALSE;
  plan->seen = (Seen){.place = EST_PLACE_FIXED};
}

gboolean
est_plan_begin (EstPlan *plan, EstPlace place)
{
  const guint8 none = EST_CODING_KEEP;
  settle (plan);
  g_byte_array_append (plan->entities, &none, 1);
  plan->within = place == EST_PLACE_TEXT || place == EST_PLACE_DATA;
  plan->seen.place = place;
  return plan->entities->len <= ENTITY_LIMIT;
}

void
est_plan_leave (EstPlan *plan)
{
  settle (plan);
}

EstPlace
est_plan_place (const EstPlan *plan)
{
  return plan->seen.place;
}

/* The octets that lead a letter, and how many follow (RFC 3629 3). What is overlong is
   not looked for: this only chooses a name for what is there. */
static guint
follow (guchar lead)
{
  if (lead >= 0xc2 && lead <= 0xdf)
    return 1;
  if (lead >= 0xe0 && lead <= 0xef)
    return 2;
  return lead >= 0xf0 && lead <= 0xf4 ? 3 : 0;
}

static void
check_letter (Seen *seen, guchar octet)
{
  gboolean continues = octet >= 0x80 && octet <= 0xbf;
  if (continues != (seen->missing > 0))
    seen->broken = TRUE;
  if (continues)
    seen->missing -= seen->missing > 0 ? 1 : 0;
  else
    seen->missing = follow (octet);
  if (octet >= 0x80 && !continues && seen->missing == 0)
    seen->broken = TRUE;
}

static void
count (Seen *seen, const char *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    {
      guchar octet = (guchar) data[i];
      gboolean line_end = octet == '\r' || octet == '\n';
      seen->escapes += !line_end && est_quoted_lines_escapes (octet) ? 1 : 0;
      check_letter (seen, octet);
    }
  seen->octets += length;
  seen->high = seen->high || est_has_high_octet (data, length);
}

gboolean
est_plan_note (EstPlan *plan, const char *data, gsize length)
{
  if (plan->within)
    count (&plan->seen, data, length);
  return plan->within || plan->seen.place == EST_PLACE_SETTLED
         || !est_has_high_octet (data, length);
}

void
est_plan_finish (EstPlan *plan)
{
  settle (plan);
  plan->finished = TRUE;
}

gboolean
est_plan_is_finished (const EstPlan *plan)
{
  return plan->finished;
}

EstCoding
est_plan_coding (const EstPlan *plan, guint number, gboolean *utf8)
{
  guint8 entity = number < plan->entities->len ? plan->entities->data[number] : 0;
  *utf8 = (entity & IS_UTF8) != 0;
  return (EstCoding) (entity & ~IS_UTF8);
}
