"""Signing in by a Kerberos ticket, of a real realm."""

from parts.kerberos import Kerberos, TicketRelay


def test_ticket(desk, estafeta, monkeypatch):
    """Without a ticket the mail waits, and says for what; with one it leaves by itself, and no password is
    looked for."""
    kerberos = Kerberos(desk.session).start()
    monkeypatch.setenv("KRB5_CONFIG", kerberos.env["KRB5_CONFIG"])
    relay = TicketRelay(desk.certificates.pair("good"), kerberos).start()
    desk.relays.append(relay)
    desk.account(relay, auth="GSSAPI", user=None, password_command=None).start(**kerberos.env)
    desk.hand_in()
    estafeta.wait_for_pause("no-ticket")
    assert "kinit" in estafeta.cli("status").output
    assert relay.heard("AUTH") == []

    kerberos.get_ticket()
    (mail,) = relay.wait_for(1)
    assert mail.user == "alice@PRACTICE.TEST"
    (sent,) = estafeta.wait_for_states("sent")
    assert estafeta.show(sent["id"])["attempts-made"][0]["mechanism"] == "GSSAPI"
