/* Hears signals of a service on the session bus, and makes one piece of news of a burst
   of them. Made, used and freed on one thread-default main context. */
#pragma once

#include <gio/gio.h>

typedef struct EstBusWatch EstBusWatch;

typedef struct
{
  const char *sender;
  const char *interface;
  const char *member;                                 /* NULL: any */
  const char *first_argument;                         /* NULL: any */
  void (*heard) (GVariant *arguments, gpointer data); /* of the ear; what counts calls
                                                         est_bus_watch_settle() */
} EstBusSignal;

/* Static but for @data. */
typedef struct
{
  const EstBusSignal *signals;
  gsize n_signals;
  guint settle_ms;
  void (*found) (GDBusConnection *bus, gpointer data); /* the bus is there; NULL */
  void (*settled) (gpointer data);
  gpointer data;
} EstBusEar;

/* Without a session bus it stays silent. */
EstBusWatch *est_bus_watch_new (const EstBusEar *ear);

/* Waits for the bus: @found is called from within, if there is one. */
void est_bus_watch_begin_at_once (EstBusWatch *watch);

/* The same without waiting: later, if at all. */
void est_bus_watch_begin (EstBusWatch *watch);

/* Starts the clock; TRUE if it did not run. Later signals of the burst do not put it off,
   so that a busy service cannot keep us waiting. */
gboolean est_bus_watch_settle (EstBusWatch *watch);

void est_bus_watch_free (EstBusWatch *watch);
