/* Limits in words, whatever the figures are. */
#include "wording/budget.h"

#include "wording/particulars.h"

static void
test_limits (void)
{
  static const struct
  {
    const char *what, *span;
    guint limit;
    const char *text;
  } cases[] = {
    {"messages",   "minute", 20,         "20 messages a minute"     },
    {"messages",   "hour",   1,          "1 message an hour"        },
    {"messages",   "day",    4294967295, "4294967295 messages a day"},
    {"recipients", "minute", 1,          "1 recipient a minute"     },
    {"recipients", "hour",   5,          "5 recipients an hour"     },
    {"recipients", "day",    0,          "0 recipients a day"       },
    {"letters",    "day",    5,          NULL                       },
    {"messages",   "week",   5,          NULL                       },
    {"",           "",       5,          NULL                       },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text
        = est_wording_limit (cases[i].what, cases[i].span, cases[i].limit);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_figures (void)
{
  static const char *const good[] = {"settings", "provider", "default", "learnt"};
  static const char *const bad[] = {"",
                                    "messages",
                                    "messages day",
                                    "messages day 5",
                                    "messages day five default",
                                    "messages day 5 nobody",
                                    "letters day 5 default",
                                    "messagesmessagesmessages day 5 default",
                                    "%s %s %s %s"};
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *figures = g_strconcat ("messages day 5 ", good[i], NULL);
      g_autofree char *text = est_wording_particulars (EST_REASON_BUDGET, figures);
      g_assert_true (g_str_has_prefix (text, "The limit is 5 messages a day. "));
      g_assert_true (g_str_has_suffix (text, "."));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (est_wording_particulars (EST_REASON_BUDGET, bad[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wording/budget/limits", test_limits);
  g_test_add_func ("/wording/budget/figures", test_figures);
  return g_test_run ();
}
