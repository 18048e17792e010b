"""Connectors that do what a list says and remember what they were asked, and an office that has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.job_calls import Calls
from tests.offices import SAMPLES, Office

WRITTEN = {"alamat": "wati@example.go.id", "perihal": "Rapat", "agenda": "http://agenda.example.go.id/"}


@dataclass
class Scripted:
    """Answers what stands next in its list: an error is raised, a function is called."""

    name: str
    needed: tuple[str, ...]
    optional: tuple[str, ...]
    usual: Any
    answers: list[Any] = field(default_factory=list)
    asked: list[tuple[Mapping[str, Any], str]] = field(default_factory=list)

    def call(self, inputs: Mapping[str, Any], idempotency_key: str) -> Any:  # noqa: ANN401 - JSON value
        """Do what is next."""
        self.asked.append((inputs, idempotency_key))
        answer = self.answers.pop(0) if self.answers else self.usual
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer


@dataclass
class Desk:
    """An office that works by the sample *surat*, with scripted connectors."""

    office: Office
    http: Scripted
    email: Scripted

    def work(self, limit: float = 5.0) -> int:
        """Do every job that is due, as the worker does; gives how many."""
        calls, done = Calls(self.office.engine, limit=limit), 0
        while calls.do_one():
            done += 1
        return done

    def write(self, year: int = 2027) -> UUID:
        """Start a case and write its invitation: the first job is queued."""
        case = self.office.start(key="surat", year=year).instance
        self.office.complete(case, "menulis", "joko", WRITTEN)
        return case


def desk_of(office: Office) -> Desk:
    """Give the office the sample and connectors that need no network."""
    http = Scripted("http", ("url",), ("method", "json"), {"status": 200, "body": {"nomor": 7}})
    email = Scripted("email", ("to", "subject", "text"), (), {"refused": {}})
    engine = replace(office.engine, connectors={"http": http, "email": email})
    deploy(engine, operator(office.id), read_package(SAMPLES / "surat"))
    return Desk(office=replace(office, engine=engine), http=http, email=email)
