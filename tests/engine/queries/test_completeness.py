"""What is missing is found: numbers, years, units, and places in what is counted through."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, text, update

from engine.actions import findings, inquiries, samples
from engine.actions.findings import FindingForm
from engine.actions.inquiries import InquiryForm
from engine.actions.samples import SampleForm
from engine.errors import NotFound
from engine.ids import new_id
from engine.model.event import Scope
from engine.queries.completeness import Completeness, completeness
from engine.queries.completeness_gaps import Counted
from engine.storage.tables import (
    document,
    event,
    finding,
    inquiry,
    instance,
    participant,
    register,
    sample,
    sample_case,
    task,
)
from tests.offices import Office


def looked(office: Office, year: int | None = None) -> Completeness:
    return completeness(office.engine, office.people["agus"], year)


def drop_case(office: Office, case: UUID) -> None:
    """Remove a case as a database administrator could, who takes the triggers away."""
    with office.engine.store.transaction() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        else:
            connection.execute(text("DROP TRIGGER event_kept"))
        connection.execute(delete(event).where(event.c.stream == case))
        for table in (participant, document, task):
            connection.execute(delete(table).where(table.c.instance == case))
        connection.execute(delete(instance).where(instance.c.id == case))


def test_an_office_that_lost_nothing_is_whole(office: Office) -> None:
    office.start()
    office.start(knowingly=True)
    found = looked(office)
    assert found.is_whole
    assert (found.year, found.looked_at, found.gaps) == (2026, 2, ())
    [izin] = found.numbers
    assert (izin.sop, izin.given, izin.cases, izin.missing) == ("Izin Kegiatan", 2, 2, ())


def test_a_case_that_was_removed_leaves_its_number(office: Office) -> None:
    office.start()
    gone = office.start(knowingly=True)
    office.start(knowingly=True)
    drop_case(office, gone.instance)
    found = looked(office)
    assert not found.is_whole
    assert found.numbers[0].missing == (gone.number,)
    assert (found.numbers[0].given, found.numbers[0].cases, found.numbers[0].missing_count) == (3, 2, 1)


def test_an_event_that_is_missing_in_the_middle_or_at_the_end_is_a_gap(office: Office) -> None:
    cases = [office.start(knowingly=True) for _ in range(3)]
    with office.engine.store.transaction() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        else:
            connection.execute(text("DROP TRIGGER event_kept"))
        for case, seq in ((cases[0], 1), (cases[1], 2)):
            connection.execute(delete(event).where(event.c.stream == case.instance, event.c.seq == seq))
    gaps = looked(office).gaps
    assert [(gap.name, gap.expected, gap.found) for gap in gaps] == [
        (cases[0].number, 2, 1),
        (cases[1].number, 2, 1),
    ]
    assert {(gap.scope, gap.of) for gap in gaps} == {(Scope.INSTANCE, Counted.EVENTS)}


def test_an_event_of_the_office_that_is_missing_is_a_gap(office: Office) -> None:
    with office.engine.store.transaction() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        else:
            connection.execute(text("DROP TRIGGER event_kept"))
        connection.execute(delete(event).where(event.c.stream == office.id, event.c.seq == 2))
    [gap] = looked(office).gaps
    assert (gap.scope, gap.subject, gap.expected - gap.found) == (Scope.OFFICE, office.id, 1)


def test_a_year_since_an_sop_is_in_use_without_a_case_about_it_is_named(office: Office) -> None:
    office.start(year=2027)
    office.clock.move(timedelta(days=800))
    [izin] = looked(office).sops
    assert (izin.since, izin.without) == (2026, (2026, 2028, 2029))


def test_units_are_listed_with_what_their_people_started(office: Office) -> None:
    office.start()
    units = looked(office).units
    assert sum(one.cases for one in units) == 1
    assert any(not one.cases for one in units)


def test_the_last_year_is_a_year_of_its_own(office: Office) -> None:
    office.start()
    office.clock.move(timedelta(days=60))
    found = looked(office)
    assert (found.year, found.years, found.looked_at) == (2027, (2027, 2026), 0)
    assert looked(office, 2026).looked_at == 1
    assert looked(office, 1999).year == looked(office, 3000).year == 2027


def test_a_register_without_numbers_that_count_lacks_none(office: Office) -> None:
    office.start()
    with office.engine.store.transaction() as connection:
        connection.execute(update(register).values(last=4))
    assert looked(office).numbers[0].missing_count == 3


@pytest.mark.parametrize("name", ["joko", "budi", "tono"])
def test_it_is_for_who_reads_the_record(office: Office, name: str) -> None:
    with pytest.raises(NotFound):
        completeness(office.engine, office.people[name])


def test_documents_are_counted_too(office: Office) -> None:
    case = office.start()
    office.complete(case.instance, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    assert looked(office).gaps == ()


def test_papers_of_audits_that_are_gone_are_gaps(office: Office) -> None:
    agus = office.people["agus"]
    letter, case = agus.coverage[0].assignment, office.start().instance
    for title in ("Tanpa nomor", "Terlambat"):
        form = FindingForm(title=title, condition="Surat tanpa nomor.", figures="/audit/figures")
        findings.draft(office.engine, agus, letter, form)
    for _ in range(2):
        question = InquiryForm(attempt=new_id(), to=office.people["tono"].person, question="Mengapa?")
        inquiries.ask(office.engine, agus, case, question)
    samples.take(office.engine, agus, letter, SampleForm(title="Uji petik", size=1, seed="1"))
    assert looked(office).gaps == ()
    with office.engine.store.transaction() as connection:
        connection.execute(delete(finding).where(finding.c.number == 2))
        connection.execute(delete(inquiry).where(inquiry.c.number == 1))
        connection.execute(delete(sample_case))
        connection.execute(delete(sample))
    assert [(gap.of, gap.expected, gap.found) for gap in looked(office).gaps] == [
        (Counted.FINDINGS, 2, 1),
        (Counted.INQUIRIES, 2, 1),
        (Counted.SAMPLES, 1, 0),
    ]
