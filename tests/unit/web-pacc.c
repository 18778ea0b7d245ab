/* What providers publish by PACC, and what confirms it. */
#include "web/pacc.h"

#include <gio/gio.h>
#include <string.h>

#define SUBMIT "\"protocols\":{\"submit\":{\"host\":\"smtp.a.example\"}}"
#define ISSUER "\"oauth-public\":{\"issuer\":\"https://login.a.example\"}"

/* clang-format off */
static const struct
{
  const char *text;
  const char *found; /* "host auth secret issuer"; "": none; NULL: no document */
} cases[] = {
  {"{" SUBMIT ",\"authentication\":{\"password\":true}}", "smtp.a.example auto password -"},
  {"{\"protocols\":{\"smtp\":{\"host\":\"old.a.example\"}},\"authentication\":{\"password\":true}}", "old.a.example auto password -"},
  {"{\"protocols\":{\"smtp\":{\"host\":\"old.a.example\"},\"submit\":{\"host\":\"new.a.example\"}}}", "new.a.example auto password -"},
  {"{" SUBMIT ",\"authentication\":{" ISSUER ",\"password\":true}}", "smtp.a.example auto oauth-or-app-password https://login.a.example"},
  {"{" SUBMIT ",\"authentication\":{" ISSUER ",\"password\":false}}", "smtp.a.example auto oauth https://login.a.example"},
  {"{" SUBMIT ",\"authentication\":{" ISSUER "}}", "smtp.a.example auto oauth https://login.a.example"},
  {"{" SUBMIT ",\"authentication\":{\"oauth-public\":{\"issuer\":\"http://login.a.example\"}}}", ""},
  {"{" SUBMIT ",\"authentication\":{\"password\":false}}", ""},
  {"{" SUBMIT ",\"authentication\":{\"password\":\"true\"}}", ""},
  {"{\"protocols\":{\"imap\":{\"host\":\"imap.a.example\"}}}", ""},
  {"{\"protocols\":{\"submit\":\"smtp.a.example\"}}", ""},
  {"{\"protocols\":{\"submit\":{\"host\":\"127.0.0.1\"}}}", ""},
  {"{\"protocols\":{\"submit\":{\"host\":\"localhost\"}}}", ""},
  {"{\"protocols\":{\"submit\":{\"host\":\"a.example\\tport=1\"}}}", ""},
  {"{\"protocols\":[]}", ""},
  {"{}", ""},
  {"[]", NULL},
  {"<clientConfig/>", NULL},
  {"", NULL},
};
/* clang-format on */

static char *
show (GPtrArray *found)
{
  if (found->len == 0)
    return g_strdup ("");
  const EstCandidate *candidate = found->pdata[0];
  g_assert_cmpuint (candidate->port, ==, 465);
  g_assert_cmpint (candidate->security, ==, EST_SECURITY_TLS);
  return g_strdup_printf ("%s %s %s %s", candidate->host, candidate->auth,
                          candidate->secret,
                          candidate->issuer != NULL ? candidate->issuer : "-");
}

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_autoptr (GPtrArray) found
        = est_pacc_parse (cases[i].text, strlen (cases[i].text), &error);
      g_assert_cmpint (found == NULL, ==, cases[i].found == NULL);
      g_assert_cmpint (found == NULL, ==, error != NULL);
      if (found == NULL)
        continue;
      g_autofree char *shown = show (found);
      g_assert_cmpstr (shown, ==, cases[i].found);
    }
}

/* By openssl: printf abc | openssl dgst -sha256 -binary | base64. */
#define DIGEST "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="

static const struct
{
  const char *record;
  gboolean confirms;
} records[] = {
  {"v=UAAC1; a=sha256; d=" DIGEST,       TRUE },
  {"v=UAAC1;a=sha256;d=" DIGEST,         TRUE },
  {" d = x; d=" DIGEST,                  FALSE},
  {"a=sha256; d=" DIGEST "; v=UAAC1; x", TRUE },
  {"v=UAAC2; a=sha256; d=" DIGEST,       FALSE},
  {"v=UAAC1; a=sha1; d=" DIGEST,         FALSE},
  {"v=UAAC1; a=sha256; d=",              FALSE},
  {"v=UAAC1; a=sha256",                  FALSE},
  {"v=spf1 -all",                        FALSE},
  {"",                                   FALSE},
};

static void
test_confirmed (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    {
      const char *texts[] = {"v=spf1", records[i].record, NULL};
      g_test_message ("record %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (est_pacc_is_confirmed ("abc", 3, texts), ==, records[i].confirms);
      g_assert_false (est_pacc_is_confirmed ("abd", 3, texts));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/pacc/cases", test_cases);
  g_test_add_func ("/web/pacc/confirmed", test_confirmed);
  return g_test_run ();
}
