/* One request over HTTPS, by a helper that has little to lose: bounded in size and time,
   never by plain HTTP, also not after a redirection, and with no cookies and no stored
   logins. Blocking. Internal to web/. */
#pragma once

#include <gio/gio.h>

typedef struct
{
  const char *url;
  const char *form;    /* POSTed as application/x-www-form-urlencoded; NULL: not */
  const char *json;    /* POSTed as application/json; NULL: not; neither: GET */
  const char *ca_file; /* trusted in the place of the system's authorities; NULL */
  guint redirections;  /* how many are followed; none after a POST */
  guint seconds;       /* for all of it */
  gsize limit;         /* octets of the answer's body */
} EstRequest;

typedef struct
{
  guint status;
  char *text; /* a NUL behind it */
  gsize length;
} EstAnswer;

/* Wipes it. */
void est_answer_clear (EstAnswer *answer);

gboolean est_answer_is_good (const EstAnswer *answer); /* 2xx */

/* Whether the server says that it would be another time: 5xx and 429 (RFC 6585 4). */
gboolean est_answer_is_trouble (const EstAnswer *answer);

/* Whatever the status is, also that of a redirection that is not followed. FALSE with an
   error of G_IO_ERROR (INVALID_DATA: no HTTP, or too large), G_TLS_ERROR or
   G_RESOLVER_ERROR if there is no answer. */
gboolean est_fetch (const EstRequest *request, EstAnswer *answer, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EstAnswer, est_answer_clear)
