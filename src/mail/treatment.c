/* Three decisions. */
#include "mail/treatment.h"

#include "mail/coder.h"

EstPlace
est_treatment_place (const EstTreatment *treatment, const EstEntity *entity)
{
  if (entity->binary && !entity->composite)
    return EST_PLACE_SETTLED;
  if (treatment->sealed || treatment->locked || entity->locked)
    return EST_PLACE_SEALED;
  if (entity->composite || entity->encoded || treatment->unclear || !treatment->closed)
    return EST_PLACE_FIXED;
  return entity->text ? EST_PLACE_TEXT : EST_PLACE_DATA;
}

/* A label of 8 bits is not true any more where all of it is of 7; nobody is wronged if
   what may not be changed keeps it. */
static gboolean
may_be_relabelled (const EstTreatment *treatment)
{
  return treatment->closed && !treatment->sealed && !treatment->locked
         && !treatment->unclear;
}

const char *
est_treatment_label (const EstTreatment *treatment,
                     const EstEntity *entity,
                     EstCoding coding)
{
  if (coding != EST_CODING_KEEP)
    return est_coding_name (coding);
  if (entity->binary)
    return treatment->wide ? "8bit" : "7bit";
  return treatment->narrow && entity->wide && may_be_relabelled (treatment) ? "7bit"
                                                                            : NULL;
}

/* Text of a message that says nothing of MIME becomes a message that does, with the name
   of RFC 1428 for letters nobody has named. */
const char *
est_treatment_fields (const EstTreatment *treatment,
                      const EstEntity *entity,
                      EstCoding coding,
                      gboolean utf8)
{
  if (coding == EST_CODING_KEEP || entity->binary || !treatment->top
      || entity->has_version)
    return NULL;
  if (entity->has_type)
    return "MIME-Version: 1.0\r\n";
  return utf8 ? "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
              : "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=unknown-8bit\r\n";
}
