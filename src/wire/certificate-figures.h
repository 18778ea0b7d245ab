/* What a certificate says of itself, as the figures of its fault (see EstCertificate):
   plain, one line, valid UTF-8, short, whatever a stranger wrote there. Internal to
   wire/. */
#pragma once

#include "wire/certificate.h"
#include "wire/chain.h"

/* New string; NULL: the fault has none, or the chain does not tell. */
char *est_certificate_figures (EstCertificateFault fault, const EstChain *chain);
