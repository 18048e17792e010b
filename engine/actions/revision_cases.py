"""A version that waits for approval gets its case, where the office decides on revisions by an SOP.

The case is begun right after the submission. Whoever is killed in between leaves it to the worker, which
looks for versions under review without one; that a version has one stands in the transaction that writes it.
"""

from __future__ import annotations

from uuid import UUID

import structlog

from engine.actions.case_opening import NewCase, open_case
from engine.actions.own_sops import OwnSops, as_person, title_of
from engine.core import Engine
from engine.errors import AlurError, Conflict, say
from engine.ids import new_id
from engine.model.definition import Purpose
from engine.storage import revision_cases
from engine.storage.revision_cases import Subject
from engine.storage.transaction import Connection

_log = structlog.get_logger(__name__)


def start_revision_cases(engine: Engine, version: UUID | None = None) -> int:
    """Begin the cases that are missing, of one version or of all; gives how many.

    What fails is logged, and tried again when the worker looks next: a submission stands without its case.
    """
    with engine.store.reading() as connection:
        waiting = revision_cases.without_case(connection, version)
    rules, done = OwnSops(engine, Purpose.REVISION), 0
    for subject in waiting:
        try:
            done += _start(engine, subject, rules)
        except Exception as error:  # noqa: BLE001 - logged; the act that came before stands
            why = {"version": subject.version.hex, "why": str(error)}
            _log.warning("revision.no-case", exc_info=not isinstance(error, AlurError), **why)
    return done


def _start(engine: Engine, subject: Subject, rules: OwnSops) -> bool:
    with engine.store.reading() as connection:
        sop = rules.of(connection, subject.office)
        if sop is None or subject.author is None:
            return False
        author = as_person(engine, connection, subject.office, subject.author)
    year = engine.calendar_of(subject.office).local(engine.clock.now()).year
    title = title_of(sop, year, subject.name, subject.number)
    new = NewCase(key=sop.key, year=year, title=title, attempt=new_id(), knowingly=True)

    def beside(connection: Connection) -> None:
        if not revision_cases.take(connection, subject.version, new.attempt):
            raise Conflict(say("Another case decides on this revision already."))

    known = {"sop": subject.name, "key": subject.key, "revision": subject.number, "author": author.name}
    typed = engine.versions.get(subject.version).definition.document
    known |= {"post": typed.approver_post, "name": typed.approver_name, "nip": typed.approver_nip}
    open_case(engine, author, new, sop, known=known, beside=beside)
    return True
