"""The world of the permission table: two offices, a case in the first, and every route."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from engine.actions import batch_slices, batches, findings, inquiries, review_comments, samples
from engine.actions.deployment import deploy, read_package
from engine.actions.findings import FindingForm
from engine.actions.incidents_noted import Failed, note
from engine.actions.inquiries import InquiryForm
from engine.actions.offices import operator
from engine.actions.roles import AssignmentForm, assign_role
from engine.actions.samples import SampleForm
from engine.errors import Failure, ProcessFailed, say
from engine.ids import new_id
from engine.model.batch import BatchState
from engine.model.incident import Cause, Tried
from engine.storage import batches as batch_rows
from engine.storage import incidents, people
from engine.storage.tables import job, metadata, task
from tests.connecting import WRITTEN
from tests.offices import SAMPLES, Office
from tests.revising import draft, submitted
from tests.webapp.permission_table import KINDS, SIGN_IN, Route
from tests.webapp.visitors import Site, Visitor, find_office

HERE = Path(__file__).parent
ROUTES: tuple[Route, ...] = tuple(
    route
    for path in sorted(HERE.glob("*/routes.py"))
    for route in import_module(f"tests.webapp.{path.parent.name}.routes").ROUTES
)

# What a refused request may leave behind: that it was refused or asked for, and that a session is in use.
_RECORD = {"event", "session", "failed_login", "office", "case_read"}
_HEADS = {"last_seq", "chain_head"}


@dataclass
class World:
    """Two offices, a case in the first, and the names of the table's addresses."""

    site: Site
    other: Office
    facts: dict[str, str]

    def visitor(self, kind: str) -> Visitor:
        """Open a browser of a kind of user."""
        return self.site.visitor(KINDS[kind], self.other if kind == "stranger" else None)

    def address(self, route: Route) -> str:
        """Give the address of a route in this world."""
        return (route.address or route.rule).format(**self.facts)

    def ask(self, kind: str, route: Route) -> int | str:
        """Ask as a kind of user; gives the status, or that one was sent to sign in."""
        visitor, address = self.visitor(kind), self.address(route)
        if route.method == "PUT":
            answer = visitor.put(address, dict(route.fields))
        else:
            get = route.method == "GET"
            fields = {name: value.format(**self.facts) for name, value in route.fields.items()}
            answer = visitor.get(address) if get else visitor.post(address, **fields)
        sent_to = answer.headers.get("Location", "").partition("?")[0]
        sent_to_sign_in = kind == "anonymous" and answer.status_code == 303 and sent_to == "/sign-in"
        return SIGN_IN if sent_to_sign_in else answer.status_code

    def rows(self) -> dict[str, list[str]]:
        """Read everything that a refused request must leave as it is."""
        with self.site.engine.store.reading() as connection:
            return {
                table.name: sorted(
                    str([value for name, value in row._mapping.items() if name not in _HEADS])
                    for row in connection.execute(select(table))
                )
                for table in metadata.sorted_tables
                if table.name not in _RECORD
            }


def make_world(site: Site) -> World:
    """Let a stranger hold every role of the other office."""
    other = find_office(site.engine, site.office.clock, "lain")
    give_every_role(other)
    facts = facts_of(site.office)
    facts |= {"incident": stop(site.office, facts["case"]), "job": ask(site.office)}
    facts |= revise(site.office)
    facts |= look_at_cases(site.office)
    facts["finding"] = find(site.office)
    facts["inquiry"] = inquire(site.office, facts["case"])
    facts["sample"] = sampled(site.office)
    return World(site=site, other=other, facts=facts)


def find(office: Office) -> str:
    """Hold a draft of a finding."""
    agus = office.people["agus"]
    form = FindingForm(title="Tanpa nomor", condition="Surat tanpa nomor.", figures="/audit/figures")
    return findings.draft(office.engine, agus, agus.coverage[0].assignment, form).hex


def inquire(office: Office, case: str) -> str:
    """Have an auditor ask somebody who holds no role."""
    form = InquiryForm(attempt=new_id(), to=office.people["tono"].person, question="Mengapa?")
    return inquiries.ask(office.engine, office.people["agus"], UUID(hex=case), form).hex


def sampled(office: Office) -> str:
    """Hold a sample of cases."""
    agus = office.people["agus"]
    form = SampleForm(title="Uji petik", size=5, seed="1")
    return samples.take(office.engine, agus, agus.coverage[0].assignment, form).hex


def ask(office: Office) -> str:
    """Let a case wait for the answer of another system."""
    deploy(office.engine, operator(office.id), read_package(SAMPLES / "surat"))
    case = office.start(key="surat").instance
    office.complete(case, "menulis", "joko", WRITTEN)
    with office.engine.store.reading() as connection:
        found = connection.execute(select(job.c.id)).scalar_one()
    return str(found.hex)


def revise(office: Office) -> dict[str, str]:
    """Hold a draft of the SOP, and have revision 2 of it under review with a comment."""
    number = submitted(office)
    comment = new_id()
    review_comments.comment(office.engine, office.people["lina"], "izin", number, "", "Mengapa?", comment)
    return {"draft": draft(office).hex, "comment": comment.hex}


def look_at_cases(office: Office) -> dict[str, str]:
    """Let open cases have been held against revision 2, and a move be over."""
    putu = office.people["putu"]
    survey = batches.survey_version(office.engine, putu, "izin", 2, {})
    while batch_slices.work(office.engine):
        pass
    moving = new_id()
    with office.engine.store.transaction() as connection:
        seen = batch_rows.load(connection, office.id, survey)
        assert seen is not None
        facts = {
            name: getattr(seen, name) for name in ("office", "process", "version", "asked_by", "asked_at")
        }
        batch_rows.add(connection, {"reason": "Revisi baru"}, id=moving, kind="move", total=0, **facts)
        lease = seen.asked_at
        taken = batch_rows.claim(connection, lease, lease)
        assert taken is not None
        batch_rows.advance(
            connection, taken, lease, done=0, cursor=None, result={}, now=lease, state=BatchState.DONE
        )
    return {"survey": survey.hex, "batch": moving.hex, "group": next(iter(seen.result["groups"]))}


def stop(office: Office, case: str) -> str:
    """Note that the only task of a case could not be completed."""
    tried = Tried(cause=Cause.COMPLETION, element="mengajukan", round=1)
    seen = Failure(seen={"case": {"year": 2027}})
    failed = ProcessFailed("diterima", "Diterima?", say("This is too long."), seen)
    sent = {"values": {}, "shared": {}}
    note(office.engine, office.people["joko"], UUID(hex=case), Failed.by(failed, tried, sent))
    with office.engine.store.reading() as connection:
        return incidents.open_of(connection, UUID(hex=case))[0].id.hex


def give_every_role(office: Office) -> None:
    """Let the administrator of an office hold every role there."""
    with office.engine.store.reading() as connection:
        roles = people.role_keys(connection, office.id)
    dewi = office.people["dewi"].person
    assert dewi is not None
    form = AssignmentForm(person=dewi.hex, since="2026-11-01")
    for key, role in roles.items():
        if key != "admin":
            assign_role(office.engine, operator(office.id), role, form)


def facts_of(office: Office) -> dict[str, str]:
    """Name what the addresses of the table speak of: joko, his role, and the case he started."""
    joko = office.people["joko"].person
    assert joko is not None
    with office.engine.store.reading() as connection:
        roles = people.role_keys(connection, office.id)
        assignment = people.assignments_of(connection, joko, roles["staf"])[0]
        opened = connection.execute(
            select(task.c.id, task.c.instance).where(task.c.office == office.id, task.c.state == "open")
        ).first()
    assert opened is not None
    return {
        "letter": office.people["agus"].coverage[0].assignment.hex,
        "person": joko.hex,
        "role": roles["staf"].hex,
        "assignment": assignment.id.hex,
        "task": opened.id.hex,
        "case": opened.instance.hex,
    }
