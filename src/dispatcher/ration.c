/* Three sources, figure by figure. */
#include "dispatcher/ration.h"

#include "account/providers.h"

/* Of what was reached, so that it is not reached again at once. */
#define LEARNT_PERCENT 95

/* A relay on this computer is a bridge or a tunnel to a provider nobody here knows: it
   gets these like any other that is not known. */
static const EstBudget caution = {
  .messages = {[EST_SPAN_MINUTE] = 20, [EST_SPAN_HOUR] = 100},
  .recipients = {[EST_SPAN_DAY] = 400                     },
};

static const char *const nicks[] = {
  [EST_RATION_NONE] = "none",         [EST_RATION_SETTINGS] = "settings",
  [EST_RATION_PROVIDER] = "provider", [EST_RATION_DEFAULT] = "default",
  [EST_RATION_LEARNT] = "learnt",
};

const char *
est_ration_source_nick (EstRationSource source)
{
  return nicks[source];
}

typedef struct
{
  int figure;
  EstRationSource source;
} Figure;

static Figure
choose (int said, int known, EstRationSource source, int learnt)
{
  if (said >= 0)
    return (Figure){said, said > 0 ? EST_RATION_SETTINGS : EST_RATION_NONE};
  int taught = learnt > 0 ? MAX ((int) ((gint64) learnt * LEARNT_PERCENT / 100), 1) : 0;
  if (taught > 0 && (known == 0 || taught < known))
    return (Figure){taught, EST_RATION_LEARNT};
  return (Figure){known, known > 0 ? source : EST_RATION_NONE};
}

EstRation
est_ration_for (const EstAccount *account, const EstLearnt *learnt, gboolean fresh)
{
  EstRation ration = {0};
  const EstProvider *provider = est_provider_find (account->host, account->addresses[0]);
  const EstBudget *known = provider != NULL ? &provider->budget : &caution;
  EstRationSource source = provider != NULL ? EST_RATION_PROVIDER : EST_RATION_DEFAULT;
  int parts = provider == NULL && fresh ? 2 : 1;
  for (EstSpan span = 0; span < EST_N_SPANS; span++)
    {
      Figure messages
        = choose (account->budget.messages[span], known->messages[span] / parts, source,
                  learnt->messages[span]);
      Figure recipients
        = choose (account->budget.recipients[span], known->recipients[span] / parts,
                  source, learnt->recipients[span]);
      ration.limits.messages[span] = messages.figure;
      ration.limits.recipients[span] = recipients.figure;
      ration.messages[span] = messages.source;
      ration.recipients[span] = recipients.source;
    }
  return ration;
}
