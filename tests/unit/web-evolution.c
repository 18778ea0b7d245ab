/* Sources as Evolution writes them. */
#include "candidates.h"

#include "web/own-file.h"
#include "web/programs.h"

#define IDENTITY                                                                         \
  "[Data Source]\nEnabled=true\n[Mail Identity]\nAddress=you@example.org\n"              \
  "[Mail Submission]\nTransportUid=t\n"
#define TRANSPORT(host, port, kind, method)                                              \
  "[Data Source]\nEnabled=true\n[Mail Transport]\nBackendName=smtp\n[Authentication]\n"  \
  "Host=" host "\nPort=" port "\nUser=you\nMethod=" method "\n[Security]\nMethod=" kind  \
  "\n"
#define TLS      "ssl-on-alternate-port"
#define STARTTLS "starttls-on-standard-port"

/* clang-format off */
static const struct
{
  const char *what;
  const char *identity, *transport;
  const char *found;
} cases[] = {
  {"ordinary", IDENTITY, TRANSPORT ("smtp.example.org", "465", TLS, "PLAIN"), "smtp.example.org:465 tls auto password you"},
  {"STARTTLS", IDENTITY, TRANSPORT ("smtp.example.org", "587", STARTTLS, "LOGIN"), "smtp.example.org:587 starttls auto password you"},
  {"at a web page", IDENTITY, TRANSPORT ("smtp.example.org", "465", TLS, "OAuth2Dynamic"), "smtp.example.org:465 tls auto oauth you"},
  {"Google", IDENTITY, TRANSPORT ("smtp.gmail.com", "465", TLS, "Google"), "smtp.gmail.com:465 tls auto oauth you"},
  {"a ticket", IDENTITY, TRANSPORT ("smtp.example.org", "465", TLS, "GSSAPI"), "smtp.example.org:465 tls GSSAPI none you"},
  {"no sign-in", IDENTITY, TRANSPORT ("smtp.example.org", "465", TLS, "none"), "smtp.example.org:465 tls none none you"},
  {"NTLM", IDENTITY, TRANSPORT ("smtp.example.org", "465", TLS, "NTLM"), ""},
  {"no TLS", IDENTITY, TRANSPORT ("smtp.example.org", "25", "none", "PLAIN"), ""},
  {"the usual port", IDENTITY, TRANSPORT ("smtp.example.org", "0", TLS, "PLAIN"), "smtp.example.org:465 tls auto password you"},
  {"sendmail", IDENTITY, "[Mail Transport]\nBackendName=sendmail\n[Authentication]\nHost=smtp.example.org\n[Security]\nMethod=" TLS "\n", ""},
  {"this machine", IDENTITY, TRANSPORT ("localhost", "2525", TLS, "PLAIN"), ""},
  {"switched off", "[Data Source]\nEnabled=false\n[Mail Identity]\nAddress=you@example.org\n[Mail Submission]\nTransportUid=t\n",
   TRANSPORT ("smtp.example.org", "465", TLS, "PLAIN"), ""},
  {"a transport that is off", IDENTITY, TRANSPORT ("smtp.example.org", "465", TLS, "PLAIN") "[Data Source]\nEnabled=false\n", ""},
  {"another's", "[Mail Identity]\nAddress=me@example.org\n[Mail Submission]\nTransportUid=t\n", TRANSPORT ("smtp.example.org", "465", TLS, "PLAIN"), ""},
  {"no such transport", "[Mail Identity]\nAddress=you@example.org\n[Mail Submission]\nTransportUid=u\n", TRANSPORT ("smtp.example.org", "465", TLS, "PLAIN"), ""},
  {"rubbish", "rubbish\n[\n[]\n=\n[a[b]]\nx=y\n" IDENTITY, "[Mail Transport\n" TRANSPORT ("smtp.example.org", "465", TLS, "PLAIN"), "smtp.example.org:465 tls auto password you"},
  {"nothing", "", "", ""},
};
/* clang-format on */

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].what);
      g_autoptr (GHashTable) sources = g_hash_table_new_full (
        g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_key_file_unref);
      g_hash_table_insert (sources, (gpointer) "i",
                           est_own_file_parse (cases[i].identity));
      g_hash_table_insert (sources, (gpointer) "t",
                           est_own_file_parse (cases[i].transport));
      g_autoptr (GPtrArray) list = est_evolution_read (sources, "you@example.org");
      g_autofree char *shown = show_candidates (list);
      g_assert_cmpstr (shown, ==, cases[i].found);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/evolution/cases", test_cases);
  return g_test_run ();
}
