"""Personal data is erased for good, and the proof stays."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from engine.actions import cancellation, documents, inquiries
from engine.actions.erasures import erase
from engine.actions.inquiries import InquiryForm
from engine.clock import SetClock
from engine.core import Engine
from engine.errors import Conflict, Invalid, NotFound
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.model.event import EventKind, first_broken
from engine.opening import Places, open_engine
from engine.queries import case_page
from engine.queries import documents as document_pages
from engine.queries.erasable import erasable
from engine.queries.replay import ReplayAsked, replay
from engine.queries.replay_cases import CasesSought, cases_found
from engine.storage.blobs import StorageFailed
from engine.storage.tables import blob, comment, document, draft, event, instance
from engine.worker import clean_up, remove_unused
from tests.offices import Office, furnish, scan

NAME = "Siti Rahmawati"


@pytest.fixture
def case(office: Office) -> UUID:
    """End a case in which somebody is named."""
    return named_in(office)


def named_in(office: Office) -> UUID:
    """End a case in which somebody is named in a form, a comment, a document and the reason."""
    started = office.start().instance
    task = office.open_task(started, "mengajukan").id
    documents.comment(office.engine, office.people["joko"], task, f"Atas nama {NAME}", new_id())
    upload = scan(f"KTP {NAME}", "x")
    documents.attach(office.engine, office.people["joko"], task, "KTP", upload, new_id())
    office.complete(started, "mengajukan", "joko", {"kegiatan": f"Pelatihan {NAME}"})
    cancellation.cancel(office.engine, office.people["dewi"], started, f"{NAME} menarik permohonan")
    return started


def asked(office: Office, case: UUID, **facts: object) -> Erasure:
    page = erasable(office.engine, office.people["dewi"], case, NAME.upper())
    found = {
        "events": frozenset(one.seq for one in page.entries if one.around),
        "documents": frozenset(one.no for one in page.papers if one.is_found),
        "letter": "12/UPTD/2026, 23-11-2026",
        "reason": "Permintaan pemilik data",
        "attempt": new_id(),
    }
    return Erasure(**(found | facts))


def everything(engine: Engine, case: UUID) -> str:
    """Give every text of the database that belongs to the case."""
    with engine.store.reading() as connection:
        texts = [
            *connection.scalars(select(event.c.payload).where(event.c.stream == case)),
            *connection.scalars(select(comment.c.text).where(comment.c.instance == case)),
            *connection.scalars(select(instance.c.cancel_reason).where(instance.c.id == case)),
            *connection.scalars(select(blob.c.filename)),
            *connection.scalars(select(draft.c.fields)),
        ]
        texts += connection.scalars(select(instance.c.title).where(instance.c.id == case))
    return "\n".join(text or "" for text in texts)


def test_only_what_was_entered_is_looked_through(office: Office, case: UUID) -> None:
    page = erasable(office.engine, office.people["dewi"], case, "roles")  # a name in every payload
    assert [one.around for one in page.entries if one.around] == []
    page = erasable(office.engine, office.people["dewi"], case, "pelatihan")
    assert f"Pelatihan {NAME}" in [one.around for one in page.entries]


def test_what_names_somebody_is_found_and_gone(office: Office, case: UUID) -> None:
    assert everything(office.engine, case).count(NAME) == 6
    erase(office.engine, office.people["dewi"], case, asked(office, case))
    assert NAME not in everything(office.engine, case)
    with office.engine.store.reading() as connection:
        objects = connection.scalars(select(blob.c.object).join(document, document.c.blob == blob.c.id)).all()
    assert objects
    for name in objects:
        with pytest.raises(StorageFailed):
            b"".join(office.engine.blobs.open(name))


@pytest.mark.parametrize("name", ['Siti "Tik" Rahma', "Jalan Melati\nNomor 3", "Siti\\Rahma", "1500000"])
def test_a_text_is_found_as_it_was_entered(office: Office, name: str) -> None:
    started = office.start().instance
    task = office.open_task(started, "mengajukan").id
    documents.comment(office.engine, office.people["joko"], task, f"Atas nama {name}", new_id())
    office.complete(started, "mengajukan", "joko", {"kegiatan": "Pelatihan", "biaya": "900"})
    cancellation.cancel(office.engine, office.people["dewi"], started, "Ditarik")
    found = erasable(office.engine, office.people["dewi"], started, name)
    assert [one.around for one in found.entries if one.around] == [f"Atas nama {name}"]
    assert [
        one.seq
        for one in erasable(office.engine, office.people["dewi"], started, "900").entries
        if one.around
    ]


def test_the_name_of_a_document_goes_with_the_entry_that_added_it(office: Office) -> None:
    started = office.start().instance
    task = office.open_task(started, "mengajukan").id
    joko, dewi = office.people["joko"], office.people["dewi"]
    documents.attach(office.engine, joko, task, f"KTP {NAME}", scan("KTP"), new_id())
    documents.attach(office.engine, joko, task, "Peta", scan("Peta"), new_id())
    office.complete(started, "mengajukan", "joko", {"kegiatan": "Pelatihan"})
    cancellation.cancel(office.engine, dewi, started, "Ditarik")
    erase(office.engine, dewi, started, asked(office, started))
    with office.engine.store.reading() as connection:
        names = connection.scalars(select(document.c.name).where(document.c.instance == started)).all()
    assert "Peta" in names
    assert "#1" in names
    assert NAME not in " ".join(names)
    assert NAME not in repr(case_page.case_page(office.engine, joko, started))


def test_every_document_whose_bytes_are_gone_is_named(office: Office, case: UUID) -> None:
    with office.engine.store.transaction() as connection:  # as where a step leaves behind what was attached
        ours = select(document).where(document.c.instance == case, document.c.blob.is_not(None))
        first = connection.execute(ours).mappings().one()
        again = {**first, "no": 9, "version": 2}
        connection.execute(insert(document).values(again))
    only = asked(office, case, documents=frozenset({first["no"]}))
    erase(office.engine, office.people["dewi"], case, only)
    assert json.loads(office.events(case)[-1].payload or "")["documents"] == [first["no"], 9]


def test_the_chain_holds_and_says_that_something_was_erased(office: Office, case: UUID) -> None:
    wanted = asked(office, case)
    erase(office.engine, office.people["dewi"], case, wanted)
    events = office.events(case)
    with office.engine.store.reading() as connection:
        head = connection.scalar(select(instance.c.chain_head).where(instance.c.id == case))
    assert first_broken(events, head) is None
    assert events[-1].kind is EventKind.DATA_ERASED
    assert events[-1].actor == office.people["dewi"].person
    assert f'"events":{sorted(wanted.events)}'.replace(" ", "") in (events[-1].payload or "")
    assert "12/UPTD/2026" in (events[-1].payload or "")
    assert {one.seq for one in events if one.payload is None} == wanted.events


def test_the_pages_of_the_case_still_open(office: Office, case: UUID) -> None:
    erase(office.engine, office.people["dewi"], case, asked(office, case))
    for name in ("joko", "agus", "dewi"):
        page = case_page.case_page(office.engine, office.people[name], case)
        assert NAME not in repr(page)
    with pytest.raises(NotFound):
        document_pages.document_file(office.engine, office.people["agus"], case, 1)


def test_the_same_press_erases_once_and_another_one_is_told(office: Office, case: UUID) -> None:
    wanted = asked(office, case)
    for _ in range(2):
        erase(office.engine, office.people["dewi"], case, wanted)
    assert office.kinds(case).count("data.erased") == 1
    with pytest.raises(Conflict, match="already"):
        erase(
            office.engine,
            office.people["dewi"],
            case,
            Erasure(events=wanted.events, letter="x", reason="y", attempt=new_id()),
        )


def test_a_running_case_keeps_what_it_needs(office: Office) -> None:
    running = office.start().instance
    wanted = Erasure(events=frozenset({2}), letter="1", reason="x", attempt=new_id())
    with pytest.raises(Conflict, match="still runs"):
        erase(office.engine, office.people["dewi"], running, wanted)
    assert office.kinds(running)[-1] == "attempt.refused"
    assert erasable(office.engine, office.people["dewi"], running).entries == ()


def test_the_title_goes_with_what_began_the_case(office: Office) -> None:
    case = office.start(title=f"Izin {NAME}").instance
    cancellation.cancel(office.engine, office.people["dewi"], case, "Ditarik")
    agus, dewi = office.people["agus"], office.people["dewi"]
    assert cases_found(office.engine, agus, CasesSought(text="Rahmawati")).rows
    erase(office.engine, dewi, case, asked(office, case))
    assert NAME not in everything(office.engine, case)
    with office.engine.store.reading() as connection:
        number, title = connection.execute(
            select(instance.c.number, instance.c.title).where(instance.c.id == case)
        ).one()
    assert title == "Izin Kegiatan"
    assert not cases_found(office.engine, agus, CasesSought(text="Rahmawati")).rows
    assert [one.id for one in cases_found(office.engine, agus, CasesSought(text=number)).rows] == [case]
    assert replay(office.engine, agus, case, ReplayAsked(step=2)).moment.version == 1
    kept = json.loads(office.events(case)[-1].payload or "")["begun"]
    facts = {"number", "year", "key", "version", "state", "trial", "sop", "calendar", "software"}
    assert facts | {"whole"} == set(kept)


@pytest.mark.parametrize("events", [{999}, {3, 999}])
def test_what_is_not_there_cannot_be_erased(office: Office, case: UUID, events: set[int]) -> None:
    before = office.events(case)
    with pytest.raises((Conflict, NotFound)):
        erase(office.engine, office.people["dewi"], case, asked(office, case, events=frozenset(events)))
    assert office.events(case)[: len(before)] == before


@pytest.mark.parametrize(
    "facts",
    [
        {"letter": " "},
        {"letter": "x" * 121},
        {"reason": ""},
        {"events": frozenset(), "documents": frozenset()},
    ],
)
def test_a_demand_without_letter_reason_or_choice_is_refused(
    office: Office, case: UUID, facts: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        erase(office.engine, office.people["dewi"], case, asked(office, case, **facts))
    assert NAME in everything(office.engine, case)


@pytest.mark.parametrize("name", ["joko", "putu", "agus", "budi"])
def test_only_an_administrator_erases(office: Office, case: UUID, name: str) -> None:
    with pytest.raises(NotFound):
        erase(office.engine, office.people[name], case, asked(office, case))
    with pytest.raises(NotFound):
        erasable(office.engine, office.people[name], case)


def test_bytes_that_a_killed_process_left_are_removed_by_the_worker(office: Office, case: UUID) -> None:
    wanted = asked(office, case)
    kept = office.engine.blobs.delete
    try:
        office.engine.blobs.delete = lambda _name: None  # as if it had been killed after the commit
        erase(office.engine, office.people["dewi"], case, wanted)
    finally:
        office.engine.blobs.delete = kept
    office.clock.move(timedelta(days=30))
    assert remove_unused(office.engine) >= 1


def test_neither_the_file_of_the_database_nor_its_log_of_writes_has_it(
    sqlite_database: str, clock: SetClock, tmp_path: Path
) -> None:
    places = Places(database=sqlite_database, blobs=str(tmp_path / "blobs"), sandbox_workers=1)
    engine = open_engine(places, clock)
    try:
        office = furnish(engine, clock)
        case = named_in(office)
        path = Path(engine.store.engine.url.database or "")
        assert NAME.encode() in path.with_name(f"{path.name}-wal").read_bytes()
        erase(engine, office.people["dewi"], case, asked(office, case))
        for file in path.parent.glob(f"{path.name}*"):
            assert NAME.encode() not in file.read_bytes(), file
    finally:
        engine.close()


def test_while_somebody_reads_the_log_of_writes_is_left_to_the_worker(
    sqlite_database: str, clock: SetClock, tmp_path: Path
) -> None:
    places = Places(database=sqlite_database, blobs=str(tmp_path / "blobs"), sandbox_workers=1)
    engine = open_engine(places, clock)
    try:
        office = furnish(engine, clock)
        case = named_in(office)
        wal = Path(f"{engine.store.engine.url.database}-wal")
        with engine.store.reading() as connection:
            connection.execute(select(event.c.seq)).all()
            erase(engine, office.people["dewi"], case, asked(office, case))
            assert NAME.encode() in wal.read_bytes()
        clean_up(engine)
        assert NAME.encode() not in wal.read_bytes()
    finally:
        engine.close()


def test_the_page_warns_of_an_audit_that_is_not_done(office: Office, case: UUID) -> None:
    agus, dewi = office.people["agus"], office.people["dewi"]
    assert not erasable(office.engine, dewi, case).is_audited
    rina = office.people["rina"].person
    asked_by = InquiryForm(attempt=new_id(), to=rina, question="Mengapa ditarik?")
    question = inquiries.ask(office.engine, agus, case, asked_by)
    assert erasable(office.engine, dewi, case).is_audited
    inquiries.answer(office.engine, office.people["rina"], question, "Diminta pemohon.")
    assert not erasable(office.engine, dewi, case).is_audited
