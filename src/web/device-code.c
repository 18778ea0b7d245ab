#include "web/device-code.h"

#include "base/secret.h"
#include "web/candidate.h"
#include "web/failure.h"
#include "web/grant.h"
#include "web/json-text.h"

#define INTERVAL         5 /* RFC 8628 3.2: where none is told */
#define LONGEST_INTERVAL 60

void
est_device_code_free (EstDeviceCode *code)
{
  est_secret_free_text (code->secret);
  g_free (code->code);
  g_free (code->page);
  g_free (code->complete);
  g_free (code);
}

static char *
take_page (JsonObject *object, const char *name)
{
  const char *text = est_json_text (object, name);
  return text != NULL && est_candidate_is_page (text) ? g_strdup (text) : NULL;
}

static char *
take_words (JsonObject *object, const char *name)
{
  const char *text = est_json_text (object, name);
  return text != NULL && est_candidate_is_words (text) ? g_strdup (text) : NULL;
}

static guint
take_number (JsonObject *object, const char *name, guint otherwise, guint most)
{
  return (guint) CLAMP (est_json_number (object, name, otherwise), 1, most);
}

/* "verification_url" is what it was called before the RFC. */
EstDeviceCode *
est_device_code_read (const EstAnswer *answer, GError **error)
{
  if (!est_grant_is_success (answer, error))
    return NULL;
  g_autoptr (JsonObject) object = est_json_parse (answer->text, answer->length, NULL);
  g_autoptr (EstDeviceCode) code = g_new0 (EstDeviceCode, 1);
  code->secret = take_words (object, "device_code");
  code->code = take_words (object, "user_code");
  code->page = take_page (object, "verification_uri");
  if (code->page == NULL)
    code->page = take_page (object, "verification_url");
  code->complete = take_page (object, "verification_uri_complete");
  code->expires = take_number (object, "expires_in", EST_DEVICE_CODE_LONGEST,
                               EST_DEVICE_CODE_LONGEST);
  code->interval = take_number (object, "interval", INTERVAL, LONGEST_INTERVAL);
  if (code->secret != NULL && code->code != NULL && code->page != NULL)
    return g_steal_pointer (&code);
  g_set_error_literal (error, EST_FAILURE, EST_FAILURE_ANSWER,
                       "it holds no code that could be used");
  return NULL;
}
