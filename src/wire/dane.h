/* Looks for the TLSA records of a server, _PORT._tcp.HOST, in a thread of its own while
   somebody connects.

   Only a validated answer counts: whoever forges one could else keep mail back, or let a
   stranger in. Who validates is the resolver of this machine, for it is there anyway, has
   the keys and the cache, and keeps the reading of signatures out of this program. It
   says so by the AD bit, and that is honest only if nobody can write into what lies
   between: all name servers of resolv.conf(5) must be on the loopback, and its
   administrator must have said "options trust-ad", as systemd-resolved's own file does.
   Everywhere else nothing is asked, and it is as if there were no DANE.

   No answer is no reason to keep mail back: a failure, one that comes after two seconds,
   or one too large for a datagram is as if there were no records, and certificates are
   verified as ever. */
#pragma once

#include <glib.h>

typedef struct EstDane EstDane;

/* @host: a name. NULL: nobody can be asked, or nothing can be known of it: an address, a
   name of one label, "localhost". */
EstDane *est_dane_ask (const char *host, guint16 port);

/* Waits for the answer: EstTlsa, at least one; NULL: none that count. Takes @dane (may be
   NULL) over. */
GPtrArray *est_dane_wait (EstDane *dane);
void est_dane_free (EstDane *dane);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EstDane, est_dane_free)
