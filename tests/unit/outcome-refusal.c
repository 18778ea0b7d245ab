/* What each answer means, stage by stage. */
#include "outcome/refusal.h"

#include "outcome/blame.h"

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
  {EST_STAGE_GREETING, 354, EST_REASON_PROTOCOL         },
  {EST_STAGE_EHLO,     250, EST_REASON_NONE             },
  {EST_STAGE_EHLO,     451, EST_REASON_BUSY             },
  {EST_STAGE_EHLO,     550, EST_REASON_TURNED_AWAY      },
  {EST_STAGE_EHLO,     354, EST_REASON_PROTOCOL         },
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
  {EST_STAGE_AUTH,     504, EST_REASON_NO_MECHANISM     },
  {EST_STAGE_AUTH,     502, EST_REASON_NO_MECHANISM     },
  {EST_STAGE_AUTH,     503, EST_REASON_PROTOCOL         },
  {EST_STAGE_AUTH,     501, EST_REASON_SIGN_IN          },
  {EST_STAGE_AUTH,     432, EST_REASON_BUSY             },
  {EST_STAGE_AUTH,     538, EST_REASON_SIGN_IN          },
  {EST_STAGE_MAIL,     250, EST_REASON_NONE             },
  {EST_STAGE_MAIL,     334, EST_REASON_PROTOCOL         },
  {EST_STAGE_MAIL,     354, EST_REASON_PROTOCOL         },
  {EST_STAGE_MAIL,     502, EST_REASON_PROTOCOL         },
  {EST_STAGE_MAIL,     503, EST_REASON_PROTOCOL         },
  {EST_STAGE_MAIL,     501, EST_REASON_REFUSED          },
  {EST_STAGE_MAIL,     555, EST_REASON_REFUSED          },
  {EST_STAGE_MAIL,     432, EST_REASON_BUSY             },
  {EST_STAGE_MAIL,     451, EST_REASON_DEFERRED         },
  {EST_STAGE_MAIL,     530, EST_REASON_SIGN_IN          },
  {EST_STAGE_MAIL,     552, EST_REASON_REFUSED          },
  {EST_STAGE_MAIL,     421, EST_REASON_BUSY             },
  {EST_STAGE_RCPT,     251, EST_REASON_NONE             },
  {EST_STAGE_RCPT,     450, EST_REASON_DEFERRED         },
  {EST_STAGE_RCPT,     550, EST_REASON_RECIPIENT_REFUSED},
  {EST_STAGE_RCPT,     552, EST_REASON_DEFERRED         },
  {EST_STAGE_RCPT,     530, EST_REASON_SIGN_IN          },
  {EST_STAGE_RCPT,     503, EST_REASON_PROTOCOL         },
  {EST_STAGE_RCPT,     501, EST_REASON_RECIPIENT_REFUSED},
  {EST_STAGE_RCPT,     354, EST_REASON_PROTOCOL         },
  {EST_STAGE_RCPT,     421, EST_REASON_BUSY             },
  {EST_STAGE_DATA,     354, EST_REASON_NONE             },
  {EST_STAGE_DATA,     250, EST_REASON_PROTOCOL         },
  {EST_STAGE_DATA,     503, EST_REASON_PROTOCOL         },
  {EST_STAGE_DATA,     451, EST_REASON_DEFERRED         },
  {EST_STAGE_DATA,     554, EST_REASON_REFUSED          },
  {EST_STAGE_FINAL,    250, EST_REASON_NONE             },
  {EST_STAGE_FINAL,    354, EST_REASON_UNCERTAIN        },
  {EST_STAGE_FINAL,    334, EST_REASON_UNCERTAIN        },
  {EST_STAGE_FINAL,    503, EST_REASON_REFUSED          },
  {EST_STAGE_CHUNK,    250, EST_REASON_NONE             },
  {EST_STAGE_CHUNK,    354, EST_REASON_PROTOCOL         },
  {EST_STAGE_CHUNK,    503, EST_REASON_REFUSED          },
  {EST_STAGE_CHUNK,    452, EST_REASON_DEFERRED         },
  {EST_STAGE_RSET,     250, EST_REASON_NONE             },
  {EST_STAGE_RSET,     354, EST_REASON_PROTOCOL         },
  {EST_STAGE_RSET,     503, EST_REASON_PROTOCOL         },
  {EST_STAGE_RSET,     451, EST_REASON_BUSY             },
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

typedef struct
{
  EstStage stage;
  const char *line;
  EstReason reason;
} Words;

/* Where code, status and words together make it. */
static const Words words[] = {
  {EST_STAGE_GREETING, "554 5.7.1 too many connections from you",                  EST_REASON_BUSY             },
  {EST_STAGE_GREETING, "554 5.7.1 no access from here",                            EST_REASON_TURNED_AWAY      },
  {EST_STAGE_EHLO,     "550 5.7.1 hourly limit reached",                           EST_REASON_LIMIT            },
  {EST_STAGE_AUTH,     "535 5.7.8 rate limit of wrong passwords",                  EST_REASON_SIGN_IN          },
  {EST_STAGE_STARTTLS, "554 5.7.3 rate limit for handshakes",                      EST_REASON_NO_TLS           },
  {EST_STAGE_MAIL,     "550 5.4.6 Unusual sending activity detected",              EST_REASON_LIMIT            },
  {EST_STAGE_MAIL,     "550 5.1.8 Access denied, bad outbound sender",             EST_REASON_SUSPENDED        },
  {EST_STAGE_MAIL,     "554 5.1.8 Email Outgoing Blocked",                         EST_REASON_SUSPENDED        },
  {EST_STAGE_MAIL,     "550 5.7.1 Your account has been suspended",                EST_REASON_SUSPENDED        },
  {EST_STAGE_FINAL,    "550 5.7.705 Access denied, tenant has exceeded threshold",
   EST_REASON_LIMIT                                                                                            },
  {EST_STAGE_FINAL,    "550 5.7.233 tenant external recipient rate",               EST_REASON_LIMIT            },
  {EST_STAGE_MAIL,     "503 5.5.4 Error: send AUTH command first",                 EST_REASON_SIGN_IN          },
  {EST_STAGE_RCPT,     "503 This server requires authentication",                  EST_REASON_SIGN_IN          },
  {EST_STAGE_DATA,     "503 no auth here",                                         EST_REASON_PROTOCOL         },
  {EST_STAGE_RCPT,     "550 5.5.3 too many recipients",                            EST_REASON_DEFERRED         },
  {EST_STAGE_RCPT,     "552 5.2.2 mailbox full",                                   EST_REASON_RECIPIENT_REFUSED},
  {EST_STAGE_RCPT,     "550 5.2.1 The account you tried to reach is disabled",
   EST_REASON_RECIPIENT_REFUSED                                                                                },
  {EST_STAGE_MAIL,     "550 5.5.3 no such thing here",                             EST_REASON_REFUSED          },
};

static void
test_words (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (EstReply) reply = est_reply_from_line (words[i].line);
      EstReason reason = est_refusal_judge (words[i].stage, reply);
      g_test_message ("%s: %s", est_reason_nick (reason), words[i].line);
      g_assert_cmpint (reason, ==, words[i].reason);
    }
}

typedef struct
{
  const char *line;
  EstScope scope;
} Blame;

static const Blame blames[] = {
  {"550 5.1.1 no such user",                                                   EST_SCOPE_RECIPIENT},
  {"553 5.7.1 <a@x>: Sender address rejected: not owned by user a",            EST_SCOPE_MESSAGE  },
  {"550 5.7.60 SMTP; Client does not have permissions to send as this sender",
   EST_SCOPE_MESSAGE                                                                              },
  {"554 5.2.252 SendAsDenied; a@x not allowed to send as b@x",                 EST_SCOPE_MESSAGE  },
  {"550 5.1.7 bad sender",                                                     EST_SCOPE_MESSAGE  },
  {"550 Sender verify\nfailed",                                                EST_SCOPE_MESSAGE  },
  {"554 5.7.1 <b@x>: Relay access denied",                                     EST_SCOPE_ACCOUNT  },
  {"550 5.7.1 relaying denied",                                                EST_SCOPE_ACCOUNT  },
  {"550 relay not permitted",                                                  EST_SCOPE_ACCOUNT  },
  {"550 5.7.54 SMTP; Unable to relay",                                         EST_SCOPE_ACCOUNT  },
  {"553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
   EST_SCOPE_ACCOUNT                                                                              },
  {"550 5.7.1 Authentication Required",                                        EST_SCOPE_ACCOUNT  },
  {"550 5.7.1 <b@x>: Recipient address rejected: Access denied",               EST_SCOPE_RECIPIENT},
  {"550",                                                                      EST_SCOPE_RECIPIENT},
};

static void
test_blames (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (blames); i++)
    {
      g_autofree char *line = g_strdelimit (g_strdup (blames[i].line), "\n", ' ');
      g_autoptr (EstReply) reply = est_reply_from_line (line);
      g_test_message ("%s", line);
      g_assert_cmpint (est_blame (reply), ==, blames[i].scope);
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
  g_test_add_func ("/outcome/refusal/words", test_words);
  g_test_add_func ("/outcome/refusal/blames", test_blames);
  g_test_add_func ("/outcome/refusal/no-mail-fails-early", test_no_mail_fails_early);
  return g_test_run ();
}
