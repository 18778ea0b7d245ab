/* Mail addresses as the envelope knows them (RFC 5321 4.1.2): what stands between the
   angle brackets. A "mailbox" is a plain C string without brackets, "" the null
   reverse-path. */
#pragma once

#include <glib.h>

/* Parses a Path at *@cursor: optional blanks, "<", an ignored source route, a mailbox,
   ">". Afterwards *@cursor stands behind the ">". Accepts "<>" and "<postmaster>" (any
   case). Quoted local parts and address literals are kept as written. Limits of RFC 5321
   4.5.3.1.1-3 (local part 64, domain 255, path 256 octets) are enforced; letters beyond
   ASCII are taken as RFC 6531 3.3 says (valid UTF-8, no controls, a domain of IDNA): ask
   est_address_is_ascii() whether SMTPUTF8 is needed.
   Returns a new string; EST_MAIL_ERROR_SYNTAX or _TOO_LONG otherwise. */
char *est_address_parse_path (const char **cursor, GError **error);

/* Whether @mailbox is a complete local-part@domain by the same grammar. */
gboolean est_address_is_mailbox (const char *mailbox);

/* Whether it can be said without SMTPUTF8. */
gboolean est_address_is_ascii (const char *text);

/* What follows the last "@", or NULL. Points into @mailbox. */
const char *est_address_domain (const char *mailbox);

/* Whether two mailboxes are one: ASCII case is ignored on both sides of the "@", as every
   provider does (RFC 5321 2.4 would let the local part differ), and the two spellings of
   an international domain are one (RFC 5890 2.3.2). */
gboolean est_address_equal (const char *a, const char *b);

/* Whether @mailbox is @plain with a tag: "you+shop@example.org" (RFC 5233 1). */
gboolean est_address_is_tagged (const char *mailbox, const char *plain);

/* Whether @pattern stands for every mailbox of a domain: "*@example.org". By the grammar
   it is a mailbox, too. */
gboolean est_address_is_wildcard (const char *pattern);

/* The first of @patterns that is one mailbox; NULL: all are whole domains. */
const char *est_address_first_mailbox (char **patterns);

/* Whether @mailbox is in the domain of @wildcard, but not in one below it. The two
   spellings of an international name are one (RFC 5890 2.3.2). */
gboolean est_address_is_within (const char *mailbox, const char *wildcard);

/* "smtp.example.org" and "example.org" are under the domain "example.org",
   "badexample.org" is not; capitals and a dot at the end of @host do not count. ASCII. */
gboolean est_address_is_host_under (const char *host, const char *domain);
