"""The connector ``email`` against a real SMTP server."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import Any

import pytest

from engine.connectors import CallFailed
from engine.connectors.email import Email, MailServer
from tests.listening import CERTIFICATE, Post, post

LETTER = {
    "to": "wati@example.go.id",
    "subject": "Undangan rapat – “A”",
    "text": "Yth. Ibu,\n\nhadir pukul 09.00.",
}
KEY = "0199c0ffee"


def server(box: Post, **facts: Any) -> MailServer:
    return MailServer(
        host="localhost", port=box.port, sender="alur@blitar.example.go.id", **{"security": "none"} | facts
    )


def failing(connector: Email, **inputs: Any) -> CallFailed:
    with pytest.raises(CallFailed) as failed:
        connector.call(LETTER | inputs, KEY)
    return failed.value


def test_a_letter_arrives_as_it_was_written() -> None:
    with post() as box:
        answer = Email(server(box)).call(LETTER | {"cc": ["budi@example.go.id"], "reply_to": "a@b.id"}, KEY)
    [letter] = box.letters
    assert answer == {
        "message_id": f"<{KEY}@blitar.example.go.id>",
        "to": ["wati@example.go.id", "budi@example.go.id"],
        "refused": {},
    }
    told = {
        name: str(letter[name]) for name in ("From", "To", "Cc", "Reply-To", "Message-ID", "Auto-Submitted")
    }
    assert told == {
        "From": "alur@blitar.example.go.id",
        "To": "wati@example.go.id",
        "Cc": "budi@example.go.id",
        "Reply-To": "a@b.id",
        "Message-ID": f"<{KEY}@blitar.example.go.id>",
        "Auto-Submitted": "auto-generated",
    }
    text = letter.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert text.decode().replace("\r\n", "\n").strip() == LETTER["text"]
    assert letter["X-RcptTo"] == "wati@example.go.id, budi@example.go.id"


def test_the_same_key_gives_the_same_message_id() -> None:
    with post() as box:
        for _ in range(2):
            Email(server(box)).call(LETTER, KEY)
    first, second = box.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_of_several_people_those_the_server_refuses_are_told() -> None:
    with post() as box:
        answer = Email(server(box)).call(LETTER | {"to": ["wati@example.go.id", "nobody@example.go.id"]}, KEY)
    assert answer["to"] == ["wati@example.go.id"]
    assert answer["refused"] == {"nobody@example.go.id": "550 No such mailbox"}


def test_where_nobody_is_accepted_it_failed() -> None:
    with post() as box:
        connector = Email(server(box))
        gone = failing(connector, to="nobody@example.go.id")
        busy = failing(connector, to=["later@example.go.id", "nobody@example.go.id"])
    assert (gone.code, gone.final) == ("email-refused", True)
    assert "nobody@example.go.id: 550 No such mailbox" in str(gone)
    assert (busy.code, busy.final) == ("email-refused", False)


def test_a_letter_that_is_too_long_for_the_server_is_refused() -> None:
    with post(data_size_limit=100) as box:
        failed = failing(Email(server(box)), text="x" * 1000)
    assert (failed.code, failed.final, box.letters) == ("email-refused", True, [])


# The server in the test knows of no other TLS than STARTTLS.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_it_goes_encrypted_and_signed_in(security: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with post(security=security, sign_in=True) as box:
        good = server(box, security=security, user="alur", password="rahasia")
        Email(good).call(LETTER, KEY)
        wrong = failing(Email(replace(good, password="salah")))
    assert len(box.letters) == 1
    assert (wrong.code, wrong.final) == ("no-server", False)
    assert "rahasia" not in repr(wrong)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_gets_no_letter(security: str) -> None:
    with post(security=security) as box:
        failed = failing(Email(server(box, security=security)))
    assert (failed.code, failed.final, box.letters) == ("no-server", False, [])


def test_a_server_without_tls_gets_no_letter_that_was_to_go_encrypted() -> None:
    with post() as box:
        failed = failing(Email(server(box, security="starttls")))
    assert (failed.code, box.letters) == ("no-server", [])


def test_a_server_that_is_gone_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    failed = failing(Email(MailServer(host="127.0.0.1", port=port, sender="a@b.id", security="none")))
    assert (failed.code, failed.final) == ("no-server", False)


def test_without_a_server_or_a_sender_nothing_is_sent() -> None:
    for none in (None, MailServer(host="localhost", port=25, sender="")):
        failed = failing(Email(none))
        assert (failed.code, failed.final) == ("no-server", True)
        assert "ALUR_SMTP_HOST" in str(failed)


@pytest.mark.parametrize(
    ("inputs", "named"),
    [
        ({"to": ""}, "to"),
        ({"to": []}, "to"),
        ({"to": 5}, "to"),
        ({"to": [5]}, "to"),
        ({"to": "wati"}, "to"),
        ({"to": "wati@example.go.id, budi@example.go.id"}, "to"),
        ({"to": "Wati <wati@example.go.id>"}, "to"),
        ({"to": "wati@example.go.id\nBcc: x@y.id"}, "to"),
        ({"to": "wati@example.go.id\n"}, "to"),
        ({"to": "wati..a@example.go.id"}, "to"),
        ({"to": "-wati@-example.id"}, "to"),
        ({"to": f"{'w' * 250}@example.go.id"}, "to"),
        ({"to": [f"w{n}@example.go.id" for n in range(51)]}, "to"),
        ({"cc": "a b@c.id"}, "cc"),
        ({"reply_to": "a\r\n@c.id"}, "reply_to"),
        ({"subject": "Rapat\r\nBcc: x@y.id"}, "subject"),
        ({"subject": "Rapat\nX: y"}, "subject"),
        ({"subject": "Rapat\u2028X: y"}, "subject"),
        ({"subject": 5}, "subject"),
        ({"subject": "x" * 501}, "subject"),
        ({"text": None}, "text"),
    ],
)  # fmt: skip
def test_senseless_inputs_are_told_by_name_and_nothing_is_sent(inputs: dict[str, Any], named: str) -> None:
    with post() as box:
        failed = failing(Email(server(box)), **inputs)
    assert (failed.code, failed.final, box.letters) == ("input", True, [])
    assert str(failed).startswith(f"The input {named} cannot be")


def test_what_is_no_text_is_replaced() -> None:
    with post() as box:
        Email(server(box)).call(LETTER | {"text": "a\ud800b"}, KEY)
    assert box.letters[0].get_payload().strip() == "a?b"  # type: ignore[union-attr]
