"""An SOP that is due to be monitored or evaluated shows up in its owner's inbox."""

from __future__ import annotations

from datetime import date

import structlog

from engine.actions.case_opening import NewCase, open_case
from engine.actions.own_sops import OwnSops, title_of
from engine.core import Engine
from engine.errors import AlurError, Conflict, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.definition import Purpose
from engine.model.review_due import Due, due_now
from engine.storage import periodic_reviews
from engine.storage.periodic_reviews import InForce
from engine.storage.transaction import Connection

_log = structlog.get_logger(__name__)


def start_due_reviews(engine: Engine) -> int:
    """Begin the cases of reviews that fell due, where an office has an SOP in force for them; gives how many.

    What fails is logged, and tried again at the next look.
    """
    with engine.store.reading() as connection:
        sops = periodic_reviews.in_force(connection)
    own, done = OwnSops(engine, Purpose.PERIODIC_REVIEW), 0
    for sop in sops:
        try:
            done += _start(engine, sop, own)
        except Exception as error:  # noqa: BLE001 - logged; the others are looked at all the same
            why = {"process": sop.process.hex, "why": str(error)}
            _log.warning("review.no-case", exc_info=not isinstance(error, AlurError), **why)
    return done


def _start(engine: Engine, sop: InForce, own: OwnSops) -> bool:
    calendar = engine.calendar_of(sop.office)
    today = calendar.local(engine.clock.now()).date()
    due = _due(engine, sop, calendar.local(sop.deployed_at).date(), today)
    if due is None:
        return False
    with engine.store.reading() as connection:
        if periodic_reviews.is_begun(connection, sop.process, due):
            return False
        rules = own.of(connection, sop.office)
        owner = periodic_reviews.an_owner(connection, sop.office, today)
    if rules is None or owner is None:
        return False
    title = title_of(rules, due.on.year, sop.name, sop.number)
    new = NewCase(key=rules.key, year=due.on.year, title=title, attempt=new_id(), knowingly=True)

    def beside(connection: Connection) -> None:
        if not periodic_reviews.take(connection, sop.process, due, new.attempt):
            raise Conflict(say("This review has a case already."))

    known = {"sop": sop.name, "key": sop.key, "revision": sop.number, "kind": due.kind.value}
    known |= {"due_on": due.on.isoformat()}
    worker = Actor(person=None, office=sop.office, name="")
    open_case(engine, worker, new, rules, known=known, beside=beside, starter=owner)
    return True


def _due(engine: Engine, sop: InForce, deployed: date, today: date) -> Due | None:
    """Count from the day the version came into force, or into the library where that was later."""
    since = max(sop.effective_from or deployed, deployed)
    header = engine.versions.get(sop.version).definition.document
    return due_now(since, today, monitoring=header.monitoring_months, evaluation=header.evaluation_months)
