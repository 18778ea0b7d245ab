/* What authorisation servers say about themselves, where that is, and liars. */
#include "web/metadata.h"

#include "web/failure.h"

#include <string.h>

static const struct
{
  const char *issuer;
  const char *first, *second; /* NULL: it has none */
} places[] = {
  {"https://a.example",       "https://a.example/.well-known/oauth-authorization-server",
   "https://a.example/.well-known/openid-configuration"                                                                                               },
  {"https://a.example/",      "https://a.example/.well-known/oauth-authorization-server",
   "https://a.example/.well-known/openid-configuration"                                                                                               },
  {"https://a.example:8/t/1",
   "https://a.example:8/.well-known/oauth-authorization-server/t/1",                        "https://a.example:8/t/1/.well-known/openid-configuration"},
  {"https://a.example/t/",    "https://a.example/.well-known/oauth-authorization-server/t",
   "https://a.example/t/.well-known/openid-configuration"                                                                                             },
  {"https://a.example/?t=1",  NULL,                                                         NULL                                                      },
  {"https://a.example/#t",    NULL,                                                         NULL                                                      },
  {"http://a.example/",       NULL,                                                         NULL                                                      },
  {"https://",                NULL,                                                         NULL                                                      },
};

static void
test_places (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_auto (GStrv) found = est_metadata_places (places[i].issuer);
      g_test_message ("%s", places[i].issuer);
      g_assert_cmpint (found == NULL, ==, places[i].first == NULL);
      if (found == NULL)
        continue;
      g_assert_cmpuint (g_strv_length (found), ==, 2);
      g_assert_cmpstr (found[0], ==, places[i].first);
      g_assert_cmpstr (found[1], ==, places[i].second);
    }
}

static EstAuthority *
make (const char *issuer)
{
  EstAuthority *authority = g_new0 (EstAuthority, 1);
  authority->issuer = g_strdup (issuer);
  return authority;
}

static void
test_take (void)
{
  static const char text[]
    = "{\"issuer\":\"https://a.example\",\"authorization_endpoint\":"
      "\"https://a.example/a\",\"token_endpoint\":\"http://a.example/t\","
      "\"registration_endpoint\":7,\"device_authorization_endpoint\":\"https://a/d\","
      "\"scopes_supported\":[\"x\",\"offline_access\",5],"
      "\"authorization_response_iss_parameter_supported\":true}";
  g_autoptr (GError) error = NULL;
  g_autoptr (EstAuthority) authority = make ("https://a.example");
  authority->device = g_strdup ("https://a.example/known");
  g_assert_true (est_metadata_take (authority, text, strlen (text), &error));
  g_assert_no_error (error);
  g_assert_cmpstr (authority->authorize, ==, "https://a.example/a");
  g_assert_null (authority->token); /* readable on its way */
  g_assert_null (authority->registration);
  g_assert_cmpstr (authority->device, ==, "https://a.example/known");
  g_assert_cmpstr (authority->scope, ==, "offline_access");
  g_assert_true (authority->promises_iss);
}

static const char *const lies[] = {
  "",
  "[]",
  "{}",
  "{\"issuer\":\"https://b.example\"}",
  "{\"issuer\":\"https://a.example/\"}",
  "{\"issuer\":[\"https://a.example\"]}",
  "{\"issuer\":\"https://a.example\" /* \" */}",
  "{\"issuer\":\"https://a.example\"} // more",
  "{'issuer':'https://a.example'}",
  "{\"issuer\":\"https://a.example\"",
  "{\"issuer\":\"https://a.example\xff\"}",
};

static void
test_lies (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (EstAuthority) authority = make ("https://a.example");
      g_test_message ("lie %" G_GSIZE_FORMAT, i);
      g_assert_false (est_metadata_take (authority, lies[i], strlen (lies[i]), &error));
      g_assert_error (error, EST_FAILURE, EST_FAILURE_ANSWER);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/metadata/places", test_places);
  g_test_add_func ("/web/metadata/take", test_take);
  g_test_add_func ("/web/metadata/lies", test_lies);
  return g_test_run ();
}
