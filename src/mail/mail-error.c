/* The error domain of text that does not follow its grammar. */
#include "mail/mail-error.h"

G_DEFINE_QUARK (est_mail_error, est_mail_error)
