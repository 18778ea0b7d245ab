/* Whose mail a message is: by which account it leaves, and as which envelope sender.

   The message says it, for that is what its readers and their filters see: the address of
   its Sender field, else of From; of one that is sent again, of Resent-Sender, else
   Resent-From. The first of these addresses that an account has (by itself, with a tag,
   or by its domain) decides. The envelope sender stays what it is as long as the same
   account has it, or it is the null sender of a receipt; else that address takes its
   place, so that the provider accepts it and what comes back finds the person.

   If no account has one of them, the envelope sender decides: the account that has it,
   else the default account. Without one the message is refused. */
#pragma once

#include "account/settings.h"

typedef struct
{
  EstAccount *account; /* borrowed from the settings */
  char *sender;        /* of the envelope; "" the null sender */
} EstAuthorship;

/* @sender: of the envelope as it was handed in; NULL: there is none. A header block as
   est_header_get() takes it. EST_INTAKE_ERROR_NO_ACCOUNT or _NO_SENDER. */
gboolean est_authorship_settle (EstAuthorship *authorship,
                                const EstSettings *settings,
                                const char *sender,
                                const char *header,
                                gsize length,
                                GError **error);

void est_authorship_clear (EstAuthorship *authorship);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstAuthorship, est_authorship_clear)
