/* The methods of a D-Bus object, as a table. They run in GDBus's threads, because they
   may wait for a commit or a keyring. */
#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

typedef struct
{
  const char *signal; /* of the skeleton, "handle-list" */
  GCallback run;
} EstMethod;

/* Each method holds a reference of @object, an atomic reference counted box, and gives it
   back by @release once it is disconnected and does not run any more: that may be after
   the daemon has begun to end. */
void est_methods_connect (GDBusInterfaceSkeleton *skeleton,
                          const EstMethod *methods,
                          gsize n_methods,
                          gpointer object,
                          GClosureNotify release);

/* What an error is called on the bus. */
typedef struct
{
  GQuark domain;
  int code;
  const char *name;
} EstErrorName;

/* Answers by the one of @names that fits, else by the general name. */
void est_methods_return_error (GDBusMethodInvocation *invocation,
                               const EstErrorName *names,
                               gsize n_names,
                               const GError *error);

/* The descriptor that came with a call, the caller's to close; -1 if there is none at the
   place that @handle names. */
int est_methods_take_fd (GUnixFDList *fds, GVariant *handle);
