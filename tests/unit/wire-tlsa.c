/* DNS answers with TLSA records, good and anything else; which records a person's machine
   would ask for at all. */
#include "wire/dane.h"
#include "wire/tlsa.h"

#include <string.h>

#define D32                                                                              \
  "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"                     \
  "\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x20"

#define NAME "\x04_465\x04_tcp\x04mail\x04test\0"

static GString *
begin (guint16 flags, guint16 answers)
{
  GString *out = g_string_new (NULL);
  const char head[] = {0,
                       1,
                       (char) (flags >> 8),
                       (char) flags,
                       0,
                       1,
                       (char) (answers >> 8),
                       (char) answers,
                       0,
                       0,
                       0,
                       0};
  g_string_append_len (out, head, sizeof head);
  g_string_append_len (out, NAME, sizeof NAME - 1);
  g_string_append_len (out, "\0\x34\0\x01", 4);
  return out;
}

/* @data: usage, selector, matching type, and the rest; its name points to the
   question's. */
static void
add (GString *out, guint16 type, const char *data, gsize length)
{
  const char head[] = {(char) 0xc0, 12, (char) (type >> 8),   (char) type,  0, 1, 0, 0,
                       0,           60, (char) (length >> 8), (char) length};
  g_string_append_len (out, head, sizeof head);
  g_string_append_len (out, data, (gssize) length);
}

static GPtrArray *
parse (const GString *answer, gboolean *authentic)
{
  return est_tlsa_parse ((const guchar *) answer->str, answer->len, authentic);
}

#define QR 0x8000
#define TC 0x0200
#define AD 0x0020

/* A record by its head; what is behind that are so many octets. */
typedef struct
{
  const char *name;
  guint16 flags;
  guint8 usage, selector, matching;
  guint length;
  int records; /* -1: no answer */
  gboolean authentic;
} Case;

static const Case cases[] = {
  {"good",           QR | AD,      3,   1, 1, 32, 1,  TRUE },
  {"sha-512",        QR | AD,      2,   0, 2, 64, 1,  TRUE },
  {"whole",          QR | AD,      0,   0, 0, 1,  1,  TRUE },
  {"not-validated",  QR,           3,   1, 1, 32, 1,  FALSE},
  {"question",       AD,           3,   1, 1, 32, -1, FALSE},
  {"truncated",      QR | TC | AD, 3,   1, 1, 32, -1, FALSE},
  {"server-failure", QR | AD | 2,  3,   1, 1, 32, -1, FALSE},
  {"no-such-name",   QR | AD | 3,  3,   1, 1, 32, -1, FALSE},
  {"usage-4",        QR | AD,      4,   1, 1, 32, 0,  TRUE },
  {"usage-255",      QR | AD,      255, 1, 1, 32, 0,  TRUE },
  {"selector-2",     QR | AD,      3,   2, 1, 32, 0,  TRUE },
  {"matching-3",     QR | AD,      3,   1, 3, 32, 0,  TRUE },
  {"short-digest",   QR | AD,      3,   1, 1, 31, 0,  TRUE },
  {"long-digest",    QR | AD,      3,   1, 1, 33, 0,  TRUE },
  {"no-data",        QR | AD,      3,   1, 0, 0,  0,  TRUE },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  gboolean authentic = TRUE;
  g_autoptr (GString) answer = begin (c->flags, 1);
  char head[3 + 64] = {(char) c->usage, (char) c->selector, (char) c->matching};
  add (answer, 52, head, 3 + c->length);
  g_autoptr (GPtrArray) records = parse (answer, &authentic);
  g_assert_cmpint (records != NULL ? (int) records->len : -1, ==, c->records);
  g_assert_cmpint (authentic, ==, c->authentic);
  if (c->records != 1)
    return;
  const EstTlsa *record = records->pdata[0];
  g_assert_cmpint (record->usage, ==, c->usage);
  g_assert_cmpint (record->selector, ==, c->selector);
  g_assert_cmpint (record->matching, ==, c->matching);
  g_assert_cmpuint (g_bytes_get_size (record->data), ==, c->length);
}

/* A CNAME on the way, records of another type, one that is unusable between good ones. */
static void
test_mixed (void)
{
  gboolean authentic;
  g_autoptr (GString) answer = begin (QR | AD, 5);
  add (answer, 5, "\xc0\x0c", 2);
  add (answer, 52, "\3\1\1" D32, 35);
  add (answer, 46, "\0\x34 a signature", 14);
  add (answer, 52, "\11\1\1" D32, 35);
  add (answer, 52, "\2\1\1" D32, 35);
  g_autoptr (GPtrArray) records = parse (answer, &authentic);
  g_assert_nonnull (records);
  g_assert_cmpuint (records->len, ==, 2);
  g_assert_true (authentic);
}

static void
test_endless (void)
{
  gboolean authentic;
  g_autoptr (GString) answer = begin (QR | AD, 1000);
  for (guint i = 0; i < 1000; i++)
    add (answer, 52, "\3\1\1" D32, 35);
  g_autoptr (GPtrArray) records = parse (answer, &authentic);
  g_assert_nonnull (records);
  g_assert_cmpuint (records->len, <=, 64);
}

/* Cut anywhere, it is no answer, and nothing is read behind its end. */
static void
test_cut (void)
{
  g_autoptr (GString) answer = begin (QR | AD, 1);
  add (answer, 52, "\3\1\1" D32, 35);
  for (gsize length = 0; length < answer->len; length++)
    {
      gboolean authentic;
      g_autofree guchar *exact = g_memdup2 (answer->str, MAX (length, 1));
      g_autoptr (GPtrArray) records = est_tlsa_parse (exact, length, &authentic);
      g_assert_null (records);
      g_assert_false (authentic);
    }
}

/* Nobody is asked about what no zone can hold. */
static void
test_nothing_to_ask (void)
{
  static const char *const hosts[] = {"localhost", "192.0.2.1", "::1", "mail", ""};
  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    g_assert_null (est_dane_ask (hosts[i], 465));
  g_assert_null (est_dane_wait (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/wire/tlsa/answer/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/wire/tlsa/mixed", test_mixed);
  g_test_add_func ("/wire/tlsa/endless", test_endless);
  g_test_add_func ("/wire/tlsa/cut", test_cut);
  g_test_add_func ("/wire/tlsa/nothing-to-ask", test_nothing_to_ask);
  return g_test_run ();
}
