/* The number a server gives a message, as servers say it. */
#include "mail/queue-id.h"

#define OWN "<1@example.org>"

typedef struct
{
  const char *words;
  const char *id;      /* NULL: none */
  const char *renamed; /* NULL: not */
} Case;

static const Case cases[] = {
  {"2.0.0 Ok: queued as 4W1zXy5GtLz9sWQ",                                "4W1zXy5GtLz9sWQ",         NULL               },
  {"Ok: queued as A1B2C.",                                               "A1B2C",                   NULL               },
  {"OK id=1rAbCd-000000001Xy-2Zzz",                                      "1rAbCd-000000001Xy-2Zzz", NULL               },
  {"Requested mail action okay, completed: id=0MAs1w-1rQb",              "0MAs1w-1rQb",             NULL               },
  {"2.0.0 OK  1700000000 a1-20020a5d4cd1sm1234567wrt.5 - gsmtp",
   "a1-20020a5d4cd1sm1234567wrt.5",                                                                 NULL               },
  {"2.6.0 <abc@PR3.example> [InternalId=123456789, Hostname=PR3.example] 9000 bytes in "
   "0.2, 40 KB/sec Queued mail for delivery",                         "123456789",               "<abc@PR3.example>"},
  {"2.6.0 " OWN " [InternalId=77, Hostname=x] Queued mail for delivery", "77",                      NULL               },
  {"2.0.0 35e7b7a7 Message accepted for delivery",                       "35e7b7a7",                NULL               },
  {"2.0.0 0AQ1x2y3 Message accepted\nfor delivery",                      "0AQ1x2y3",                NULL               },
  {"ok 1700000000 qp 12345",                                             "12345",                   NULL               },
  {"2.0.0 Message queued with id 18f2c3.",                               "18f2c3",                  NULL               },
  {"QUEUED AS 7F",                                                       "7F",                      NULL               },
  {"",                                                                   NULL,                      NULL               },
  {"OK",                                                                 NULL,                      NULL               },
  {"queued as spam",                                                     NULL,                      NULL               },
  {"queued as ",                                                         NULL,                      NULL               },
  {" - gsmtp",                                                           NULL,                      NULL               },
  {"message accepted for delivery",                                      NULL,                      NULL               },
  {"valid=1 <@>",                                                        NULL,                      NULL               },
  {"to <bob> <>< <a b@c> <x@y>",                                         NULL,                      "<x@y>"            },
  {"to <a@> <@b> <unfinished@x",                                         NULL,                      NULL               },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *c = &cases[i];
      g_autoptr (EstReply) reply = est_reply_new (250, NULL, c->words);
      g_autofree char *id = est_queue_id_find (reply);
      g_autofree char *renamed = est_queue_id_renamed (reply, OWN);
      g_test_message ("%s", c->words);
      g_assert_cmpstr (id, ==, c->id);
      g_assert_cmpstr (renamed, ==, c->renamed);
    }
}

static void
test_endless (void)
{
  g_autofree char *many = g_strnfill (100000, '7');
  g_autofree char *words = g_strdup_printf ("queued as %s <%s@x>", many, many);
  g_autoptr (EstReply) reply = est_reply_new (250, NULL, words);
  g_autofree char *id = est_queue_id_find (reply);
  g_assert_cmpuint (strlen (id), ==, 128);
  g_assert_null (est_queue_id_renamed (reply, OWN));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail/queue-id/cases", test_cases);
  g_test_add_func ("/mail/queue-id/endless", test_endless);
  return g_test_run ();
}
