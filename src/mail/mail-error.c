/* The error domain of text that does not follow its grammar. */
#include "mail/mail-error.h"

G_DEFINE_QUARK (est - mail - error - quark, est_mail_error)
