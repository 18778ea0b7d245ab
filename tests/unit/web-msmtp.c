/* The file of msmtp, by its manual. */
#include "candidates.h"

#include "web/programs.h"

#define ME "from you@example.org\nuser you\nauth on\n"

/* clang-format off */
static const struct
{
  const char *what;
  const char *text;
  const char *found;
} cases[] = {
  {"ordinary", "account a\nhost smtp.example.org\nport 587\ntls on\n" ME, "smtp.example.org:587 starttls auto password you"},
  {"TLS from the start", "account a\nhost smtp.example.org\ntls on\ntls_starttls off\n" ME, "smtp.example.org:465 tls auto password you"},
  {"its usual port", "account a\nhost smtp.example.org\ntls on\n" ME, "smtp.example.org:25 starttls auto password you"},
  {"defaults", "defaults\ntls on\ntls_starttls off\nauth on\naccount a\nhost smtp.example.org\nfrom you@example.org\n", "smtp.example.org:465 tls auto password -"},
  {"a copy", "account base\nhost smtp.example.org\ntls on\nport 587\nauth on\naccount mine : base\nfrom you@example.org\nuser you\n"
   "account default : mine\n", "smtp.example.org:587 starttls auto password you"},
  {"a copy of two", "account a\nhost a.example.org\ntls on\naccount b\nport 588\naccount c: a, b\n" ME, "a.example.org:588 starttls auto password you"},
  {"quotes, tabs and comments", "# account x\n account\ta\n\thost\t\"smtp.example.org\"\n\n  tls\n port \"587\"\n" ME, "smtp.example.org:587 starttls auto password you"},
  {"a whole domain", "account a\nhost smtp.example.org\ntls on\nport 587\nfrom *@example.org\nuser all\nauth on\n", "smtp.example.org:587 starttls auto password all"},
  {"by its user", "account a\nhost smtp.example.org\ntls on\nport 587\nuser you@example.org\nauth plain\n", "smtp.example.org:587 starttls auto password you@example.org"},
  {"no sign-in", "account a\nhost smtp.example.org\ntls on\nport 587\nfrom you@example.org\n", "smtp.example.org:587 starttls none none -"},
  {"a token", "account a\nhost smtp.example.org\ntls on\nport 587\nfrom you@example.org\nuser you\nauth oauthbearer\n", "smtp.example.org:587 starttls OAUTHBEARER oauth you"},
  {"a ticket", "account a\nhost smtp.example.org\ntls on\nport 587\nfrom you@example.org\nauth gssapi\n", "smtp.example.org:587 starttls GSSAPI none -"},
  {"by a certificate", "account a\nhost smtp.example.org\ntls on\nfrom you@example.org\nauth external\n", ""},
  {"no TLS", "account a\nhost smtp.example.org\n" ME, ""},
  {"TLS off again", "defaults\ntls on\naccount a\nhost smtp.example.org\ntls off\n" ME, ""},
  {"another's", "account a\nhost smtp.example.org\ntls on\nfrom me@example.org\n", ""},
  {"this machine", "account a\nhost 127.0.0.1\nport 2525\ntls on\n" ME, ""},
  {"no host", "account a\ntls on\n" ME, ""},
  {"two ways", "account a\nhost a.example.org\ntls on\nport 587\n" ME "account b\nhost b.example.org\ntls on\nport 587\n" ME,
   "a.example.org:587 starttls auto password you, b.example.org:587 starttls auto password you"},
  {"itself and nobody", "account a : a, b,,\nhost smtp.example.org\ntls on\nport 587\n" ME "account\naccount :\n", "smtp.example.org:587 starttls auto password you"},
  {"nothing", "", ""},
};
/* clang-format on */

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].what);
      g_autoptr (GPtrArray) list = est_msmtp_read (cases[i].text, "you@example.org");
      g_autofree char *shown = show_candidates (list);
      g_assert_cmpstr (shown, ==, cases[i].found);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/msmtp/cases", test_cases);
  return g_test_run ();
}
