/* Whose relay a host is, and what is known of it. */
#include "account/providers.h"

typedef struct
{
  const char *host, *address;
  int a_minute, a_day; /* messages */
  int recipients_a_day;
  guint connections;
} Case;

#define UNKNOWN -1

static const Case cases[] = {
  {"smtp.gmail.com",                "a@gmail.com",      20,      500,  500,   1},
  {"SMTP.GMAIL.COM.",               "a@GoogleMail.com", 20,      500,  500,   1},
  {"smtp.gmail.com",                "a@example.org",    20,      2000, 3000,  1},
  {"smtp.gmail.com",                NULL,               20,      2000, 3000,  1},
  {"smtp.gmail.com",                "no-at-sign",       20,      2000, 3000,  1},
  {"smtp.gmail.com",                "a@",               20,      2000, 3000,  1},
  {"smtp.office365.com",            "a@example.org",    30,      0,    10000, 3},
  {"smtp.office365.com",            "a@outlook.com",    20,      0,    300,   3},
  {"smtp-mail.outlook.com",         "a@hotmail.com",    20,      0,    300,   1},
  {"smtp.mail.yahoo.com",           "a@yahoo.com",      20,      0,    500,   1},
  {"smtp.mail.me.com",              "a@icloud.com",     20,      1000, 1000,  1},
  {"smtp.protonmail.ch",            "a@example.org",    20,      150,  0,     1},
  {"smtppro.zoho.eu",               "a@example.org",    20,      0,    0,     1},
  {"gmail.com",                     "a@gmail.com",      UNKNOWN, 0,    0,     1},
  {"notsmtp.gmail.com.example.org", "a@gmail.com",      UNKNOWN, 0,    0,     1},
  {"xsmtp.gmail.com",               "a@gmail.com",      UNKNOWN, 0,    0,     1},
  {"x.smtp.gmail.com",              "a@gmail.com",      20,      500,  500,   1},
  {"127.0.0.1",                     "a@gmail.com",      UNKNOWN, 0,    0,     1},
  {"localhost",                     "a@proton.me",      UNKNOWN, 0,    0,     1},
  {".",                             NULL,               UNKNOWN, 0,    0,     1},
  {"",                              NULL,               UNKNOWN, 0,    0,     1},
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_test_message ("%s %s", c->host, c->address);
      const EstProvider *provider = est_provider_find (c->host, c->address);
      g_assert_cmpint (provider == NULL, ==, c->a_minute == UNKNOWN);
      g_assert_cmpuint (est_provider_connections (c->host), ==, c->connections);
      if (provider == NULL)
        continue;
      g_assert_cmpint (provider->budget.messages[EST_SPAN_MINUTE], ==, c->a_minute);
      g_assert_cmpint (provider->budget.messages[EST_SPAN_DAY], ==, c->a_day);
      g_assert_cmpint (provider->budget.recipients[EST_SPAN_DAY], ==,
                       c->recipients_a_day);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account/providers/table", test_table);
  return g_test_run ();
}
