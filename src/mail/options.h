/* What a client asks for behind the path of MAIL and RCPT (RFC 5321 4.1.2 esmtp-param):
   read from its parameters, kept with the message as text, offered on to the relay as far
   as that knows them. Pure text. */
#pragma once

#include "mail/envelope.h"

typedef enum
{
  EST_RETURN_UNSAID,
  EST_RETURN_FULL,    /* RET=FULL (RFC 3461 4.3) */
  EST_RETURN_HEADERS, /* RET=HDRS */
} EstReturn;

/* Zero-initialise; free with est_mail_options_clear(). Times: microseconds since 1970, 0
   where nothing was said. */
typedef struct
{
  EstBody body;        /* RFC 6152, RFC 3030 3 */
  guint64 size;        /* RFC 1870, octets as announced; 0: not */
  gboolean utf8;       /* SMTPUTF8 (RFC 6531) */
  gboolean tls;        /* REQUIRETLS (RFC 8689) */
  EstReturn report;    /* RFC 3461 4.3 */
  char *id;            /* ENVID (RFC 3461 4.4), xtext as written, or NULL */
  int priority;        /* MT-PRIORITY (RFC 6710), -9..9 */
  gint64 deliver_by;   /* RFC 2852 */
  gboolean by_returns; /* ...and mail that is late is returned (mode R) */
  gboolean by_traces;  /* ...and its way is reported (T) */
  gint64 not_before;   /* FUTURERELEASE (RFC 4865) */
} EstMailOptions;

typedef enum
{
  EST_NOTIFY_UNSAID = 0,
  EST_NOTIFY_NEVER = 1 << 0,
  EST_NOTIFY_SUCCESS = 1 << 1,
  EST_NOTIFY_FAILURE = 1 << 2,
  EST_NOTIFY_DELAY = 1 << 3,
} EstNotify;

typedef struct
{
  EstNotify notify; /* RFC 3461 4.1 */
  char *original;   /* ORCPT (RFC 3461 4.2), "type;xtext" as written, or NULL */
} EstRcptOptions;

/* The extensions that bring parameters and are not always there, as a set: parameters of
   the others are UNSUPPORTED when read, and left out when written. */
typedef enum
{
  EST_EXTENSION_DSN = 1 << 0,
  EST_EXTENSION_DELIVERBY = 1 << 1,
  EST_EXTENSION_MT_PRIORITY = 1 << 2,
  EST_EXTENSION_REQUIRETLS = 1 << 3,
  EST_EXTENSION_SMTPUTF8 = 1 << 4,
  EST_EXTENSION_FUTURERELEASE = 1 << 5,
} EstExtensions;

#define EST_EXTENSIONS_ALL ((1 << 6) - 1)

/* How far ahead FUTURERELEASE reaches, in seconds; offered as such. */
#define EST_LONGEST_HOLD (366 * 24 * 3600)

/* Reads all parameters at @text, a blank in front of each. @now turns intervals into
   times; 0: they are times already, as est_mail_options_format() with 0 wrote them.
   EST_MAIL_ERROR_SYNTAX: malformed, given twice, or against another one;
   EST_MAIL_ERROR_UNSUPPORTED: of no extension in @offered. */
gboolean est_mail_options_parse (EstMailOptions *options,
                                 const char *text,
                                 EstExtensions offered,
                                 gint64 now,
                                 GError **error);
gboolean est_rcpt_options_parse (EstRcptOptions *options,
                                 const char *text,
                                 EstExtensions offered,
                                 GError **error);

/* As parameters, a blank in front of each, those of @offered only; SIZE and BODY are not
   among them. @now turns times into what is left of them; 0: they stay times, and when to
   leave is left out, for that is kept elsewhere. New string. */
char *est_mail_options_format (const EstMailOptions *options,
                               EstExtensions offered,
                               gint64 now);
char *est_rcpt_options_format (const EstRcptOptions *options, EstExtensions offered);

void est_mail_options_clear (EstMailOptions *options);
void est_rcpt_options_clear (EstRcptOptions *options);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstMailOptions, est_mail_options_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstRcptOptions, est_rcpt_options_clear)
