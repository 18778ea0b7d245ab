/* Proxies as URIs: which are understood, and that their secrets are not shown. */
#include "account/proxy.h"

#include <string.h>

typedef struct
{
  const char *uri;
  const char *shown; /* NULL: it is none */
  const char *user, *password;
} Case;

static const Case cases[] = {
  {"socks5://proxy.example.org:9050", "socks5://proxy.example.org:9050",  NULL,  NULL    },
  {"socks5://proxy.example.org",      "socks5://proxy.example.org:1080",  NULL,  NULL    },
  {"SOCKS5://192.0.2.1:1/",           "socks5://192.0.2.1:1",             NULL,  NULL    },
  {"socks4a://p",                     "socks4a://p:1080",                 NULL,  NULL    },
  {"socks4://me@p",                   "socks4://p:1080",                  "me",  NULL    },
  {"http://p",                        "http://p:80",                      NULL,  NULL    },
  {"http://[2001:db8::1]:3128",       "http://[2001:db8::1]:3128",        NULL,  NULL    },
  {"http://me:secret@p:3128",         "http://p:3128",                    "me",  "secret"},
  {"socks5://m%40e:s%3Ae%20c@p:1",    "socks5://p:1",                     "m@e", "s:e c" },
  {"socks5://me:@p:1",                "socks5://p:1",                     "me",  ""      },
  {"socks5://b\xc3\xbc"
   "cher.example:1",               "socks5://xn--bcher-kva.example:1", NULL,  NULL    },
  {"",                                NULL,                               NULL,  NULL    },
  {"system",                          NULL,                               NULL,  NULL    },
  {"proxy.example.org:1080",          NULL,                               NULL,  NULL    },
  {"https://p:443",                   NULL,                               NULL,  NULL    },
  {"socks://p:1080",                  NULL,                               NULL,  NULL    },
  {"direct://",                       NULL,                               NULL,  NULL    },
  {"ftp://p:21",                      NULL,                               NULL,  NULL    },
  {"socks5://",                       NULL,                               NULL,  NULL    },
  {"socks5://:1080",                  NULL,                               NULL,  NULL    },
  {"socks5:p:1080",                   NULL,                               NULL,  NULL    },
  {"socks5://p:0",                    NULL,                               NULL,  NULL    },
  {"socks5://p:65536",                NULL,                               NULL,  NULL    },
  {"socks5://p:x",                    NULL,                               NULL,  NULL    },
  {"socks5://p:1080/way",             NULL,                               NULL,  NULL    },
  {"socks5://p:1080?q",               NULL,                               NULL,  NULL    },
  {"socks5://p:1080#f",               NULL,                               NULL,  NULL    },
  {"socks5://a b:1080",               NULL,                               NULL,  NULL    },
  {"socks5://p%0d%0aX:1080",          NULL,                               NULL,  NULL    },
  {"socks5://m%00e@p:1080",           NULL,                               NULL,  NULL    },
  {"socks5://m%zze@p:1080",           NULL,                               NULL,  NULL    },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_test_message ("%s", c->uri);
      g_autoptr (EstProxy) proxy = est_proxy_parse (c->uri);
      g_assert_cmpint (proxy != NULL, ==, c->shown != NULL);
      if (proxy == NULL)
        continue;
      g_autofree char *shown = est_proxy_show (proxy);
      g_assert_cmpstr (shown, ==, c->shown);
      g_assert_cmpstr (proxy->user, ==, c->user);
      g_assert_cmpstr (proxy->password, ==, c->password);
    }
}

/* RFC 1929 has one octet for the length. */
static void
test_long_secrets (void)
{
  for (gsize length = 255; length <= 256; length++)
    {
      g_autofree char *text = g_strnfill (length, 'x');
      g_autofree char *user = g_strdup_printf ("socks5://%s:p@h:1", text);
      g_autofree char *password = g_strdup_printf ("socks5://u:%s@h:1", text);
      g_autoptr (EstProxy) first = est_proxy_parse (user);
      g_autoptr (EstProxy) second = est_proxy_parse (password);
      g_assert_cmpint (first != NULL, ==, length == 255);
      g_assert_cmpint (second != NULL, ==, length == 255);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/proxy/cases", test_cases);
  g_test_add_func ("/account/proxy/long-secrets", test_long_secrets);
  return g_test_run ();
}
