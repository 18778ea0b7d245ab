/* For tests: messages made at random, and their leaves as another reader (GMime) finds
   them. */
#pragma once

#include <gmime/gmime.h>
#include <string.h>

/* A message made at random, and what a reader must find in its leaves. */
typedef struct Made Made;

struct Made
{
  GRand *rand;
  const char *label;              /* header field of what holds others */
  void (*make_leaf) (Made *made); /* header and body, and adds it to @leaves */
  gboolean in_parts;              /* the whole is never a leaf */
  GByteArray *content;
  GPtrArray *leaves; /* of GBytes */
  guint n_boundaries;
};

static void
say (Made *made, const char *text)
{
  g_byte_array_append (made->content, (const guint8 *) text, (guint) strlen (text));
}

static void
make_entity (Made *made, guint depth)
{
  char boundary[32];
  gboolean leaf = depth > 0 || !made->in_parts;
  int kind = depth < 5 ? g_rand_int_range (made->rand, leaf ? 0 : 2, 5) : 0;
  if (kind < 2)
    {
      made->make_leaf (made);
      return;
    }
  if (kind == 2 && depth > 0)
    {
      say (made, "Content-Type: message/rfc822\r\n");
      say (made, made->label);
      say (made, "\r\nSubject: within\r\n");
      make_entity (made, depth + 1);
      return;
    }
  g_snprintf (boundary, sizeof boundary, "=_%u", made->n_boundaries++);
  g_autofree char *header = g_strdup_printf (
    "%sContent-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n", made->label, boundary);
  say (made, header);
  for (int n = g_rand_int_range (made->rand, 1, 4); n > 0; n--)
    {
      say (made, "\r\n--");
      say (made, boundary);
      say (made, "\r\n");
      make_entity (made, depth + 1);
    }
  say (made, "\r\n--");
  say (made, boundary);
  say (made, "--\r\n");
}

static void
collect_leaf (GMimeObject *parent, GMimeObject *object, gpointer data)
{
  GPtrArray *leaves = data;
  if (GMIME_IS_MESSAGE_PART (object))
    g_mime_message_foreach (g_mime_message_part_get_message (GMIME_MESSAGE_PART (object)),
                            collect_leaf, data);
  if (!GMIME_IS_PART (object))
    return;
  GMimeStream *stream = g_mime_stream_mem_new ();
  GMimeDataWrapper *wrapper = g_mime_part_get_content (GMIME_PART (object));
  g_mime_data_wrapper_write_to_stream (wrapper, stream);
  GByteArray *octets = g_mime_stream_mem_get_byte_array (GMIME_STREAM_MEM (stream));
  g_ptr_array_add (leaves, g_bytes_new (octets->data, octets->len));
  g_object_unref (stream);
}

/* As another reader finds them. */
static GPtrArray *
read_leaves (const GByteArray *content)
{
  GPtrArray *leaves = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  GMimeStream *stream
    = g_mime_stream_mem_new_with_buffer ((const char *) content->data, content->len);
  GMimeParser *parser = g_mime_parser_new_with_stream (stream);
  GMimeMessage *message = g_mime_parser_construct_message (parser, NULL);
  g_mime_message_foreach (message, collect_leaf, leaves);
  g_object_unref (message);
  g_object_unref (parser);
  g_object_unref (stream);
  return leaves;
}

/* Begins with the header @header. Free with clear_made(). */
static Made
make_message (guint32 seed, const char *header, const Made *recipe)
{
  Made made = *recipe;
  made.rand = g_rand_new_with_seed (seed);
  made.content = g_byte_array_new ();
  made.leaves = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  say (&made, header);
  make_entity (&made, 0);
  return made;
}

static void
clear_made (Made *made)
{
  g_ptr_array_unref (made->leaves);
  g_byte_array_unref (made->content);
  g_rand_free (made->rand);
}

/* Whatever @out is by now, its leaves are those that were made. */
static void
assert_same_leaves (const Made *made, const GByteArray *out)
{
  g_autoptr (GPtrArray) found = read_leaves (out);
  g_assert_cmpuint (found->len, ==, made->leaves->len);
  for (guint i = 0; i < found->len; i++)
    g_assert_true (g_bytes_equal (found->pdata[i], made->leaves->pdata[i]));
}
