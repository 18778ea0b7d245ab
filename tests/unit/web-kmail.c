/* Transports and identities as KMail writes them. */
#include "candidates.h"

#include "web/own-file.h"
#include "web/programs.h"

#define IDENTITY                                                                         \
  "[Identity #0]\nEmail Address=you@example.org\nTransport=7\nName[$e]=You\n"
#define TRANSPORT(host, port, kind, way)                                                 \
  "[$Version]\nupdate_info=x\n[General]\ndefault-transport=7\n[Transport 7]\nid=7\n"     \
  "host=" host "\nport=" port "\nencryption=" kind "\nauthtype=" way                     \
  "\nidentifier=SMTP\nuser=you\nrequiresAuthentication=true\npassword[$e]=not yours\n"

/* clang-format off */
static const struct
{
  const char *what;
  const char *identities, *transports;
  const char *found;
} cases[] = {
  {"ordinary", IDENTITY, TRANSPORT ("smtp.example.org", "465", "SSL", "PLAIN"), "smtp.example.org:465 tls auto password you"},
  {"STARTTLS", IDENTITY, TRANSPORT ("smtp.example.org", "587", "TLS", "LOGIN"), "smtp.example.org:587 starttls auto password you"},
  {"by numbers", IDENTITY, TRANSPORT ("smtp.example.org", "587", "2", "PLAIN"), "smtp.example.org:587 starttls auto password you"},
  {"at a web page", IDENTITY, TRANSPORT ("smtp.example.org", "465", "SSL", "XOAUTH2"), "smtp.example.org:465 tls auto oauth you"},
  {"a ticket", IDENTITY, TRANSPORT ("smtp.example.org", "465", "SSL", "GSSAPI"), "smtp.example.org:465 tls GSSAPI none you"},
  {"NTLM", IDENTITY, TRANSPORT ("smtp.example.org", "465", "SSL", "NTLM"), ""},
  {"no TLS", IDENTITY, TRANSPORT ("smtp.example.org", "25", "None", "PLAIN"), ""},
  {"no sign-in", IDENTITY, "[Transport 7]\nhost=smtp.example.org\nencryption=SSL\n", "smtp.example.org:465 tls none none -"},
  {"the usual transport", "[Identity #1]\nEmail Address=you@example.org\n", TRANSPORT ("smtp.example.org", "465", "SSL", "PLAIN"),
   "smtp.example.org:465 tls auto password you"},
  {"another's", "[Identity #0]\nEmail Address=me@example.org\nTransport=7\n", TRANSPORT ("smtp.example.org", "465", "SSL", "PLAIN"), ""},
  {"no such transport", "[Identity #0]\nEmail Address=you@example.org\nTransport=8\n", TRANSPORT ("smtp.example.org", "465", "SSL", "PLAIN"), ""},
  {"another kind", IDENTITY, "[Transport 7]\nhost=smtp.example.org\nencryption=SSL\nidentifier=ews\n", ""},
  {"nested groups", "[Identity #0][x]\nEmail Address=you@example.org\nTransport=9\n" IDENTITY,
   TRANSPORT ("smtp.example.org", "465", "SSL", "PLAIN"), "smtp.example.org:465 tls auto password you"},
  {"this machine", IDENTITY, TRANSPORT ("localhost", "2525", "SSL", "PLAIN"), ""},
  {"nothing", "", "", ""},
};
/* clang-format on */

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].what);
      g_autoptr (GKeyFile) identities = est_own_file_parse (cases[i].identities);
      g_autoptr (GKeyFile) transports = est_own_file_parse (cases[i].transports);
      g_autoptr (GPtrArray) list
        = est_kmail_read (transports, identities, "you@example.org");
      g_autofree char *shown = show_candidates (list);
      g_assert_cmpstr (shown, ==, cases[i].found);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/kmail/cases", test_cases);
  return g_test_run ();
}
