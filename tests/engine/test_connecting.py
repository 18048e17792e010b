"""A whole SOP through the worker, a real HTTP server and a real SMTP server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import worker
from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from engine.clock import Clock, SetClock
from engine.connectors.email import MailServer
from engine.connectors.registry import Outgoing
from engine.core import Engine
from engine.job_calls import Calls
from engine.model.event import EventKind
from engine.model.job import LEASE
from engine.opening import Places, open_engine
from tests.connecting import WRITTEN
from tests.listening import Post, Web, post, web
from tests.offices import SAMPLES, Office, furnish


@pytest.fixture
def agenda() -> Iterator[Web]:
    with web() as running:
        yield running


@pytest.fixture
def box() -> Iterator[Post]:
    with post() as running:
        yield running


@pytest.fixture
def connected(database: str, tmp_path: Path, agenda: Web, box: Post) -> Iterator[Office]:
    """Open an engine that may call both, as the settings would allow it."""
    mail = MailServer(host="127.0.0.1", port=box.port, sender="alur@example.go.id", security="none")
    outgoing = Outgoing(http_hosts=(agenda.place,), mail=mail)
    places = Places(database=database, blobs=str(tmp_path / "blobs"), sandbox_workers=1, outgoing=outgoing)
    engine: Engine = open_engine(places)
    office = furnish(engine, SetClock(Clock().now()))
    deploy(engine, operator(office.id), read_package(SAMPLES / "surat"))
    stop = threading.Event()
    working = threading.Thread(target=worker.run, args=(engine, stop))
    working.start()
    yield office
    stop.set()
    working.join()
    engine.close()


def opens(office: Office, case: object, element: str) -> None:
    until = time.monotonic() + 120
    while office.open_elements(case) != [element]:  # type: ignore[arg-type]
        assert time.monotonic() < until, office.kinds(case)  # type: ignore[arg-type]
        time.sleep(0.05)


def test_it_is_entered_in_the_agenda_and_sent(connected: Office, agenda: Web, box: Post) -> None:
    case = connected.start(key="surat").instance
    connected.complete(case, "menulis", "joko", WRITTEN | {"agenda": f"http://{agenda.place}/agenda"})
    opens(connected, case, "memeriksa")
    [(method, path, headers, body)] = agenda.asked
    assert (method, path, json.loads(body)) == ("POST", "/agenda", {"perihal": "Rapat"})
    [letter] = box.letters
    assert letter["Subject"] == "Undangan: Rapat"
    assert letter.get_payload().strip() == "Nomor agenda 12"  # type: ignore[union-attr]
    done = [
        json.loads(one.payload or "{}") for one in connected.events(case) if one.kind is EventKind.JOB_DONE
    ]
    assert [headers["Idempotency-Key"], letter["Message-ID"]] == [
        done[0]["job"],
        f"<{done[1]['job']}@example.go.id>",
    ]
    connected.complete(case, "memeriksa", "rina", {})
    assert connected.kinds(case)[-1] == EventKind.CASE_FINISHED


def test_a_refused_address_goes_another_way(connected: Office, agenda: Web, box: Post) -> None:
    written = {"alamat": "nobody@example.go.id", "agenda": f"http://{agenda.place}/agenda"}
    case = connected.start(key="surat").instance
    connected.complete(case, "menulis", "joko", WRITTEN | written)
    opens(connected, case, "menelepon")
    assert box.letters == []


def test_a_worker_killed_in_the_middle_of_a_call_is_followed_by_another(
    database: str, tmp_path: Path, agenda: Web, box: Post
) -> None:
    mail = MailServer(host="127.0.0.1", port=box.port, sender="alur@example.go.id", security="none")
    outgoing = Outgoing(http_hosts=(agenda.place,), mail=mail)
    places = Places(database=database, blobs=str(tmp_path / "blobs"), sandbox_workers=1, outgoing=outgoing)
    clock = SetClock(Clock().now())
    engine = open_engine(places, clock)
    office = furnish(engine, clock)
    deploy(engine, operator(office.id), read_package(SAMPLES / "surat"))
    case = office.start(key="surat").instance
    office.complete(case, "menulis", "joko", WRITTEN | {"agenda": f"http://{agenda.place}/agenda"})
    agenda.hold = threading.Event()
    settings = {
        "ALUR_DATABASE_URL": database,
        "ALUR_DATA_DIR": str(tmp_path / "var"),
        "ALUR_HTTP_HOSTS": agenda.place,
        "ALUR_HTTP_AUTHORIZATION": json.dumps({agenda.place: "Bearer abc"}),
    }
    worker_ = subprocess.Popen([sys.executable, "-m", "webapp.cli", "worker"], env=os.environ | settings)
    try:
        until = time.monotonic() + 120
        while not agenda.asked:
            assert time.monotonic() < until
            time.sleep(0.05)
    finally:
        worker_.kill()
        worker_.wait()
    agenda.hold.set()
    calls = Calls(engine)
    assert calls.do_one() is False  # its lease has not run out
    clock.set(Clock().now() + LEASE)
    assert (calls.do_one(), calls.do_one(), calls.do_one()) == (True, True, False)
    first, second = agenda.asked
    assert first[2]["Idempotency-Key"] == second[2]["Idempotency-Key"]
    assert first[2]["Authorization"] == "Bearer abc"
    assert office.open_elements(case) == ["memeriksa"]
    assert office.kinds(case).count(EventKind.JOB_DONE) == 2
    assert len(box.letters) == 1
    engine.close()
