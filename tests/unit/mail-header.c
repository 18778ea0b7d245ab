/* The header block: where it ends, what is added and taken out, and that nothing else
   changes. */
#include "mail/header.h"

#include <string.h>
#include <time.h>

#define NOW   G_GINT64_CONSTANT (1700000000000000)
#define STAMP "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"
#define ID    "Message-ID: <1@x>\r\n"

static void
test_find_end (void)
{
  static const struct
  {
    const char *data;
    gssize partial;
    gssize complete;
  } cases[] = {
    {"",                                  -1, 0 },
    {"A: b",                              -1, 4 },
    {"A: b\r",                            -1, 5 },
    {"A: b\r\n",                          -1, 6 },
    {"A: b\r\n\r",                        -1, 6 },
    {"A: b\r\n\r\n",                      6,  6 },
    {"A: b\r\n\r\nbody",                  6,  6 },
    {"A: b\r\n c\r\n\td\r\n\r\nbody\r\n", 14, 14},
    {"A: b\r\n c",                        -1, 8 },
    {"A \t: b\r\n\r\n",                   8,  8 },
    {"A:\r\n\r\n",                        4,  4 },
    {"A: b\r\nno field\r\nC: d\r\n\r\n",  6,  6 },
    {"A: b\r\nno field",                  -1, 6 },
    {"\r\nbody",                          0,  0 },
    {" folded first\r\nA: b\r\n",         0,  0 },
    {"body only\r\n",                     0,  0 },
    {": no name\r\n",                     0,  0 },
    {"A\xe9: b\r\n\r\n",                  0,  0 },
    {"A: \xe9\r\n\r\n",                   6,  6 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = strlen (cases[i].data);

      g_test_message ("case %zu", i);
      g_assert_cmpint (est_header_find_end (cases[i].data, length, FALSE), ==,
                       cases[i].partial);
      g_assert_cmpint (est_header_find_end (cases[i].data, length, TRUE), ==,
                       cases[i].complete);
    }
}

static void
test_next (void)
{
  static const char block[] = "One: 1\r\nTwo \t:\r\n 2\r\nTHREE:3";
  const char *cursor = block, *end = block + strlen (block);
  EstField field;

  g_assert_true (est_header_next (&cursor, end, &field));
  g_assert_true (est_field_is (&field, "one"));
  g_assert_cmpmem (field.start, field.length, "One: 1\r\n", 8);
  g_assert_cmpmem (field.value, field.value_length, " 1", 2);
  g_assert_true (est_header_next (&cursor, end, &field));
  g_assert_true (est_field_is (&field, "Two"));
  g_assert_false (est_field_is (&field, "Tw"));
  g_assert_false (est_field_is (&field, "Two "));
  g_assert_cmpmem (field.start, field.length, "Two \t:\r\n 2\r\n", 12);
  g_assert_cmpmem (field.value, field.value_length, "\r\n 2", 4);
  g_assert_true (est_header_next (&cursor, end, &field));
  g_assert_true (est_field_is (&field, "Three"));
  g_assert_cmpmem (field.value, field.value_length, "3", 1);
  g_assert_false (est_header_next (&cursor, end, &field));
  g_assert_true (cursor == end);
}

static void
test_get (void)
{
  static const char block[]
    = "From: Ada\r\n <a@b>\r\nfrom: second\r\nEmpty:\r\nNul: a\0b\r\n"
      "8bit:\tgr\xfc\xdf \r\n";
  static const struct
  {
    const char *name;
    const char *value;
  } cases[] = {
    {"FROM",  "Ada <a@b>" },
    {"Empty", ""          },
    {"Nul",   "a b"       },
    {"8bit",  "gr\xfc\xdf"},
    {"Fro",   NULL        },
    {"Froms", NULL        },
    {"To",    NULL        },
    {"",      NULL        },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *value = est_header_get (block, sizeof block - 1, cases[i].name);
      g_assert_cmpstr (value, ==, cases[i].value);
    }
}

static void
test_decode (void)
{
  static const struct
  {
    const char *value;
    const char *words;
  } cases[] = {
    {"plain",                                    "plain"                                             },
    {"=?utf-8?q?gr=C3=BC=C3=9Fe?=",              "gr\xc3\xbc\xc3\x9f"
                                    "e"                           },
    {"=?utf-8?b?Z3LDvMOfZQ==?= =?utf-8?q?=21?=", "gr\xc3\xbc\xc3\x9f"
                                                 "e!"},
    {"=?iso-8859-1?q?gr=FC=DFe?=",               "gr\xc3\xbc\xc3\x9f"
                                   "e"                             },
    {"gr\xc3\xbc\xc3\x9f"
     "e",                                   "gr\xc3\xbc\xc3\x9f"
     "e"                                                                               },
    {"=?utf-8?q?a=0D=0ABcc:_x=1B[31m?=",         "a  Bcc: x [31m"                                    },
    {"=?utf-8?q?unfinished",                     "=?utf-8?q?unfinished"                              },
    {"=?no-such-charset?q?abc?=",                "abc"                                               },
    {"",                                         ""                                                  },
  };

  g_assert_null (est_header_decode (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = est_header_decode (cases[i].value);
      g_test_message ("case %zu", i);
      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_decode_large (void)
{
  g_autofree char *value = g_strnfill (1024 * 1024, '\xe9');
  g_autofree char *words = est_header_decode (value);

  g_assert_true (g_utf8_validate (words, -1, NULL));
  g_assert_cmpuint (strlen (words), <, 64 * 1024);
}

static void
test_complete (void)
{
  static const struct
  {
    const char *before;
    const char *after;
  } cases[] = {
    {"",                                                                          STAMP ID                      },
    {"Subject: x\r\n",                                                            STAMP ID "Subject: x\r\n"     },
    {"Subject: x",                                                                STAMP ID "Subject: x"         },
    {"date: y\r\n",                                                               ID "date: y\r\n"              },
    {"Message-id : <y>\r\n",                                                      STAMP "Message-id : <y>\r\n"  },
    {"DATE:\r\nMESSAGE-ID:\r\n",                                                  "DATE:\r\nMESSAGE-ID:\r\n"    },
    {"Date: y\r\nMessage-ID: z\r\nBcc: a@b\r\nTo: c\r\n",
     "Date: y\r\nMessage-ID: z\r\nTo: c\r\n"                                                                    },
    {"Bcc: a\r\nDate: y\r\nBCC:\r\n b,\r\n\tc\r\nMessage-ID: z\r\nbCc \t: d\r\n",
     "Date: y\r\nMessage-ID: z\r\n"                                                                             },
    {"Date: y\r\nMessage-ID: z\r\nResent-Bcc: a\r\nresent-BCC : b\r\n c\r\n",
     "Date: y\r\nMessage-ID: z\r\n"                                                                             },
    {"Date: y\r\nMessage-ID: z\r\nBcc: a",                                        "Date: y\r\nMessage-ID: z\r\n"},
    {"Date: y\r\nMessage-ID: z\r\nBccs: a\r\nX-Bcc: b\r\nResent-Bc: c\r\n",
     "Date: y\r\nMessage-ID: z\r\nBccs: a\r\nX-Bcc: b\r\nResent-Bc: c\r\n"                                      },
    {"Date: y\r\nMessage-ID: z\r\nSubject: \xe9\t \r\n Bcc: a\r\n \r\n",
     "Date: y\r\nMessage-ID: z\r\nSubject: \xe9\t \r\n Bcc: a\r\n \r\n"                                         },
    {"Resent-Date: y\r\nResent-Message-ID: z\r\n",
     STAMP ID "Resent-Date: y\r\nResent-Message-ID: z\r\n"                                                      },
    {"Date: y\r\nMessage-ID: z\r\nBcc: a\r\nnot a field\r\nBcc: b\r\n",
     "Date: y\r\nMessage-ID: z\r\nnot a field\r\nBcc: b\r\n"                                                    },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) out = g_byte_array_new ();

      g_test_message ("case %zu", i);
      est_header_complete (cases[i].before, strlen (cases[i].before), NOW, "<1@x>", out);
      g_assert_cmpmem (out->data, out->len, cases[i].after, strlen (cases[i].after));
    }
}

/* A client's every octet from 1 to 255 but CR and LF comes out as it went in. */
static void
test_complete_keeps_octets (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GString) block = g_string_new ("Date: y\r\nMessage-ID: z\r\nX: ");

  for (int octet = 0; octet < 256; octet++)
    if (octet != '\r' && octet != '\n')
      g_string_append_c (block, octet);
  g_string_append (block, "\r\n");
  est_header_complete (block->str, block->len, NOW, "<1@x>", out);
  g_assert_cmpmem (out->data, out->len, block->str, block->len);
}

/* A megabyte of the worst must not take long. */
static void
test_complete_large (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GString) block = g_string_new (NULL);

  while (block->len < EST_HEADER_LIMIT)
    g_string_append (block, "Bcc:\r\n a\r\nB:\r\n");
  gint64 start = g_get_monotonic_time ();
  g_assert_cmpint (est_header_find_end (block->str, block->len, TRUE), ==, block->len);
  est_header_complete (block->str, block->len, NOW, "<1@x>", out);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
  g_assert_cmpuint (out->len, <, block->len / 2);
}

static void
test_message_id (void)
{
  static const struct
  {
    const char *sender;
    const char *end;
  } cases[] = {
    {"ada@example.org",  "@example.org>"     },
    {"a@[192.0.2.1]",    "@[192.0.2.1]>"     },
    {"",                 "@estafeta.invalid>"},
    {"postmaster",       "@estafeta.invalid>"},
    {"a@b>\r\nBcc: x@y", "@estafeta.invalid>"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *one = est_message_id_new (cases[i].sender);
      g_autofree char *two = est_message_id_new (cases[i].sender);

      g_assert_true (g_str_has_prefix (one, "<"));
      g_assert_true (g_str_has_suffix (one, cases[i].end));
      g_assert_cmpuint (strlen (one), ==, 1 + 32 + strlen (cases[i].end));
      g_assert_cmpstr (one, !=, two);
    }
}

static void
test_date (void)
{
  static const struct
  {
    const char *zone;
    gint64 seconds;
    const char *date;
  } cases[] = {
    {"UTC0",                       0,          "Thu, 1 Jan 1970 00:00:00 +0000" },
    {"UTC0",                       1700000000, "Tue, 14 Nov 2023 22:13:20 +0000"},
    {"CET-1CEST,M3.5.0,M10.5.0/3", 1700000000, "Tue, 14 Nov 2023 23:13:20 +0100"},
    {"CET-1CEST,M3.5.0,M10.5.0/3", 1690000000, "Sat, 22 Jul 2023 06:26:40 +0200"},
    {"XXX3:30",                    1700000000, "Tue, 14 Nov 2023 18:43:20 -0330"},
    {"XXX0:30",                    1700000000, "Tue, 14 Nov 2023 21:43:20 -0030"},
    {"XXX-5:45",                   1709164800, "Thu, 29 Feb 2024 05:45:00 +0545"},
    {"UTC0",                       4102444799, "Thu, 31 Dec 2099 23:59:59 +0000"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_setenv ("TZ", cases[i].zone, TRUE);
      g_autofree char *date
        = est_header_date (cases[i].seconds * G_USEC_PER_SEC + 999999);
      g_assert_cmpstr (date, ==, cases[i].date);
    }
  g_setenv ("TZ", "UTC0", TRUE);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC0", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail/header/find-end", test_find_end);
  g_test_add_func ("/mail/header/next", test_next);
  g_test_add_func ("/mail/header/get", test_get);
  g_test_add_func ("/mail/header/decode", test_decode);
  g_test_add_func ("/mail/header/decode-large", test_decode_large);
  g_test_add_func ("/mail/header/complete", test_complete);
  g_test_add_func ("/mail/header/complete-keeps-octets", test_complete_keeps_octets);
  g_test_add_func ("/mail/header/complete-large", test_complete_large);
  g_test_add_func ("/mail/header/message-id", test_message_id);
  g_test_add_func ("/mail/header/date", test_date);
  return g_test_run ();
}
