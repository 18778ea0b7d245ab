/* The key and certificate for localhost: made, kept, renewed, shared, and who may read
   them. */
#include "base/clock.h"
#include "wire/identity.h"
#include "wire/wire.h"

#include "folder.h"

#include <gnutls/x509.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DAY   (24 * 3600)
#define YEARS (3652 * DAY)
#define NOW   (g_get_real_time () / G_USEC_PER_SEC)

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("estafeta-identity-XXXXXX", NULL);
  fixture->path
    = g_build_filename (fixture->folder, "data", "estafeta", "localhost.pem", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  est_clock_freeze (0);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static EstIdentity *
get (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  EstIdentity *identity = est_identity_get (fixture->path, &error);
  g_assert_no_error (error);
  return identity;
}

static gnutls_x509_crt_t
parse (EstIdentity *identity)
{
  gnutls_x509_crt_t certificate;
  const char *pem = est_identity_certificate (identity);
  gnutls_datum_t datum = {(guint8 *) pem, (unsigned int) strlen (pem)};
  g_assert_cmpint (gnutls_x509_crt_init (&certificate), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_import (certificate, &datum, GNUTLS_X509_FMT_PEM), ==,
                   0);
  return certificate;
}

/* Of the public key, in hexadecimal. */
static char *
key_of (EstIdentity *identity)
{
  guint8 id[32];
  size_t size = sizeof id;
  gnutls_x509_crt_t certificate = parse (identity);
  gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256, id, &size);
  gnutls_x509_crt_deinit (certificate);
  g_autoptr (GBytes) bytes = g_bytes_new (id, size);
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}

static void
assert_mode (const char *path, guint mode)
{
  GStatBuf status;
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 07777, ==, mode);
}

static void
assert_extensions (gnutls_x509_crt_t certificate)
{
  unsigned int critical, authority, use;
  char purpose[64];
  size_t size = sizeof purpose;
  g_assert_cmpint (
    gnutls_x509_crt_get_basic_constraints (certificate, &critical, &authority, NULL), ==,
    0);
  g_assert_cmpuint (authority, ==, 0);
  g_assert_cmpint (gnutls_x509_crt_get_key_usage (certificate, &use, &critical), ==, 0);
  g_assert_cmpuint (use, ==, GNUTLS_KEY_DIGITAL_SIGNATURE);
  g_assert_cmpint (
    gnutls_x509_crt_get_key_purpose_oid (certificate, 0, purpose, &size, &critical), ==,
    0);
  g_assert_cmpstr (purpose, ==, GNUTLS_KP_TLS_WWW_SERVER);
}

static void
test_made (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_autoptr (EstIdentity) identity = get (fixture);
  gnutls_x509_crt_t certificate = parse (identity);
  assert_mode (folder, 0700);
  assert_mode (fixture->path, 0600);
  g_assert_null (strstr (est_identity_certificate (identity), "PRIVATE"));
  g_assert_cmpuint (strlen (est_identity_fingerprint (identity)), ==, 32 * 3 - 1);
  g_assert_cmpint (est_identity_ends (identity), >, NOW + YEARS - DAY);
  static const char *const good[] = {"localhost", "127.0.0.1", "::1"};
  static const char *const bad[] = {"example.org", "127.0.0.2", "localhost.localdomain"};
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_true (gnutls_x509_crt_check_hostname (certificate, good[i]));
      g_assert_false (gnutls_x509_crt_check_hostname (certificate, bad[i]));
    }
  g_assert_cmpint (gnutls_x509_crt_get_activation_time (certificate), <, NOW - DAY + 60);
  assert_extensions (certificate);
  gnutls_x509_crt_deinit (certificate);
}

static void
test_kept (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other.pem", NULL);
  g_autoptr (EstIdentity) first = get (fixture);
  g_autoptr (EstIdentity) same = get (fixture);
  g_assert_true (first == same);
  g_autoptr (EstIdentity) stranger = est_identity_get (other, NULL);
  g_assert_cmpstr (est_identity_certificate (stranger), !=,
                   est_identity_certificate (first));
  g_autoptr (EstIdentity) again = get (fixture);
  g_assert_cmpstr (est_identity_certificate (again), ==,
                   est_identity_certificate (first));
}

typedef struct
{
  const char *name;
  gint64 later; /* seconds */
  gboolean renewed;
} AgeCase;

static const AgeCase ages[] = {
  {"tomorrow",               DAY,              FALSE},
  {"31 days before its end", YEARS - 31 * DAY, FALSE},
  {"30 days before its end", YEARS - 30 * DAY, TRUE },
  {"after its end",          YEARS + DAY,      TRUE },
  {"before its beginning",   -2 * DAY,         TRUE },
};

/* Renewed for the same key, in memory and in the file, and only once. */
static void
test_age (Fixture *fixture, gconstpointer data)
{
  const AgeCase *c = data;
  gint64 now = NOW;
  est_clock_freeze (now * G_USEC_PER_SEC);
  g_autoptr (EstIdentity) first = get (fixture);
  g_autofree char *key = key_of (first);
  est_clock_freeze ((now + c->later) * G_USEC_PER_SEC);
  g_autoptr (EstIdentity) second = get (fixture);
  g_autofree char *second_key = key_of (second);
  g_assert_cmpstr (key, ==, second_key);
  g_assert_cmpint (
    strcmp (est_identity_fingerprint (first), est_identity_fingerprint (second)) != 0, ==,
    c->renewed);
  if (c->renewed)
    g_assert_cmpint (est_identity_ends (second), ==, now + c->later + YEARS);
  g_autoptr (EstIdentity) third = get (fixture);
  g_assert_true (second == third);
}

static char *
read_file (const char *path)
{
  char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
write_file (const char *path, const char *text)
{
  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                           0600, NULL));
}

/* A certificate that is broken, missing, or somebody else's costs no key. */
static void
test_certificate_broken (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other.pem", NULL);
  g_autoptr (EstIdentity) first = get (fixture);
  g_autoptr (EstIdentity) stranger = est_identity_get (other, NULL);
  g_autofree char *key = key_of (first);
  g_autofree char *text = read_file (fixture->path);
  char *end = strstr (text, "-----BEGIN CERTIFICATE");
  *end = '\0';
  const char *const behind[]
    = {"", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
       est_identity_certificate (stranger)};
  for (gsize i = 0; i < G_N_ELEMENTS (behind); i++)
    {
      g_autofree char *broken = g_strconcat (text, behind[i], NULL);
      write_file (fixture->path, broken);
      g_autoptr (EstIdentity) mended = get (fixture);
      g_autofree char *mended_key = key_of (mended);
      g_assert_cmpstr (mended_key, ==, key);
      g_assert_cmpstr (est_identity_fingerprint (mended), !=,
                       est_identity_fingerprint (first));
    }
}

static void
test_key_broken (Fixture *fixture, gconstpointer data)
{
  g_autofree char *aside = g_strconcat (fixture->path, ".unusable", NULL);
  g_autoptr (EstIdentity) first = get (fixture);
  g_autofree char *key = key_of (first);
  static const char *const texts[] = {"", "nothing\n", "-----BEGIN PRIVATE KEY-----\nAA"};
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      write_file (fixture->path, texts[i]);
      g_autoptr (EstIdentity) fresh = get (fixture);
      g_autofree char *fresh_key = key_of (fresh);
      g_autofree char *kept = read_file (aside);
      g_assert_cmpstr (fresh_key, !=, key);
      g_assert_cmpstr (kept, ==, texts[i]);
      assert_mode (fixture->path, 0600);
    }
}

static void
test_deleted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (EstIdentity) first = get (fixture);
  g_unlink (fixture->path);
  g_autoptr (EstIdentity) second = get (fixture);
  g_autofree char *key = key_of (first);
  g_autofree char *second_key = key_of (second);
  g_assert_cmpstr (key, !=, second_key);
}

static void
assert_refused (Fixture *fixture, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (est_identity_get (fixture->path, &error));
  g_assert_error (error, EST_WIRE_ERROR, EST_WIRE_ERROR_IDENTITY);
  g_assert_nonnull (strstr (error->message, words));
}

/* What others can read is no secret any more, and is not made one by a chmod of ours. */
static void
test_unsafe (Fixture *fixture, gconstpointer data)
{
  static const guint modes[] = {0644, 0640, 0620, 0602, 0660};
  g_autofree char *other = g_build_filename (fixture->folder, "other.pem", NULL);
  est_identity_unref (get (fixture));
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (EstIdentity) stranger = est_identity_get (other, NULL);
      g_assert_nonnull (stranger); /* and nothing of ours is remembered */
      g_chmod (fixture->path, (int) modes[i]);
      assert_refused (fixture, "other users");
      assert_mode (fixture->path, modes[i]);
    }
  g_unlink (fixture->path);
  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  assert_refused (fixture, "regular file");
  g_unlink (fixture->path);
  g_autofree char *huge = g_strnfill (70000, 'x');
  write_file (fixture->path, huge);
  assert_refused (fixture, "64 KiB");
}

static void
test_no_place (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "data", NULL);
  write_file (folder, "in the way");
  assert_refused (fixture, folder);
}

static gpointer
get_in_thread (gpointer data)
{
  return get (data);
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  GThread *threads[16];
  g_autoptr (EstIdentity) first = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("get", get_in_thread, fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (EstIdentity) identity = g_thread_join (threads[i]);
      if (first == NULL)
        first = est_identity_ref (identity);
      g_assert_true (identity == first);
    }
}

/* In a process of its own: says its fingerprint on @fd. */
static void
tell_fingerprint (Fixture *fixture, int fd)
{
  g_autoptr (EstIdentity) identity = est_identity_get (fixture->path, NULL);
  const char *text = identity != NULL ? est_identity_fingerprint (identity) : "none";
  _exit (write (fd, text, 95) == 95 ? 0 : 1);
}

/* However many begin at once, all end with what is in the file. */
static void
test_processes (Fixture *fixture, gconstpointer data)
{
  int fds[2], status;
  char told[8][96] = {{0}};
  g_assert_cmpint (pipe (fds), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (told); i++)
    if (fork () == 0)
      tell_fingerprint (fixture, fds[1]);
  close (fds[1]);
  for (gsize i = 0; i < G_N_ELEMENTS (told); i++)
    {
      g_assert_cmpint (wait (&status), >, 0);
      g_assert_cmpint (status, ==, 0);
      g_assert_cmpint (read (fds[0], told[i], 95), ==, 95);
    }
  close (fds[0]);
  g_autoptr (EstIdentity) identity = get (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (told); i++)
    g_assert_cmpstr (told[i], ==, est_identity_fingerprint (identity));
}

/* Somebody who holds the lock for ever costs seconds, not for ever. */
static void
test_locked (Fixture *fixture, gconstpointer data)
{
  est_identity_unref (get (fixture));
  g_autofree char *lock = g_strconcat (fixture->path, ".lock", NULL);
  FILE *holder = fopen (lock, "r+");
  g_assert_cmpint (flock (fileno (holder), LOCK_EX), ==, 0);
  g_unlink (fixture->path);
  gint64 begin = g_get_monotonic_time ();
  assert_refused (fixture, "lock");
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 10 * G_USEC_PER_SEC);
  fclose (holder);
  est_identity_unref (get (fixture));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL); /* a warning is part of the test */
  for (gsize i = 0; i < G_N_ELEMENTS (ages); i++)
    {
      g_autofree char *path = g_strconcat ("/wire/identity/age/", ages[i].name, NULL);
      g_test_add (path, Fixture, &ages[i], set_up, test_age, tear_down);
    }
#define ADD(name, function)                                                              \
  g_test_add ("/wire/identity/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("made", test_made);
  ADD ("kept", test_kept);
  ADD ("certificate-broken", test_certificate_broken);
  ADD ("key-broken", test_key_broken);
  ADD ("deleted", test_deleted);
  ADD ("unsafe", test_unsafe);
  ADD ("no-place", test_no_place);
  ADD ("threads", test_threads);
  ADD ("processes", test_processes);
  ADD ("locked", test_locked);
  return g_test_run ();
}
