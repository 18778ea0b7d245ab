/* What each answer means, stage by stage. */
#include "outcome/refusal.h"

typedef struct
{
  EstStage stage;
  int code;
  EstReason reason;
} Row;

static const Row rows[] = {
  {EST_STAGE_GREETING, 220, EST_REASON_NONE             },
  {EST_STAGE_GREETING, 421, EST_REASON_BUSY             },
  {EST_STAGE_GREETING, 450, EST_REASON_BUSY             },
  {EST_STAGE_GREETING, 554, EST_REASON_TURNED_AWAY      },
  {EST_STAGE_GREETING, 354, EST_REASON_BUSY             },
  {EST_STAGE_EHLO,     250, EST_REASON_NONE             },
  {EST_STAGE_EHLO,     451, EST_REASON_BUSY             },
  {EST_STAGE_EHLO,     550, EST_REASON_TURNED_AWAY      },
  {EST_STAGE_EHLO,     530, EST_REASON_TURNED_AWAY      },
  {EST_STAGE_STARTTLS, 220, EST_REASON_NONE             },
  {EST_STAGE_STARTTLS, 454, EST_REASON_BUSY             },
  {EST_STAGE_STARTTLS, 502, EST_REASON_NO_TLS           },
  {EST_STAGE_AUTH,     235, EST_REASON_NONE             },
  {EST_STAGE_AUTH,     334, EST_REASON_NONE             },
  {EST_STAGE_AUTH,     454, EST_REASON_BUSY             },
  {EST_STAGE_AUTH,     421, EST_REASON_BUSY             },
  {EST_STAGE_AUTH,     535, EST_REASON_SIGN_IN          },
  {EST_STAGE_AUTH,     534, EST_REASON_SIGN_IN          },
  {EST_STAGE_AUTH,     504, EST_REASON_SIGN_IN          },
  {EST_STAGE_MAIL,     250, EST_REASON_NONE             },
  {EST_STAGE_MAIL,     334, EST_REASON_DEFERRED         },
  {EST_STAGE_MAIL,     451, EST_REASON_DEFERRED         },
  {EST_STAGE_MAIL,     530, EST_REASON_SIGN_IN          },
  {EST_STAGE_MAIL,     552, EST_REASON_REFUSED          },
  {EST_STAGE_MAIL,     421, EST_REASON_BUSY             },
  {EST_STAGE_RCPT,     251, EST_REASON_NONE             },
  {EST_STAGE_RCPT,     450, EST_REASON_DEFERRED         },
  {EST_STAGE_RCPT,     550, EST_REASON_RECIPIENT_REFUSED},
  {EST_STAGE_RCPT,     552, EST_REASON_DEFERRED         },
  {EST_STAGE_RCPT,     530, EST_REASON_SIGN_IN          },
  {EST_STAGE_RCPT,     421, EST_REASON_BUSY             },
  {EST_STAGE_DATA,     354, EST_REASON_NONE             },
  {EST_STAGE_DATA,     250, EST_REASON_DEFERRED         },
  {EST_STAGE_DATA,     451, EST_REASON_DEFERRED         },
  {EST_STAGE_DATA,     554, EST_REASON_REFUSED          },
  {EST_STAGE_FINAL,    250, EST_REASON_NONE             },
  {EST_STAGE_FINAL,    354, EST_REASON_DEFERRED         },
  {EST_STAGE_FINAL,    452, EST_REASON_DEFERRED         },
  {EST_STAGE_FINAL,    421, EST_REASON_BUSY             },
  {EST_STAGE_FINAL,    554, EST_REASON_REFUSED          },
};

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (EstReply) reply = est_reply_new (rows[i].code, NULL, "words");
      EstReason reason = est_refusal_judge (rows[i].stage, reply);
      g_test_message ("stage %d, %d: %s", (int) rows[i].stage, rows[i].code,
                      est_reason_nick (reason));
      g_assert_cmpint (reason, ==, rows[i].reason);
    }
}

/* Whatever a relay says before the envelope, no mail fails by it. */
static void
test_no_mail_fails_early (void)
{
  for (EstStage stage = EST_STAGE_GREETING; stage <= EST_STAGE_AUTH; stage++)
    for (int code = 400; code < 600; code++)
      {
        g_autoptr (EstReply) reply = est_reply_new (code, NULL, "words");
        g_assert_true (est_reason_pauses (est_refusal_judge (stage, reply)));
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outcome/refusal/rows", test_rows);
  g_test_add_func ("/outcome/refusal/no-mail-fails-early", test_no_mail_fails_early);
  return g_test_run ();
}
