/* The body of one entity on its way into another encoding, or as it is. Streaming. */
#pragma once

#include "mail/base64-lines.h"
#include "mail/plan.h"
#include "mail/quoted-lines.h"

/* Zero-initialise; set @coding when a body begins. */
typedef struct
{
  EstCoding coding;
  EstBase64Lines base64;
  EstQuotedLines quoted;
} EstCoder;

void est_coder_push (EstCoder *coder, const char *data, gsize length, GByteArray *out);

/* The body is over; the next one stays as it is unless something else is said. */
void est_coder_finish (EstCoder *coder, GByteArray *out);

/* "quoted-printable"; NULL for what stays as it is. */
const char *est_coding_name (EstCoding coding);
