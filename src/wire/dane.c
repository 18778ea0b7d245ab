/* One question to the resolver of this machine. */
#include "wire/dane.h"

#include "wire/tlsa.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <resolv.h>
#include <string.h>

#define TYPE_TLSA     52
#define LIMIT_SECONDS 2
#define LARGEST       4096

struct EstDane
{
  GThread *thread;
  char *question; /* "_465._tcp.smtp.example.org" */
  struct __res_state resolver;
  gboolean open; /* @resolver is */
};

static gboolean
is_loopback (const struct __res_state *resolver, int i)
{
  const struct sockaddr_in *v4 = &resolver->nsaddr_list[i];
  const struct sockaddr_in6 *v6 = resolver->_u._ext.nsaddrs[i];
  if (v4->sin_family == AF_INET)
    return ntohl (v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
  return v6 != NULL && IN6_IS_ADDR_LOOPBACK (&v6->sin6_addr);
}

/* The C library takes the AD bit out of all other answers. */
static gboolean
is_believable (const struct __res_state *resolver)
{
#ifdef RES_TRUSTAD
  if ((resolver->options & RES_TRUSTAD) == 0 || resolver->nscount < 1)
    return FALSE;
  for (int i = 0; i < resolver->nscount; i++)
    if (!is_loopback (resolver, i))
      return FALSE;
  return TRUE;
#else
  return FALSE;
#endif
}

/* Over UDP and once: the other way would wait without an end. */
static void
bound (struct __res_state *resolver)
{
  resolver->options |= RES_USE_EDNS0 | RES_IGNTC;
  resolver->options &= ~(unsigned long) RES_USEVC;
  resolver->retrans = resolver->nscount > 1 ? 1 : LIMIT_SECONDS; /* each */
  resolver->retry = 1;
}

static GPtrArray *
take_answer (const guchar *answer, int length)
{
  gboolean authentic = FALSE;
  g_autoptr (GPtrArray) records
    = length > 0 ? est_tlsa_parse (answer, (gsize) length, &authentic) : NULL;
  gboolean count = records != NULL && authentic && records->len > 0;
  return count ? g_steal_pointer (&records) : NULL;
}

static gpointer
look_up (gpointer data)
{
  EstDane *dane = data;
  guchar answer[LARGEST];
  int length = res_nquery (&dane->resolver, dane->question, ns_c_in, TYPE_TLSA, answer,
                           sizeof answer);
  return take_answer (answer, MIN (length, LARGEST));
}

/* A name that only this machine or its network knows has no signed zone. */
static gboolean
is_public (const char *host)
{
  return strchr (host, '.') != NULL && !g_hostname_is_ip_address (host);
}

EstDane *
est_dane_ask (const char *host, guint16 port)
{
  if (!is_public (host))
    return NULL;
  g_autoptr (EstDane) dane = g_new0 (EstDane, 1);
  dane->open = res_ninit (&dane->resolver) == 0;
  if (!dane->open || !is_believable (&dane->resolver))
    return NULL;
  bound (&dane->resolver);
  dane->question = g_strdup_printf ("_%u._tcp.%s", port, host);
  dane->thread = g_thread_new ("dane", look_up, dane);
  return g_steal_pointer (&dane);
}

GPtrArray *
est_dane_wait (EstDane *dane)
{
  if (dane == NULL)
    return NULL;
  GPtrArray *records = g_thread_join (g_steal_pointer (&dane->thread));
  est_dane_free (dane);
  return records;
}

void
est_dane_free (EstDane *dane)
{
  if (dane == NULL)
    return;
  if (dane->thread != NULL)
    {
      GPtrArray *records = g_thread_join (dane->thread);
      g_clear_pointer (&records, g_ptr_array_unref);
    }
  if (dane->open)
    res_nclose (&dane->resolver);
  g_free (dane->question);
  g_free (dane);
}
