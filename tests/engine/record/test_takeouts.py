"""Large files made by the worker: as good as those made at once, for who asked, gone after a day."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import resource
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import pytest

from engine import temporary
from engine.actions import assignments, takeouts
from engine.actions.cancellation import cancel
from engine.actions.erasures import erase
from engine.actions.offices import operator
from engine.clock import Clock
from engine.errors import Conflict, NotFound
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.model.event import EventKind
from engine.model.event_log import LogFormat, Selection
from engine.model.takeout import KEPT, Takeout, TakeoutState
from engine.queries.takeouts import takeouts_of
from engine.record.event_logs.formats import as_file
from engine.record.event_logs.log import opened_log
from engine.record.takeouts import run, work
from engine.storage import takeouts as rows
from engine.worker import clean_up
from tests.engine.record.bundles import verified, worked_case
from tests.offices import Office, assign, covered

GO_ON = threading.Event()
WHOLE = Selection()


def the_file(office: Office, id_: UUID, who: str = "putu") -> Takeout:
    return next(one for one in takeouts_of(office.engine, office.people[who]) if one.id == id_)


def ask_for_log(office: Office, who: str = "putu", asked: Selection = WHOLE) -> UUID:
    return takeouts.ask_for_log(office.engine, office.people[who], LogFormat.JSONL, asked)


def said(office: Office, kind: EventKind) -> list[dict[str, object]]:
    return [json.loads(one.payload or "") for one in office.events(office.id) if one.kind is kind]


def test_a_bundle_is_what_its_record_says_and_intact(sealed_office: Office, tmp_path: Path) -> None:
    office, putu = sealed_office, sealed_office.people["putu"]
    id_ = takeouts.ask_for_bundle(office.engine, putu, worked_case(office))
    with pytest.raises(NotFound):
        takeouts.hand_out(office.engine, putu, id_)
    assert work(office.engine, GO_ON)
    assert not work(office.engine, GO_ON)
    assert said(office, EventKind.BUNDLE_MADE) == []
    made = takeouts.hand_out(office.engine, putu, id_)
    content = b"".join(office.engine.blobs.open(made.object or ""))
    [told] = said(office, EventKind.BUNDLE_MADE)
    assert (told["sha256"], told["number"]) == (hashlib.sha256(content).hexdigest(), "001/IZ/2026")
    assert (made.filename, made.size) == ("Bukti 001-IZ-2026.zip", len(content))
    path = tmp_path / made.filename
    path.write_bytes(content)
    code, words = verified(path)
    assert code == 0, words


def test_a_log_holds_what_was_chosen_and_each_taking_is_on_record(office: Office) -> None:
    office.start()
    office.start(knowingly=True)
    id_ = ask_for_log(office, asked=Selection(sop="izin", content=False))
    work(office.engine, GO_ON)
    found = the_file(office, id_)
    assert (found.state, found.filename) == (TakeoutState.READY, "alur-izin.jsonl")
    for _ in range(2):
        takeouts.hand_out(office.engine, office.people["putu"], id_)
    lines = b"".join(office.engine.blobs.open(found.object or "")).splitlines()
    assert {json.loads(line)["case"] for line in lines} == {"001/IZ/2026", "002/IZ/2026"}
    assert {json.loads(line)["payload"] for line in lines} == {None}
    told = said(office, EventKind.RECORD_EXPORTED)
    assert [(one["format"], one["sop"], one["cases"]) for one in told] == [("jsonl", "izin", 2)] * 2


def test_a_log_of_cases_that_are_not_ones_own_any_more_is_not_handed_out(office: Office) -> None:
    office.start()
    id_ = ask_for_log(office, "agus")
    work(office.engine, GO_ON)
    agus = office.people["agus"]
    [letter] = agus.coverage
    narrowed = replace(agus, coverage=(replace(letter, sops=(new_id(),)),))
    with pytest.raises(NotFound, match="has changed since this file"):
        takeouts.hand_out(office.engine, narrowed, id_)
    assert said(office, EventKind.RECORD_EXPORTED) == []


def test_cases_begun_meanwhile_do_not_make_up_for_one_that_is_lost(office: Office) -> None:
    cancel(office.engine, office.people["putu"], office.start().instance, "Dobel")
    office.start(knowingly=True)
    id_ = ask_for_log(office, "agus")
    work(office.engine, GO_ON)
    agus = office.people["agus"]
    office.clock.move(timedelta(days=1))
    now = office.clock.now()
    for _ in range(2):
        office.start(knowingly=True)
    [letter] = agus.coverage
    of_both = replace(agus, coverage=(replace(letter, since=now - timedelta(days=9)),))
    takeouts.hand_out(office.engine, of_both, id_)
    of_one = replace(agus, coverage=(replace(letter, since=now),))
    with pytest.raises(NotFound, match="has changed since this file"):
        takeouts.hand_out(office.engine, of_one, id_)
    [told] = said(office, EventKind.RECORD_EXPORTED)
    assert told["cases"] == 2
    assert "held" not in told


def test_a_second_click_asks_for_nothing_more_and_few_are_made_at_once(office: Office) -> None:
    assert ask_for_log(office) == ask_for_log(office)
    ask_for_log(office, asked=Selection(content=False))
    ask_for_log(office, asked=Selection(sop="izin"))
    with pytest.raises(Conflict, match="3"):
        ask_for_log(office, asked=Selection(sop="izin", content=False))
    while work(office.engine, GO_ON):
        pass
    assert ask_for_log(office, asked=Selection(sop="izin", content=False))


def test_nobody_else_gets_it_or_takes_it_away(office: Office) -> None:
    id_ = ask_for_log(office)
    work(office.engine, GO_ON)
    agus = office.people["agus"]
    takeouts.drop(office.engine, agus, id_)
    assert takeouts_of(office.engine, agus) == ()
    with pytest.raises(NotFound):
        takeouts.hand_out(office.engine, agus, id_)
    assert the_file(office, id_).state is TakeoutState.READY
    assert said(office, EventKind.RECORD_EXPORTED) == []


def test_what_a_letter_opened_is_not_handed_out_after_it_ended(office: Office) -> None:
    ready = ask_for_log(office, "agus")
    work(office.engine, GO_ON)
    waiting = ask_for_log(office, "agus")
    letter = office.people["agus"].covers[0].assignment
    assignments.end(office.engine, operator(office.id), letter, "Selesai")
    office.clock.move(timedelta(days=1))
    office.people["agus"] = covered(office, "agus")
    assert not office.people["agus"].covers
    with pytest.raises(NotFound, match="letter"):
        takeouts.hand_out(office.engine, office.people["agus"], ready)
    work(office.engine, GO_ON)
    failed = the_file(office, waiting, "agus")
    assert (failed.state, failed.object) == (TakeoutState.FAILED, None)
    assert "may not read it any more" in str(failed.problem)


def test_a_letter_that_came_after_the_asking_counts_too(office: Office) -> None:
    first = office.people["agus"].covers[0].assignment
    id_ = ask_for_log(office, "agus")
    second = assign(office, "agus", number="700/2/2026")
    work(office.engine, GO_ON)
    assert {*(the_file(office, id_, "agus").letters or ())} == {first, second}
    assignments.end(office.engine, operator(office.id), second, "Selesai")
    office.clock.move(timedelta(days=1))
    office.people["agus"] = covered(office, "agus")
    with pytest.raises(NotFound, match="letter"):
        takeouts.hand_out(office.engine, office.people["agus"], id_)


def test_what_is_dropped_leaves_no_bytes(office: Office) -> None:
    made, waiting = ask_for_log(office), None
    work(office.engine, GO_ON)
    waiting = ask_for_log(office)
    for one in (made, waiting, made):
        takeouts.drop(office.engine, office.people["putu"], one)
    assert not work(office.engine, GO_ON)
    assert takeouts_of(office.engine, office.people["putu"]) == ()
    assert list(office.engine.blobs.list_older_than(Clock().now() + timedelta(days=1))) == []


def test_a_worker_that_is_to_end_leaves_it_to_the_next(office: Office) -> None:
    office.start()
    id_ = ask_for_log(office)
    stop = threading.Event()
    stop.set()
    work(office.engine, stop)
    left = the_file(office, id_)
    assert (left.state, left.tries) == (TakeoutState.MAKING, 0)
    work(office.engine, GO_ON)
    assert the_file(office, id_).state is TakeoutState.READY


def test_what_killed_workers_began_is_begun_anew_and_given_up_at_last(office: Office) -> None:
    ids = [ask_for_log(office), ask_for_log(office, asked=Selection(content=False))]
    for killed in range(3):
        for _ in ids if killed else ids[:1]:
            now = office.clock.now()
            with office.engine.store.transaction() as connection:
                rows.claim(connection, now, now + timedelta(seconds=30))
        assert not work(office.engine, GO_ON) or not killed
        office.clock.move(timedelta(minutes=1))
    while work(office.engine, GO_ON):
        pass
    states = {one.state for one in takeouts_of(office.engine, office.people["putu"])}
    assert states == {TakeoutState.READY, TakeoutState.FAILED}
    [failed] = [one for one in takeouts_of(office.engine, office.people["putu"]) if one.problem]
    assert "3 times" in str(failed.problem)


def test_what_is_missing_is_told(sealed_office: Office) -> None:
    office = sealed_office
    case = worked_case(office)
    for name in list(office.engine.blobs.list_older_than(Clock().now() + timedelta(days=1))):
        office.engine.blobs.delete(name)
    id_ = takeouts.ask_for_bundle(office.engine, office.people["putu"], case)
    work(office.engine, GO_ON)
    assert "missing from the document store" in str(the_file(office, id_).problem)


@contextmanager
def no_room() -> Iterator[None]:
    """Let no file grow meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("form", LogFormat)
def test_where_there_is_no_room_for_a_log_that_is_told(
    office: Office, form: LogFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.start()
    with (
        opened_log(office.engine, office.people["putu"], WHOLE) as log,
        pytest.raises(OSError, match=r"too large|disk") as full,
        no_room(),
    ):
        as_file(form, log)

    number = full.value.errno
    del full
    gc.collect()  # xlsxwriter leaves a half-written archive open, which complains when it goes

    def refused(*_: object) -> BinaryIO:  # the database that is to tell it may be on another disk
        raise OSError(number, "no room")

    monkeypatch.setattr("engine.record.takeouts.as_file", refused)
    id_ = takeouts.ask_for_log(office.engine, office.people["putu"], form, WHOLE)
    work(office.engine, GO_ON)
    assert "no room for this file" in str(the_file(office, id_).problem)


@pytest.mark.parametrize("form", LogFormat)
def test_what_a_killed_process_leaves_of_a_log_is_removed_after_a_day(
    office: Office, form: LogFormat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, left = tmp_path / "written", tmp_path / "left"
    written.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(written))
    office.start()
    with opened_log(office.engine, office.people["putu"], WHOLE) as log:
        log.progress = lambda _done: left.exists() or shutil.copytree(written, left)
        as_file(form, log).close()
    assert [*left.iterdir()]
    assert not [*written.iterdir()]
    (other := left / "alur-backup.tar").touch()
    for one in left.iterdir():
        os.utime(one, (0, 0))
    monkeypatch.setattr(tempfile, "tempdir", str(left))
    clean_up(office.engine)
    assert [*left.iterdir()] == [other]


def test_what_is_being_written_is_not_removed(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with temporary.named_file() as file, temporary.named_folder() as folder:
        clean_up(office.engine)
        assert {Path(file.name), Path(folder)} <= {*tmp_path.iterdir()}


def test_an_erasure_leaves_no_file_that_was_made_before_it(office: Office) -> None:
    case = worked_case(office)
    ask_for_log(office)
    work(office.engine, GO_ON)
    ask_for_log(office, asked=Selection(content=False))
    asked = Erasure(events=frozenset({3}), letter="180/1/2026", reason="Diminta", attempt=new_id())
    erase(office.engine, office.people["dewi"], case, asked)
    assert takeouts_of(office.engine, office.people["putu"]) == ()
    assert not work(office.engine, GO_ON)


def test_it_is_there_for_a_day_and_then_neither_row_nor_bytes(office: Office) -> None:
    office.clock.set(Clock().now())  # files carry the machine's time
    id_ = ask_for_log(office)
    work(office.engine, GO_ON)
    name = the_file(office, id_).object or ""
    office.clock.move(KEPT - timedelta(minutes=1))
    clean_up(office.engine)
    assert b"".join(office.engine.blobs.open(name)) == b""
    office.clock.move(timedelta(minutes=2))
    clean_up(office.engine)
    assert takeouts_of(office.engine, office.people["putu"]) == ()
    assert list(office.engine.blobs.list_older_than(Clock().now() + timedelta(days=1))) == []


def test_the_worker_makes_it_beside_its_loop(office: Office) -> None:
    id_ = ask_for_log(office)
    stop = threading.Event()
    beside = threading.Thread(target=run, args=(replace(office.engine), stop))
    beside.start()
    for _ in range(200):
        if the_file(office, id_).state is TakeoutState.READY:
            break
        stop.wait(0.05)
    stop.set()
    beside.join()
    assert the_file(office, id_).state is TakeoutState.READY
