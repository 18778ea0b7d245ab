/* Real answers of real providers: whose limit each is about. */
#include "outcome/limit-text.h"

#include "outcome/course.h"
#include "outcome/refusal.h"

typedef struct
{
  const char *line;
  EstReason reason; /* at the final dot */
} Row;

#define LIMIT     EST_REASON_LIMIT
#define BUSY      EST_REASON_BUSY
#define REFUSED   EST_REASON_REFUSED
#define DEFERRED  EST_REASON_DEFERRED
#define SUSPENDED EST_REASON_SUSPENDED

static const Row rows[] = {
  {"550 5.4.5 Daily user sending limit exceeded. For more information",                  LIMIT               },
  {"550 5.4.5 Daily sending quota exceeded. d9443c01a7336-2",                            LIMIT               },
  {"550 5.7.1 You have exceeded your daily sending limit",                               LIMIT               },
  {"550 5.7.1 Your mail limit has been reached",                                         LIMIT               },
  {"450 Requested mail action not taken: mailbox unavailable Mail send limit exceeded.",
   DEFERRED                                                                                                  },
  {"450 Mail send limit exceeded.",                                                      LIMIT               },
  {"554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",           LIMIT               },
  {"550 5.1.90 Your message can't be sent because you've reached your daily limit",
   LIMIT                                                                                                     },
  {"432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded",                      BUSY                },
  {"432 4.3.2 Concurrent connections limit exceeded",                                    BUSY                },
  {"451 4.3.2 Please try again later",                                                   BUSY                },
  {"452 4.4.5 Insufficient disk space; try again later",                                 LIMIT               },
  {"550 Domain example.org has exceeded the max emails per hour (100/100 (100%)) "
   "allowed.",                                                                        LIMIT               },
  {"554 5.7.1 You have reached a limit for sending mail",                                LIMIT               },
  {"451 4.7.1 Rate limit exceeded, slow down",                                           LIMIT               },
  {"450 4.7.1 Error: too much mail from 192.0.2.1",                                      LIMIT               },
  {"421 4.7.0 Too many connections",                                                     BUSY                },
  {"452 4.3.1 Too many connections from your host",                                      BUSY                },
  {"554 5.7.1 Too many messages, try again tomorrow",                                    LIMIT               },
  {"550 5.7.1 You exceeded 500 recipients per day",                                      LIMIT               },
  {"553 5.7.1 Your account has exceeded its hourly limit",                               LIMIT               },
  {"451 Sending rate exceeded",                                                          LIMIT               },

  {"550 5.7.1 Your account has been SUSPENDED",                                          SUSPENDED           },
  {"550 5.7.1 suspended: ask about your account",                                        REFUSED             },
  {"554 5.1.8 Email Outgoing Blocked",                                                   SUSPENDED           },
  {"550 5.1.8 Access denied, bad outbound sender",                                       SUSPENDED           },
  {"550 5.4.6 Unusual sending activity detected. Please try after sometime",             LIMIT               },
  {"421 4.7.28 Our system has detected an unusual rate of mail",                         BUSY                },
  {"450 4.7.28 Our system has detected an unusual rate of mail",                         LIMIT               },
  {"550 5.7.233 tenant external recipient rate",                                         LIMIT               },

  {"552 5.3.4 Message size exceeds fixed maximum message size",                          EST_REASON_TOO_LARGE},
  {"552 5.2.3 Message exceeds the maximum size limit",                                   REFUSED             },
  {"552 5.2.2 The recipient's mailbox is over quota",                                    REFUSED             },
  {"452 4.2.2 The email account that you tried to reach is over quota",                  DEFERRED            },
  {"452 4.2.2 The recipient's inbox is out of storage space and inactive.",              DEFERRED            },
  {"450 4.2.1 The user you are trying to contact is receiving mail at a rate limit",
   DEFERRED                                                                                                  },
  {"550 5.2.1 The recipient is receiving too many messages",                             REFUSED             },
  {"450 4.2.0 Greylisted, please try again in 300 seconds",                              DEFERRED            },
  {"451 4.7.1 Greylisting in action, please come back later",                            DEFERRED            },
  {"450 4.7.1 Client host rejected: cannot find your hostname",                          DEFERRED            },
  {"452 4.5.3 Too many recipients",                                                      DEFERRED            },
  {"550 5.7.1 Message rejected as spam",                                                 REFUSED             },
  {"550 5.7.26 Unauthenticated email is not accepted due to DMARC policy",               REFUSED             },
  {"554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org",          REFUSED             },
  {"554 5.6.0 Bare LF",                                                                  REFUSED             },
  {"451 4.4.2 Timeout",                                                                  DEFERRED            },
  {"451 Temporary local problem",                                                        DEFERRED            },
  {"550 limited edition refused",                                                        REFUSED             },
  {"250 2.0.0 sending limit 3 of 500",                                                   EST_REASON_NONE     },
};

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (EstReply) reply = est_reply_from_line (rows[i].line);
      EstReason reason = est_refusal_judge (EST_STAGE_FINAL, reply);
      g_test_message ("%s: %s", est_reason_nick (reason), rows[i].line);
      g_assert_cmpint (reason, ==, rows[i].reason);
    }
}

/* Over several lines, as Gmail says it, and whatever the case. */
static void
test_lines (void)
{
  g_autoptr (EstReply) reply = est_reply_new (
    550, "5.7.1", "Sorry, you have\nexceeded your DAILY SENDING\nLIMIT for today");
  g_assert_cmpint (est_limit_text_judge (reply), ==, EST_REASON_LIMIT);
}

/* A judgement for everything, and none against a yes. */
static void
test_total (void)
{
  static const char *const texts[] = {"", "daily sending limit", "too many connections"};
  for (EstStage stage = EST_STAGE_GREETING; stage <= EST_STAGE_FINAL; stage++)
    for (int code = 200; code < 600; code++)
      for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
        {
          g_autoptr (EstReply) reply = est_reply_new (code, NULL, texts[i]);
          EstReason reason = est_refusal_judge (stage, reply);
          g_assert_cmpint (reason, <, EST_N_REASONS);
          if (code < 300 && stage != EST_STAGE_DATA)
            g_assert_cmpint (reason, ==, EST_REASON_NONE);
          if (code >= 400)
            g_assert_cmpint (reason, !=, EST_REASON_NONE);
        }
}

/* Every cell of scope x permanence is decided, and the decisions fit together. */
static void
test_courses (void)
{
  for (EstScope scope = EST_SCOPE_NONE; scope <= EST_SCOPE_RECIPIENT; scope++)
    for (EstPermanence permanence = EST_TEMPORARY; permanence <= EST_IN_DOUBT;
         permanence++)
      {
        const EstCourse *course = est_course (scope, permanence);
        gboolean ours = scope == EST_SCOPE_NETWORK || scope == EST_SCOPE_ACCOUNT;
        g_assert_cmpint (course->pauses, ==, ours && permanence != EST_IN_DOUBT);
        g_assert_cmpint (course->passes, ==,
                         course->pauses && permanence == EST_TEMPORARY);
        g_assert_cmpint (course->recipient == EST_RECIPIENT_DOUBTFUL, ==,
                         permanence == EST_IN_DOUBT);
        g_assert_cmpint (course->recipient == EST_RECIPIENT_FAILED, ==,
                         scope >= EST_SCOPE_MESSAGE && permanence == EST_PERMANENT);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outcome/limit-text/rows", test_rows);
  g_test_add_func ("/outcome/limit-text/lines", test_lines);
  g_test_add_func ("/outcome/limit-text/total", test_total);
  g_test_add_func ("/outcome/course/table", test_courses);
  return g_test_run ();
}
