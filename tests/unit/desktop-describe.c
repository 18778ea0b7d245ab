/* Why a waiting message waits is derived, not stored: from the settings, the account's
   pause, and only then from its own last answer. */
#include "desktop/describe.h"

#include <glib/gstdio.h>

#define SETTINGS                                                                         \
  "[account home]\naddresses=a@example.org\nhost=127.0.0.1\nsecurity=none\nauth=none\n"

typedef struct
{
  const char *account;
  EstState state;
  EstReason own;      /* of the message */
  EstReason paused;   /* of the account; NONE: it can send */
  const char *halted; /* account, "" everything, NULL nothing */
  const char *told;   /* NULL: no reason */
} Case;

static const Case cases[] = {
  {"home", EST_STATE_WAITING, EST_REASON_NONE,     EST_REASON_NONE,    NULL,   NULL        },
  {"home", EST_STATE_WAITING, EST_REASON_DEFERRED, EST_REASON_NONE,    NULL,   "deferred"  },
  {"home", EST_STATE_WAITING, EST_REASON_DEFERRED, EST_REASON_SIGN_IN, NULL,   "sign-in"   },
  {"home", EST_STATE_WAITING, EST_REASON_DEFERRED, EST_REASON_SIGN_IN, "home", "by-hand"   },
  {"home", EST_STATE_WAITING, EST_REASON_NONE,     EST_REASON_NONE,    "",     "by-hand"   },
  {"home", EST_STATE_WAITING, EST_REASON_NONE,     EST_REASON_NONE,    "work", NULL        },
  {"gone", EST_STATE_WAITING, EST_REASON_DEFERRED, EST_REASON_NONE,    "",     "no-account"},
  {"home", EST_STATE_FAILED,  EST_REASON_REFUSED,  EST_REASON_SIGN_IN, "home", "refused"   },
  {"gone", EST_STATE_SENT,    EST_REASON_NONE,     EST_REASON_NONE,    NULL,   NULL        },
};

static GPtrArray *
pauses_for (EstReason reason)
{
  GPtrArray *pauses = g_ptr_array_new_with_free_func ((GDestroyNotify) est_pause_free);
  const EstPause pause = {.account = (char *) "home", .reason = reason};
  if (reason != EST_REASON_NONE)
    g_ptr_array_add (pauses, est_pause_copy (&pause));
  return pauses;
}

static void
check (EstSettings *settings, const Case *c)
{
  g_autoptr (GPtrArray) pauses = pauses_for (c->paused);
  gint64 since = 5;
  g_autoptr (GHashTable) halts = g_hash_table_new (g_str_hash, g_str_equal);
  if (c->halted != NULL)
    g_hash_table_insert (halts, (gpointer) c->halted, &since);
  const EstCircumstances circumstances = {settings, pauses, halts};
  const EstEntry entry = {.id = 7,
                          .state = c->state,
                          .account = (char *) c->account,
                          .sender = (char *) "a@example.org",
                          .reason = c->own};
  g_autoptr (GVariant) told
    = g_variant_ref_sink (est_describe_entry (&entry, &circumstances));
  const char *reason = NULL;
  g_variant_lookup (told, "reason", "&s", &reason);
  g_assert_cmpstr (reason, ==, c->told);
}

static void
test_reasons (void)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("estafeta-describe-XXXXXX", &path, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (path, SETTINGS, -1, NULL));
  g_autoptr (EstSettings) settings = est_settings_load (path, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    check (settings, &cases[i]);
  g_unlink (path);
  g_close (fd, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desktop/describe/reasons", test_reasons);
  return g_test_run ();
}
