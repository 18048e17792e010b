"""``email``: a letter in plain text through the operator's mail server."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from typing import Any

from engine.connectors import CallFailed
from engine.errors import say

_TIMEOUT = 20.0  # seconds, of each answer of the server
_MOST_PEOPLE = 50
_LONGEST_ADDRESS, _LONGEST_SUBJECT = 254, 500
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
_PERMANENT = 500  # RFC 5321, 4.2.1: from here on a repetition makes no sense


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where letters are handed in."""

    host: str
    port: int
    sender: str
    security: str = "starttls"  # tls: from the first byte; none: a server on this machine
    user: str = ""
    password: str = ""


class Email:
    """See ``docs/operating.md`` for inputs, answer and codes of failures."""

    name = "email"
    needed = ("to", "subject", "text")
    optional = ("cc", "reply_to")

    def __init__(self, server: MailServer | None) -> None:
        """Take the server; without one every letter fails with the setting that is missing."""
        self._server = server

    def call(self, inputs: Mapping[str, Any], idempotency_key: str) -> dict[str, Any]:
        """Hand a letter in; gives its Message-ID, who gets it, and whom the server refused, with its words.

        The Message-ID follows from the key: programs that sort letters take a repetition for the same.
        """
        server = self._server
        if server is None or not _ADDRESS.fullmatch(server.sender):
            sentence = say("No mail server is set (ALUR_SMTP_HOST), or no address (ALUR_SMTP_FROM).")
            raise CallFailed(sentence, code="no-server", final=True)
        to, cc = _addresses("to", inputs["to"]), _addresses("cc", inputs.get("cc") or [])
        if not to or len(to) + len(cc) > _MOST_PEOPLE:
            raise _senseless("to", inputs["to"])
        letter = _letter(server, inputs, to, cc)
        letter["Message-ID"] = f"<{idempotency_key}@{server.sender.rpartition('@')[2]}>"
        people = list(dict.fromkeys([*to, *cc]))
        refused = _handed_in(server, letter, people)
        return {
            "message_id": letter["Message-ID"],
            "to": [one for one in people if one not in refused],
            "refused": refused,
        }


def _addresses(name: str, given: Any) -> list[str]:  # noqa: ANN401 - whatever the expression gave
    found = [given] if isinstance(given, str) else given
    if not isinstance(found, list):
        raise _senseless(name, given)
    for one in found:
        if not isinstance(one, str) or len(one) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(one):
            raise _senseless(name, one)
    return list(found)


def _letter(server: MailServer, inputs: Mapping[str, Any], to: list[str], cc: list[str]) -> EmailMessage:
    subject, text = inputs["subject"], inputs["text"]
    # A line break in a header would begin another header.
    if not isinstance(subject, str) or len(subject) > _LONGEST_SUBJECT or not subject.isprintable():
        raise _senseless("subject", subject)
    if not isinstance(text, str):
        raise _senseless("text", text)
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = server.sender, ", ".join(to), subject
    if cc:
        letter["Cc"] = ", ".join(cc)
    if replies := _addresses("reply_to", inputs.get("reply_to") or []):
        letter["Reply-To"] = ", ".join(replies)
    letter["Date"] = formatdate()
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: answers of absence are not sent back
    letter.set_content(text.encode(errors="replace").decode())
    return letter


def _senseless(name: str, found: Any) -> CallFailed:  # noqa: ANN401 - whatever was given
    sentence = say("The input %(name)s cannot be %(found)s.", name=name, found=repr(found)[:80])
    return CallFailed(sentence, code="input", final=True)


def _handed_in(server: MailServer, letter: EmailMessage, people: list[str]) -> dict[str, str]:
    try:
        with _connected(server) as smtp:
            refused = smtp.send_message(letter, server.sender, people)
    except smtplib.SMTPRecipientsRefused as error:
        told = {person: _words(*answer) for person, answer in error.recipients.items()}
        final = all(answer[0] >= _PERMANENT for answer in error.recipients.values())
        detail = "; ".join(f"{person}: {words}" for person, words in told.items())[:500]
        sentence = say("The mail server accepts none of the addresses: %(detail)s", detail=detail)
        raise CallFailed(sentence, code="email-refused", final=final) from error
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        words = _words(error.smtp_code, error.smtp_error)
        sentence = say("The mail server refuses the letter: %(detail)s", detail=words)
        raise CallFailed(sentence, code="email-refused", final=error.smtp_code >= _PERMANENT) from error
    except (smtplib.SMTPException, OSError) as error:
        detail = " ".join(str(error).split())[:200] or type(error).__name__
        sentence = say("The mail server %(host)s cannot be used: %(detail)s", host=server.host, detail=detail)
        raise CallFailed(sentence, code="no-server") from error
    return {person: _words(*answer) for person, answer in refused.items()}


def _connected(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT)
    try:
        if server.security == "starttls":
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _words(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:300]
