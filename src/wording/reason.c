/* Three tables by reason: the sentence with the account's name, the sentence without, and
   what the person can do. */
#include "wording/reason.h"

#include "wording/particulars.h"
#include "wording/text.h"

#include <glib/gi18n.h>
#include <string.h>

#define ACCOUNT_LIMIT 64
#define REPLY_LIMIT   400

/* Sentences without their full stop. */
static const char *const plain[EST_N_REASONS] = {
  [EST_REASON_NONE] = N_ ("Nothing stands in the way"),
  [EST_REASON_OFFLINE] = N_ ("There is no network connection"),
  [EST_REASON_NAME_LOOKUP]
  = N_ ("The mail server cannot be found by its name at the moment"),
  [EST_REASON_UNREACHABLE] = N_ ("The mail server cannot be reached"),
  [EST_REASON_TIMED_OUT] = N_ ("The mail server did not answer in time"),
  [EST_REASON_DISCONNECTED] = N_ ("The mail server broke off the connection"),
  [EST_REASON_PROTOCOL]
  = N_ ("What answers in place of the mail server is not a mail server"),
  [EST_REASON_TLS] = N_ ("No encrypted connection to the mail server could be made"),
  [EST_REASON_NO_TLS]
  = N_ ("The mail server offers no encryption, so nothing was sent to it"),
  [EST_REASON_UNTRUSTED]
  = N_ ("The mail server did not prove who it is, so nothing was sent to it"),
  [EST_REASON_NO_MECHANISM]
  = N_ ("The mail server offers no way of signing in that can be used"),
  [EST_REASON_SIGN_IN] = N_ ("The mail server refused the user name or the password"),
  [EST_REASON_SECRET_MISSING] = N_ ("The keyring has no password for this account"),
  [EST_REASON_SECRET_LOCKED] = N_ ("The keyring with the password is locked"),
  [EST_REASON_NO_KEYRING] = N_ ("No keyring answers, so there is no password"),
  [EST_REASON_COMMAND] = N_ ("The command that tells the password or the token failed"),
  [EST_REASON_BUSY] = N_ ("The mail server takes no mail at the moment"),
  [EST_REASON_TURNED_AWAY]
  = N_ ("The mail server does not want to talk to this computer"),
  [EST_REASON_DEFERRED] = N_ ("The mail server put the message off"),
  [EST_REASON_REFUSED] = N_ ("The mail server refused the message"),
  [EST_REASON_RECIPIENT_REFUSED] = N_ ("The mail server refused a recipient"),
  [EST_REASON_UNCERTAIN]
  = N_ ("The message went to the mail server, but no answer came: it may have arrived"),
  [EST_REASON_NO_ACCOUNT]
  = N_ ("The account for this message is not in the settings any more"),
  [EST_REASON_DAMAGED] = N_ ("The message was damaged on the disk of this computer"),
  [EST_REASON_EXPIRED]
  = N_ ("The mail server kept putting the message off until it was given up"),
  [EST_REASON_STORE]
  = N_ ("Estafeta cannot read or write its outbox on the disk of this computer"),
  [EST_REASON_PORT_TAKEN] = N_ ("Another program listens where mail is to be handed in"),
  [EST_REASON_SETTINGS] = N_ ("The settings file cannot be used as it stands"),
  [EST_REASON_LIMIT]
  = N_ ("The provider’s limit for sent mail is reached for the moment"),
  [EST_REASON_BY_HAND] = N_ ("It was stopped by hand"),
  [EST_REASON_OLD]
  = N_ ("It has waited for more than two weeks, and no mail server has seen it yet"),
  [EST_REASON_RESTORED]
  = N_ ("The outbox was put back from a copy, so the message may have left since"),
  [EST_REASON_APP] = N_ ("An app that was not allowed to send yet handed it in"),
  [EST_REASON_LATE] = N_ ("The time by which it had to be delivered is over"),
  [EST_REASON_WEAKER]
  = N_ ("The mail server protects mail less well than it did before, so nothing was sent "
        "to it"),
  [EST_REASON_STRANGER] = N_ (
    "On this computer, a program of another user answers in place of the mail server, "
    "so nothing was sent to it"),
  [EST_REASON_UNCONFIRMED]
  = N_ ("The mail server on this computer shows a certificate that nobody has confirmed "
        "yet, so nothing was sent to it"),
  [EST_REASON_CERTIFICATE_EXPIRED]
  = N_ ("The certificate of the mail server is out of date, so nothing was sent to it"),
  [EST_REASON_CERTIFICATE_NAME]
  = N_ ("The certificate of the mail server is for another name, so nothing was sent to "
        "it"),
  [EST_REASON_CERTIFICATE_ISSUER]
  = N_ ("The certificate of the mail server comes from nobody this computer trusts, so "
        "nothing was sent to it"),
  [EST_REASON_PIN] = N_ (
    "The mail server shows another key than the one the settings name, so nothing was "
    "sent to it"),
  [EST_REASON_CLIENT_KEY]
  = N_ ("The certificate or the key for signing in cannot be used"),
  [EST_REASON_IMPOSTOR] = N_ (
    "The mail server did not prove that it knows the password, so nothing was sent to "
    "it"),
  [EST_REASON_PROXY] = N_ ("The proxy does not let mail through"),
  [EST_REASON_BUDGET]
  = N_ ("As much mail has left as may in this time, so that the provider does not block "
        "the account"),
  [EST_REASON_TOO_LARGE] = N_ ("The message is larger than the mail server takes"),
  [EST_REASON_INCAPABLE] = N_ ("The mail server cannot take a message of this kind"),
  [EST_REASON_NO_TICKET] = N_ ("There is no valid Kerberos ticket to sign in with"),
  [EST_REASON_SUSPENDED] = N_ ("The provider has stopped this account from sending"),
  [EST_REASON_ONLINE_ACCOUNTS]
  = N_ ("The desktop’s online accounts do not tell the password at the moment"),
  [EST_REASON_ONLINE_SIGN_IN]
  = N_ ("You have to sign in again in the desktop’s online accounts"),
  [EST_REASON_LOOP] = N_ ("The mail server’s name leads back to Estafeta itself"),
  [EST_REASON_SIGNED_OUT] = N_ ("You have to sign in at your provider’s web page"),
  [EST_REASON_TOKEN_SERVER]
  = N_ ("Your provider’s server for signing in gives no access at the moment"),
  [EST_REASON_OAUTH_CLIENT]
  = N_ ("Your provider does not let this program sign in for you"),
  [EST_REASON_CREDENTIAL] = N_ ("The password did not come from systemd"),
};

/* The same where the account matters and is known. */
static const char *const about[EST_N_REASONS] = {
  [EST_REASON_NAME_LOOKUP]
  = N_ ("The mail server of “%s” cannot be found by its name at the moment"),
  [EST_REASON_UNREACHABLE] = N_ ("The mail server of “%s” cannot be reached"),
  [EST_REASON_TIMED_OUT] = N_ ("The mail server of “%s” did not answer in time"),
  [EST_REASON_DISCONNECTED] = N_ ("The mail server of “%s” broke off the connection"),
  [EST_REASON_PROTOCOL]
  = N_ ("What answers in place of the mail server of “%s” is not a mail server"),
  [EST_REASON_TLS]
  = N_ ("No encrypted connection to the mail server of “%s” could be made"),
  [EST_REASON_NO_TLS]
  = N_ ("The mail server of “%s” offers no encryption, so nothing was sent to it"),
  [EST_REASON_UNTRUSTED]
  = N_ ("The mail server of “%s” did not prove who it is, so nothing was sent to it"),
  [EST_REASON_NO_MECHANISM]
  = N_ ("The mail server of “%s” offers no way of signing in that can be used"),
  [EST_REASON_SIGN_IN]
  = N_ ("The mail server of “%s” refused the user name or the password"),
  [EST_REASON_SECRET_MISSING] = N_ ("The keyring has no password for “%s”"),
  [EST_REASON_SECRET_LOCKED] = N_ ("The keyring with the password for “%s” is locked"),
  [EST_REASON_NO_KEYRING] = N_ ("No keyring answers, so there is no password for “%s”"),
  [EST_REASON_COMMAND]
  = N_ ("The command that tells the password or the token for “%s” failed"),
  [EST_REASON_BUSY] = N_ ("The mail server of “%s” takes no mail at the moment"),
  [EST_REASON_TURNED_AWAY]
  = N_ ("The mail server of “%s” does not want to talk to this computer"),
  [EST_REASON_DEFERRED] = N_ ("The mail server of “%s” put the message off"),
  [EST_REASON_REFUSED] = N_ ("The mail server of “%s” refused the message"),
  [EST_REASON_RECIPIENT_REFUSED] = N_ ("The mail server of “%s” refused a recipient"),
  [EST_REASON_UNCERTAIN]
  = N_ ("The message went to the mail server of “%s”, but no answer came: it may have "
        "arrived"),
  [EST_REASON_NO_ACCOUNT] = N_ ("The account “%s” is not in the settings any more"),
  [EST_REASON_EXPIRED]
  = N_ ("The mail server of “%s” kept putting the message off until it was given up"),
  [EST_REASON_LIMIT]
  = N_ ("The limit for mail sent by “%s” is reached for the moment, says its provider"),
  [EST_REASON_WEAKER]
  = N_ ("The mail server of “%s” protects mail less well than it did before, so nothing "
        "was sent to it"),
  [EST_REASON_STRANGER]
  = N_ ("On this computer, a program of another user answers in place of the mail server "
        "of “%s”, so nothing was sent to it"),
  [EST_REASON_UNCONFIRMED]
  = N_ ("The mail server of “%s” on this computer shows a certificate that nobody has "
        "confirmed yet, so nothing was sent to it"),
  [EST_REASON_CERTIFICATE_EXPIRED]
  = N_ ("The certificate of the mail server of “%s” is out of date, so nothing was sent "
        "to it"),
  [EST_REASON_CERTIFICATE_NAME]
  = N_ ("The certificate of the mail server of “%s” is for another name, so nothing was "
        "sent to it"),
  [EST_REASON_CERTIFICATE_ISSUER]
  = N_ ("The certificate of the mail server of “%s” comes from nobody this computer "
        "trusts, so nothing was sent to it"),
  [EST_REASON_PIN]
  = N_ ("The mail server of “%s” shows another key than the one the settings name, so "
        "nothing was sent to it"),
  [EST_REASON_CLIENT_KEY]
  = N_ ("The certificate or the key for signing in as “%s” cannot be used"),
  [EST_REASON_IMPOSTOR] = N_ (
    "The mail server of “%s” did not prove that it knows the password, so nothing was "
    "sent to it"),
  [EST_REASON_PROXY] = N_ ("The proxy does not let mail of “%s” through"),
  [EST_REASON_BUDGET] = N_ (
    "As much mail of “%s” has left as may in this time, so that the provider does not "
    "block the account"),
  [EST_REASON_TOO_LARGE]
  = N_ ("The message is larger than the mail server of “%s” takes"),
  [EST_REASON_INCAPABLE]
  = N_ ("The mail server of “%s” cannot take a message of this kind"),
  [EST_REASON_NO_TICKET]
  = N_ ("There is no valid Kerberos ticket to sign in as “%s” with"),
  [EST_REASON_SUSPENDED] = N_ ("The provider has stopped “%s” from sending"),
  [EST_REASON_ONLINE_ACCOUNTS]
  = N_ ("The desktop’s online accounts do not tell the password of “%s” at the moment"),
  [EST_REASON_ONLINE_SIGN_IN]
  = N_ ("You have to sign in to “%s” again in the desktop’s online accounts"),
  [EST_REASON_LOOP]
  = N_ ("The name of the mail server of “%s” leads back to Estafeta itself"),
  [EST_REASON_SIGNED_OUT]
  = N_ ("You have to sign in to “%s” at your provider’s web page"),
  [EST_REASON_TOKEN_SERVER]
  = N_ ("The server for signing in to “%s” gives no access at the moment"),
  [EST_REASON_OAUTH_CLIENT]
  = N_ ("The provider of “%s” does not let this program sign in for you"),
  [EST_REASON_CREDENTIAL] = N_ ("The password of “%s” did not come from systemd"),
};

/* Complete; "%s" stands for the account. Where there is none it mends itself. */
static const char *const remedies[EST_N_REASONS] = {
  [EST_REASON_PROTOCOL]
  = N_ ("Some networks want you to sign in on a web page first. If that is not it, "
        "check the server’s name and port in the settings."),
  [EST_REASON_NO_TLS]
  = N_ ("Try another network. If it stays so, ask your provider for the port with "
        "encryption and set it in the settings."),
  [EST_REASON_UNTRUSTED]
  = N_ ("Some networks want you to sign in on a web page first. If that is not it, "
        "check the server’s name in the settings and the date of this computer, or ask "
        "your provider whether its certificate is in order."),
  [EST_REASON_NO_MECHANISM]
  = N_ ("Set “auth=auto” for this account in the settings, or ask your provider how "
        "programs sign in."),
  [EST_REASON_SIGN_IN]
  = N_ ("Give the right password with “estafeta account password %s”. Many providers "
        "want an app password, made on their web site, instead of your usual one. If a "
        "program of yours tells the token, sign in anew there."),
  [EST_REASON_SECRET_MISSING] = N_ ("Store it with “estafeta account password %s”."),
  [EST_REASON_SECRET_LOCKED] = N_ ("Unlock the keyring; the mail leaves by itself then."),
  [EST_REASON_NO_KEYRING]
  = N_ ("Start a keyring (GNOME Keyring, KeePassXC or KWallet), or set "
        "“password-command” for this account in the settings."),
  [EST_REASON_COMMAND]
  = N_ ("Run the “password-command” or “token-command” from the settings by hand and see "
        "what it says."),
  [EST_REASON_TURNED_AWAY]
  = N_ ("Try another network. If it stays so, ask your provider and quote the server’s "
        "words."),
  [EST_REASON_REFUSED]
  = N_ ("The server’s words say why. Change the message and send it anew from your "
        "mail program."),
  [EST_REASON_RECIPIENT_REFUSED]
  = N_ ("Check the address. “estafeta readdress” sends the message to the right one."),
  [EST_REASON_UNCERTAIN]
  = N_ ("Ask the recipients whether they got it. If so, say “estafeta arrived” and its "
        "number; if not, send it again with “estafeta send”."),
  [EST_REASON_NO_ACCOUNT]
  = N_ ("Set the account up again under the same name with “estafeta account add”."),
  [EST_REASON_DAMAGED]
  = N_ ("Send it anew from your mail program, and have the disk checked."),
  [EST_REASON_EXPIRED]
  = N_ ("Try once more with “estafeta send” and its number, or reach the recipients in "
        "another way."),
  [EST_REASON_STORE]
  = N_ ("See whether the disk is full. The mail that was taken stays there and leaves "
        "when the disk works again."),
  [EST_REASON_PORT_TAKEN]
  = N_ ("End that program, or choose another port with “listen” in the settings and in "
        "your mail programs."),
  [EST_REASON_SETTINGS]
  = N_ ("Correct the file; it is read again as soon as it is saved."),
  [EST_REASON_BY_HAND] = N_ (
    "Let a message go on with “estafeta release”, an account with “estafeta resume”."),
  [EST_REASON_OLD]
  = N_ ("Send it all the same with “estafeta release”, or give it up with “estafeta "
        "discard”."),
  [EST_REASON_RESTORED]
  = N_ ("Send it with “estafeta release”, or say with “estafeta arrived” that it had "
        "left."),
  [EST_REASON_APP] = N_ (
    "See which app it is with “estafeta app list”; “estafeta app allow” lets it send, "
    "“estafeta app refuse” does not."),
  [EST_REASON_LATE]
  = N_ ("Send it anew from your mail program if it is still worth sending."),
  [EST_REASON_WEAKER] = N_ (
    "Somebody may be in between. Try another network. If your provider says that it is "
    "right so, “estafeta account accept %s” goes on with it."),
  [EST_REASON_STRANGER] = N_ (
    "See whether your own program for this account runs; another user’s has its port. If "
    "that is how it is meant, name the user as “relay-user” in the settings."),
  [EST_REASON_UNCONFIRMED] = N_ (
    "See that your own program for this account runs; then “estafeta account trust %s” "
    "shows its key and keeps it."),
  [EST_REASON_CERTIFICATE_EXPIRED]
  = N_ ("Check the date of this computer. If it is right, ask your provider to renew its "
        "certificate."),
  [EST_REASON_CERTIFICATE_NAME]
  = N_ ("Check the server’s name in the settings. Some networks want you to sign in on a "
        "web page first."),
  [EST_REASON_CERTIFICATE_ISSUER]
  = N_ ("Some networks want you to sign in on a web page first. If your provider has an "
        "authority of its own, set its file as “ca-file” in the settings."),
  [EST_REASON_PIN]
  = N_ ("Try another network. If your provider says that its key is a new one, change "
        "“pin” in the settings; for a server on this computer “estafeta account trust "
        "%s” does that."),
  [EST_REASON_CLIENT_KEY] = N_ (
    "See whether what “certificate” and “key” name in the settings is there and belongs "
    "together; nobody but you may be able to read a file with a key."),
  [EST_REASON_NO_TICKET] = N_ ("Get one with “kinit”; the mail leaves by itself then."),
  [EST_REASON_IMPOSTOR] = N_ (
    "Try another network. If it stays so, check the server’s name in the settings and "
    "ask your provider."),
  [EST_REASON_PROXY]
  = N_ ("Check the proxy in the settings of your desktop, or set “proxy=none” for this "
        "account."),
  [EST_REASON_TOO_LARGE]
  = N_ ("Send what is large in another way, for instance as a link. If the server takes "
        "more by now, “estafeta send” and its number tries again."),
  [EST_REASON_INCAPABLE]
  = N_ ("Send it anew without what the server lacks, or by another account."),
  [EST_REASON_ONLINE_SIGN_IN]
  = N_ ("Open the settings of your desktop, then Online Accounts; the mail leaves by "
        "itself afterwards."),
  [EST_REASON_CREDENTIAL] = N_ (
    "Add it to estafetad.service by “LoadCredential” or “SetCredentialEncrypted”; the "
    "journal says what is missing."),
  [EST_REASON_SIGNED_OUT] = N_ (
    "Sign in by “estafeta account sign-in %s”; the mail leaves by itself afterwards."),
  [EST_REASON_OAUTH_CLIENT]
  = N_ ("Check “oauth-client” and “oauth-client-secret” of “%s” in the settings, or use "
        "an app password."),
  [EST_REASON_LOOP]
  = N_ ("Nothing was sent, because it would go round in circles. Write the server of "
        "your provider into the settings; if it stands there, try another network."),
  [EST_REASON_SUSPENDED]
  = N_ ("Sign in on the provider’s web site: it says why, and what to do. The mail "
        "leaves by itself then."),
};

static gboolean
is_given (const char *text)
{
  return text != NULL && *text != '\0';
}

/* The formats come from the tables above or their translation, which msgfmt --check holds
   to the same "%s". */
static char *
fill_in (const char *format, const char *account)
{
  g_autofree char *name = est_text_tame (account, ACCOUNT_LIMIT);
  return g_strdup_printf (format, name);
}

static char *
state_it (EstReason reason, const char *account)
{
  if (is_given (account) && about[reason] != NULL)
    return fill_in (_ (about[reason]), account);
  return g_strdup (_ (plain[reason]));
}

static char *
end_sentence (const char *clause, const char *reply)
{
  if (!is_given (reply))
    /* TRANSLATORS: ends a sentence */
    return g_strdup_printf (_ ("%s."), clause);

  g_autofree char *quote = est_text_tame (reply, REPLY_LIMIT);
  /* TRANSLATORS: a sentence, and the words of a mail server that go with it */
  return g_strdup_printf (_ ("%s: “%s”."), clause, quote);
}

char *
est_wording_reason (EstReason reason,
                    const char *account,
                    const char *figures,
                    const char *reply)
{
  g_autofree char *clause = state_it (reason, account);
  g_autofree char *sentence = end_sentence (clause, reply);
  g_autofree char *more = est_wording_particulars (reason, figures);
  return more != NULL ? g_strconcat (sentence, " ", more, NULL)
                      : g_steal_pointer (&sentence);
}

char *
est_wording_remedy (EstReason reason, const char *account)
{
  const char *remedy = remedies[reason];
  if (remedy == NULL)
    return NULL;
  if (strstr (remedy, "%s") == NULL)
    return g_strdup (_ (remedy));
  /* TRANSLATORS: stands for the name of an account in a command */
  return fill_in (_ (remedy), is_given (account) ? account : _ ("ACCOUNT"));
}
