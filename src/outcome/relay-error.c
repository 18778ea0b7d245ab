/* The error domain of relay/. */
#include "outcome/relay-error.h"

G_DEFINE_QUARK (est_relay_error, est_relay_error)
