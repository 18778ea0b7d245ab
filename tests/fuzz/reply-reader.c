/* A relay's octets, until they end: what is read off the wire is what the text says,
 * bounded. */
#include "target.h"

#include "relay/reply-reader.h"

#include <string.h>
#include <sys/socket.h>

#define KEEP 512

static EstWire *
make_wire (const uint8_t *data, size_t size)
{
  int ends[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  g_autoptr (GSocket) ours = g_socket_new_from_fd (ends[0], NULL);
  g_autoptr (GSocket) theirs = g_socket_new_from_fd (ends[1], NULL);
  g_assert_cmpint (g_socket_send (theirs, (const char *) data, size, NULL, NULL), ==,
                   (gssize) size);
  return est_wire_new (ours, NULL);
}

/* The replies that the text holds, one after the other, as the other reader sees them. */
static EstReply *
parse_next (char **lines, guint *at)
{
  guint first = *at;
  gboolean more = TRUE;
  int code;
  while (more && lines[*at] != NULL)
    if (!est_reply_scan_line (lines[(*at)++], &code, &more, NULL))
      return NULL;
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  for (guint i = first; i < *at; i++)
    g_ptr_array_add (own, lines[i]);
  g_ptr_array_add (own, NULL);
  return more ? NULL : est_reply_parse ((const char *const *) own->pdata, NULL);
}

static char **
split_lines (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  char **lines = g_strsplit (text, "\n", -1);
  guint count = g_strv_length (lines);
  for (guint i = 0; i < count; i++)
    if (g_str_has_suffix (lines[i], "\r"))
      lines[i][strlen (lines[i]) - 1] = '\0';
  if (count > 0)
    g_clear_pointer (&lines[count - 1], g_free); /* what no LF ended */
  return lines;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size == 0 || size > 60000 || memchr (data, '\0', size) != NULL)
    return 0;
  g_autoptr (EstWire) wire = make_wire (data, size);
  g_auto (GStrv) lines = split_lines (data, size);
  guint at = 0;
  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (EstReply) reply = est_reply_read (wire, KEEP, &error);
      g_autoptr (EstReply) expected = parse_next (lines, &at);
      g_assert_true ((reply == NULL) == (error != NULL));
      g_assert_true ((reply == NULL) == (expected == NULL));
      if (reply == NULL)
        return 0;
      g_assert_cmpint (reply->code, ==, expected->code);
      g_assert_cmpuint (strlen (reply->text), <=,
                        3 * KEEP); /* harmless made of rubbish */
      if (size < KEEP)
        g_assert_cmpstr (reply->text, ==, expected->text);
    }
}
