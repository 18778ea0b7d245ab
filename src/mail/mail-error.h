/* What can be wrong with text that somebody else wrote; the codes are what the reader of
   it can do: a server answers 501, 555, 500 or 552 accordingly. */
#pragma once

#include <glib.h>

typedef enum
{
  EST_MAIL_ERROR_SYNTAX,      /* not what the grammar says: 501 5.5.4, 5.1.3 or 5.1.7 */
  EST_MAIL_ERROR_UNSUPPORTED, /* well-formed, but not ours to honour: 555 5.5.4 */
  EST_MAIL_ERROR_TOO_LONG,    /* over a limit of RFC 5321 4.5.3.1 or our own */
  EST_MAIL_ERROR_SIGNED,      /* would have to be changed, which a signature forbids: 554
                                 5.6.3 */
  EST_MAIL_ERROR_HEADER, /* a header of 8-bit octets, which nothing can be done about:
                            554 5.6.3 */
} EstMailError;

#define EST_MAIL_ERROR (est_mail_error_quark ())
GQuark est_mail_error_quark (void);
