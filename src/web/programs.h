/* What the mail programs of this person say about the way out for an address. Passwords
   are left where they are. Internal to web/. */
#pragma once

#include "web/candidate.h"

/* The candidates for @address; NULL: there are no settings of that program. */
GPtrArray *est_evolution_find (const char *address);
GPtrArray *est_thunderbird_find (const char *address);
GPtrArray *est_kmail_find (const char *address);
GPtrArray *est_msmtp_find (const char *address);

/* The same, of settings that were read. Pure. */

/* @sources: the name of a file without its ".source" -> GKeyFile. */
GPtrArray *est_evolution_read (GHashTable *sources, const char *address);

/* @prefs: as est_prefs_parse() gives them. */
GPtrArray *est_thunderbird_read (GHashTable *prefs, const char *address);

/* The files mailtransports and emailidentities. */
GPtrArray *
est_kmail_read (GKeyFile *transports, GKeyFile *identities, const char *address);

/* The text of an msmtprc. */
GPtrArray *est_msmtp_read (const char *text, const char *address);

/* Room for candidates. */
GPtrArray *est_programs_new_list (void);

/* Adds @candidate (taken over) if it is complete and has TLS; a port of 0 becomes the
   usual one. */
void est_programs_add (GPtrArray *list, EstCandidate *candidate);
