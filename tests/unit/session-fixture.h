/* For tests of conversations with the submission server: an outbox, settings, and the
   server's end of a socket pair in a thread. */
#pragma once

#include "base/clock.h"
#include "intake/intake.h"
#include "submission/session.h"

#include "folder.h"

#include <string.h>
#include <sys/socket.h>

typedef struct
{
  char *folder;
  EstOutbox *outbox;
  EstAccounts *accounts;
  EstIntake *intake;
} Fixture;

static inline void
open_house (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  fixture->folder = g_dir_make_tmp ("estafeta-session-XXXXXX", NULL);
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

typedef struct
{
  EstIntake *intake;
  GSocket *socket;
  gboolean tls; /* from the start */
} Server;

static inline gpointer
serve (gpointer data)
{
  Server *server = data;
  if (server->tls)
    est_session_run_tls (server->intake, server->socket, NULL);
  else
    est_session_run (server->intake, server->socket, NULL);
  g_clear_object (&server->socket);
  return NULL;
}

/* The codes of all replies in order: "220 250 ...". */
static inline char *
codes_of (const char *heard)
{
  g_autoptr (GString) codes = g_string_new (NULL);
  g_auto (GStrv) lines = g_strsplit (heard, "\r\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (strlen (*line) >= 3 && (*line)[3] != '-')
      g_string_append_printf (codes, "%s%.3s", codes->len > 0 ? " " : "", *line);
  return g_string_free (g_steal_pointer (&codes), FALSE);
}

static inline guint
count_stored (Fixture *fixture)
{
  EstCounts counts;
  g_assert_true (est_outbox_count (fixture->outbox, &counts, NULL));
  return counts.by_state[EST_STATE_WAITING];
}

#define HELLO  "EHLO me\r\n"
#define FROM   "MAIL FROM:<a@example.org>\r\n"
#define TO     "RCPT TO:<b@example.net>\r\n"
#define MAIL   FROM TO "DATA\r\n"
#define SAMPLE "Subject: s\r\n\r\nhello\r\n"
