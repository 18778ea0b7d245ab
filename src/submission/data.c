/* Receives content. */
#include "submission/data.h"

#include "mail/dots.h"
#include "submission/answer.h"

#include <string.h>

/* After the first problem the rest is read and thrown away. A NUL is refused like a bare
   line end (RFC 6152 2): a relay that drops it could find an end of message around it. */
static void
take_piece (EstIncoming *incoming, GByteArray *piece, gboolean bare, GError **problem)
{
  gboolean clean = piece->len == 0 || memchr (piece->data, '\0', piece->len) == NULL;
  if (*problem == NULL && (bare || !clean))
    *problem = est_answer_unclean ();
  if (*problem == NULL && piece->len > 0)
    est_incoming_append (incoming, (const char *) piece->data, piece->len, problem);
  g_byte_array_set_size (piece, 0);
}

gboolean
est_data_receive (EstWire *wire, EstIncoming *incoming, GError **problem)
{
  EstUnstuffer unstuffer = {0};
  EstDots dots = EST_DOTS_MORE;
  g_autoptr (GByteArray) piece = g_byte_array_new ();
  while (dots != EST_DOTS_END)
    {
      gsize length, used;
      const char *data = est_wire_peek (wire, &length, NULL);
      if (data == NULL)
        return FALSE;
      dots = est_unstuff (&unstuffer, data, length, &used, piece);
      take_piece (incoming, piece, dots == EST_DOTS_BARE, problem);
      est_wire_consume (wire, used);
    }
  return TRUE;
}
