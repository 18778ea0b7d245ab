/* For tests of what takes mail in: settings, an outbox, and the intake between them. */
#pragma once

#include "base/clock.h"
#include "intake/intake.h"

#include "folder.h"

typedef struct
{
  char *folder;
  EstOutbox *outbox;
  EstAccounts *accounts;
  EstIntake *intake;
  GThreadFunc serve; /* of session-fixture.h; NULL: as the listener does */
} Fixture;

static inline void
open_house (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  fixture->folder = g_dir_make_tmp ("estafeta-intake-XXXXXX", NULL);
  g_autofree char *settings = g_build_filename (fixture->folder, "estafeta.conf", NULL);
  g_autofree char *path = g_build_filename (fixture->folder, "data", "outbox.db", NULL);
  g_assert_true (g_file_set_contents_full (settings, text, -1, G_FILE_SET_CONTENTS_NONE,
                                           0600, &error));
  fixture->outbox = est_outbox_open (path, NULL, &error);
  g_assert_no_error (error);
  fixture->accounts = est_accounts_new (settings);
  g_assert_null (est_accounts_dup_problem (fixture->accounts));
  fixture->intake = est_intake_new (fixture->outbox, fixture->accounts);
}

static inline void
tear_down (Fixture *fixture, gconstpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  est_intake_free (fixture->intake);
  g_object_unref (fixture->accounts);
  g_object_unref (fixture->outbox);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  est_clock_freeze (0);
}
