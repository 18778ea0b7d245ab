/* The error domain of relay/. */
#include "outcome/relay-error.h"

G_DEFINE_QUARK (est - relay - error - quark, est_relay_error)
