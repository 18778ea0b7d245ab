/* One private mapping per secret: whole pages, so that mlock and MADV_DONTDUMP cover the
   secret and nothing else. There are a handful of them at a time. */
#include "base/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct EstSecret
{
  gatomicrefcount references;
  gsize mapped; /* octets of the whole mapping, this head included */
  char text[];
};

static gsize
whole_pages (gsize octets)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  return (octets + page - 1) / page * page;
}

EstSecret *
est_secret_new (const char *text, gssize length)
{
  gsize octets = length < 0 ? strlen (text) : (gsize) length;
  gsize mapped = whole_pages (sizeof (EstSecret) + octets + 1);
  EstSecret *secret
    = mmap (NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (secret == MAP_FAILED)
    g_error ("out of memory for a secret of %" G_GSIZE_FORMAT " octets", octets);

  mlock (secret,
         mapped); /* a limit of the session may forbid it: then it can be swapped */
  madvise (secret, mapped, MADV_DONTDUMP);
  g_atomic_ref_count_init (&secret->references);
  secret->mapped = mapped;
  memcpy (secret->text, text, octets);
  return secret;
}

EstSecret *
est_secret_ref (EstSecret *secret)
{
  g_atomic_ref_count_inc (&secret->references);
  return secret;
}

void
est_secret_unref (EstSecret *secret)
{
  if (secret == NULL || !g_atomic_ref_count_dec (&secret->references))
    return;
  gsize mapped = secret->mapped;
  est_secret_wipe (secret, mapped);
  munmap (secret, mapped);
}

const char *
est_secret_peek (EstSecret *secret)
{
  return secret->text;
}

void
est_secret_wipe (void *memory, gsize length)
{
  explicit_bzero (memory, length);
}

void
est_secret_free_text (char *text)
{
  if (text != NULL)
    est_secret_wipe (text, strlen (text));
  g_free (text);
}
