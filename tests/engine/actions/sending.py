"""Cases that wait for messages, and the program that sends them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from engine.actions import instances
from engine.actions.api_tokens import holder_of, issue_token
from engine.actions.deployment import Package, deploy
from engine.actions.messages import Taken, read_incoming, receive
from engine.actions.offices import operator
from engine.model.api_token import ApiToken
from tests.offices import Office


def begin(office: Office, package: Package, first: str = "", **facts: Any) -> UUID:
    """Start a case of a process, and do its first step where it is named."""
    deploy(office.engine, operator(office.id), package)
    case = office.start(key=package.key, knowingly=True, **facts).instance
    if first:
        office.complete(case, first, "joko", {})
    return case


def number_of(office: Office, case: UUID) -> str:
    with office.engine.store.reading() as connection:
        found = instances.instances.load(connection, case, None)
    assert found is not None
    return found.number


def letter_system(office: Office) -> ApiToken:
    """Give a token to the office's letter system."""
    text = issue_token(office.engine, operator(office.id), "e-surat", timedelta(days=30))
    found = holder_of(office.engine, text)
    assert found is not None
    return found


def send(office: Office, sender: ApiToken, **facts: Any) -> Taken:
    """Send an answer as a program does."""
    return receive(office.engine, sender, read_incoming({"id": "1", "name": "Jawaban", **facts}))
