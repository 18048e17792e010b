"""What audits wrote about somebody, and what was looked for, is erased for good; the proof stays."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Table, select, update

from engine.actions import finding_answers as answers
from engine.actions import findings as finding_acts
from engine.actions import samples
from engine.actions.exports import record_workbook
from engine.actions.findings import FindingForm
from engine.actions.office_erasures import erase_of_office
from engine.actions.samples import SampleForm
from engine.errors import Conflict, Invalid, NotFound
from engine.ids import new_id
from engine.model.erasure import ERASED, Erasure
from engine.model.event import EventKind
from engine.queries.erasable_office import ErasableOffice, erasable_of_office
from engine.queries.erasures import erasures
from engine.queries.finding_statements import statements
from engine.queries.findings import finding_page
from engine.queries.samples import sample_page
from engine.storage.tables import event, finding, inquiry, sample, sample_case
from engine.storage.tables import person as person_row
from tests.audits import LETTER, NAME, audit, verified, wrong
from tests.offices import Office


@pytest.fixture
def audited(office: Office, tmp_path: Path) -> Office:
    """Name somebody in everything that an audit writes, and in a search."""
    return audit(office, tmp_path)


def looked_for(office: Office, text: str = NAME.upper()) -> ErasableOffice:
    return erasable_of_office(office.engine, office.people["dewi"], text)


def asked(office: Office) -> Erasure:
    return Erasure(
        events=frozenset(one.seq for one in looked_for(office).entries),
        letter="12/UPTD/2026, 23-11-2026",
        reason="Permintaan pemilik data",
        attempt=new_id(),
    )


def everything(office: Office) -> str:
    """Give every text of the record and of audits."""
    with office.engine.store.reading() as connection:
        texts = [*connection.scalars(select(event.c.payload))]
        for table in (finding, inquiry, sample, sample_case):
            texts += [str(tuple(row)) for row in connection.execute(select(table))]
    return "\n".join(text or "" for text in texts)


def test_what_names_somebody_is_found_and_gone_everywhere(audited: Office) -> None:
    verified(audited)
    kinds = [one.kind for one in looked_for(audited).entries]
    assert kinds == [
        EventKind.RECORD_LISTED,
        EventKind.SAMPLE_CASE_NOTED,
        EventKind.INQUIRY_ANSWERED,
        EventKind.INQUIRY_ASKED,
        EventKind.FINDING_ANSWERED,
        EventKind.FINDING_DELIVERED,
        EventKind.FINDING_DRAFTED,
    ]
    erase_of_office(audited.engine, audited.people["dewi"], asked(audited))
    assert NAME.lower() not in everything(audited).lower()
    assert looked_for(audited).entries == ()
    found = verified(audited)
    assert [str(one.sentence) for one in found.findings.listed] == []
    assert found.erased == 7


def test_pages_say_that_a_text_was_erased_and_keep_the_others(audited: Office) -> None:
    erase_of_office(audited.engine, audited.people["dewi"], asked(audited))
    agus = audited.people["agus"]
    with audited.engine.store.reading() as connection:
        found = connection.execute(select(finding.c.id, finding.c.title, finding.c.condition)).one()
        drawn = connection.scalars(select(sample.c.id)).one()
        said = statements(connection, audited.id, [found.id])
        question = connection.execute(select(inquiry.c.question, inquiry.c.answer)).one()
    assert (found.title, found.condition) == (ERASED, ERASED)  # the event is erased whole
    assert [one.text for one in said] == [ERASED, "Setuju."]
    assert tuple(question) == (ERASED, ERASED)
    noted = sample_page(audited.engine, agus, drawn)
    assert (noted.row.title, noted.cases[0].note) == ("Uji petik", ERASED)
    assert finding_page(audited.engine, agus, found.id).row.answer == "Setuju."


def test_a_form_that_was_open_cannot_bring_a_text_back(audited: Office) -> None:
    agus = audited.people["agus"]
    with audited.engine.store.reading() as connection:
        before = connection.execute(select(finding.c.id, finding.c.revision)).one()
    erase_of_office(audited.engine, audited.people["dewi"], asked(audited))
    with pytest.raises(Conflict, match="changed since"):
        answers.answer(audited.engine, audited.people["putu"], before.id, before.revision, f"{NAME} lagi")
    assert agus.person


def test_it_is_on_record_once_with_what_it_was_about(audited: Office) -> None:
    wanted = asked(audited)
    for _click in range(2):
        erase_of_office(audited.engine, audited.people["dewi"], wanted)
    [told] = [one for one in audited.events(audited.id) if one.kind is EventKind.DATA_ERASED]
    said = json.loads(told.payload or "{}")
    assert said["events"] == sorted(wanted.events)
    assert {"finding", "inquiry", "sample"} <= {name for one in said["about"].values() for name in one}
    [row] = erasures(audited.engine, audited.people["agus"])
    assert (row.case, row.letter, row.entries) == (None, "12/UPTD/2026, 23-11-2026", 7)
    with pytest.raises(Conflict, match="erased already"):
        erase_of_office(audited.engine, audited.people["dewi"], replace(wanted, attempt=new_id()))


def test_nothing_else_of_the_office_can_be_erased(audited: Office) -> None:
    dewi = audited.people["dewi"]
    kept = next(one for one in audited.events(audited.id) if one.kind is EventKind.ROLE_ASSIGNED)
    for events in ({kept.seq}, {99_999}):
        with pytest.raises(NotFound):
            erase_of_office(audited.engine, dewi, replace(asked(audited), events=frozenset(events)))
    with pytest.raises(Invalid):
        erase_of_office(audited.engine, dewi, replace(asked(audited), letter=" "))
    assert looked_for(audited, " ").entries == ()
    for stranger in ("agus", "putu"):
        with pytest.raises(NotFound):
            erase_of_office(audited.engine, audited.people[stranger], asked(audited))
        with pytest.raises(NotFound):
            erasable_of_office(audited.engine, audited.people[stranger], NAME)


def test_a_text_taken_out_without_an_erasure_is_found(audited: Office) -> None:
    verified(audited)
    seq = looked_for(audited).entries[0].seq
    with audited.engine.store.transaction() as connection:
        connection.execute(
            update(event)
            .where(event.c.stream == audited.id, event.c.seq == seq)
            .values(payload=None, salt=None)
        )
    assert verified(audited).findings.total == 1


def test_what_was_looked_for_in_a_table_that_was_taken_away_goes_too(audited: Office) -> None:
    record_workbook(audited.engine, audited.people["agus"], "/audit/cases", {"q": "Budi Santoso"})
    [found] = looked_for(audited, "budi santoso").entries
    assert found.kind is EventKind.RECORD_EXPORTED
    wanted = replace(asked(audited), events=frozenset({found.seq}))
    erase_of_office(audited.engine, audited.people["dewi"], wanted)
    assert "Santoso" not in everything(audited)
    assert verified(audited).findings.total == 0


def of_finding(office: Office) -> tuple[UUID, int]:
    with office.engine.store.reading() as connection:
        found = connection.execute(
            select(finding.c.id, finding.c.revision).order_by(finding.c.number)
        ).first()
    assert found is not None
    return found.id, found.revision


def erase_kind(office: Office, kind: EventKind) -> None:
    """Erase all events of a kind."""
    seqs = frozenset(one.seq for one in office.events(office.id) if one.kind is kind)
    wanted = Erasure(events=seqs, letter="12/U", reason="Permintaan", attempt=new_id())
    erase_of_office(office.engine, office.people["dewi"], wanted)


@pytest.mark.parametrize(
    "kind", [EventKind.FINDING_ANSWERED, EventKind.FINDING_FOLLOWED_UP, EventKind.FINDING_CLOSED]
)
def test_how_far_a_finding_came_is_known_when_what_was_said_is_erased(
    audited: Office, kind: EventKind
) -> None:
    putu, (made, revision) = audited.people["putu"], of_finding(audited)
    answers.follow_up(audited.engine, putu, made, revision, "partly", "Sedang dikerjakan.")
    answers.follow_up(audited.engine, putu, made, revision + 1, "done", f"{NAME} selesai.")
    finding_acts.close(audited.engine, audited.people["agus"], made, revision + 2, "Tuntas.")
    assert wrong(audited) == []
    erase_kind(audited, kind)
    assert wrong(audited) == []
    with audited.engine.store.transaction() as connection:
        connection.execute(update(finding).values(state="delivered"))
    assert "its row says otherwise than the record (state)" in "".join(wrong(audited))


def rewritten(office: Office, **facts: str) -> UUID:
    """Draft a finding, and write its draft anew with other facts."""
    agus = office.people["agus"]
    letter = next(one.assignment for one in agus.coverage if one.number == LETTER)
    parts = dict.fromkeys(("condition", "criteria", "cause", "effect", "recommendation"), "Ada")
    form = FindingForm(title="Dua", figures="/audit/figures?sop=izin", **parts)
    made = finding_acts.draft(office.engine, agus, letter, form)
    finding_acts.change(office.engine, agus, made, 1, replace(form, **facts))
    return made


def test_what_an_erased_change_emptied_is_no_finding(audited: Office) -> None:
    rewritten(audited, condition=f"Surat {NAME}", cause="")
    assert wrong(audited) == []
    erase_of_office(audited.engine, audited.people["dewi"], asked(audited))
    assert wrong(audited) == []


def test_names_in_addresses_of_figures_and_in_seeds_go_too(audited: Office) -> None:
    agus = audited.people["agus"]
    rewritten(audited, figures="/audit/figures?sop=izin\n/audit/figures?sop=izin&role=Siti%20Rahmawati")
    letter = next(one.assignment for one in agus.coverage if one.number == LETTER)
    samples.take(audited.engine, agus, letter, SampleForm(title="Uji", size=1, seed=NAME))
    erase_of_office(audited.engine, audited.people["dewi"], asked(audited))
    assert "rahmawati" not in everything(audited).lower()
    assert wrong(audited) == []


def test_of_papers_of_the_team_only_the_text_itself_is_shown(audited: Office) -> None:
    around = {one.kind: one.around for one in looked_for(audited, "rahmawati").entries}
    assert around[EventKind.FINDING_DRAFTED] == "…Rahmawati…"
    assert around[EventKind.FINDING_DELIVERED] == "Surat Siti Rahmawati tanpa nomor."
    assert around[EventKind.INQUIRY_ASKED] == "…Rahmawati…"


@pytest.mark.parametrize("table", [finding, inquiry, sample_case, person_row])
def test_a_row_that_says_that_its_text_was_erased_though_no_erasure_names_it_is_found(
    audited: Office, table: Table
) -> None:
    column = {"finding": "cause", "inquiry": "question", "sample_case": "note", "person": "name"}[table.name]
    assert wrong(audited) == []
    with audited.engine.store.transaction() as connection:
        connection.execute(update(table).values({column: ERASED}))
    assert f"its row says otherwise than the record ({column})" in "".join(wrong(audited))
