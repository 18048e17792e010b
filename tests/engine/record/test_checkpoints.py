"""Checkpoints leave the database: into a folder, and by e-mail; what fails is tried again and shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from engine.connectors.email import Email, MailServer
from engine.core import Engine, Sealing
from engine.model.checkpoint import Sink, read_note
from engine.record.checkpoints import bring_due, keep_due
from engine.record.sealing import seal
from engine.storage import checkpoints
from engine.storage.tables import checkpoint_copy
from tests.listening import post
from tests.offices import Office


def kept(office: Office) -> list[checkpoints.Kept]:
    with office.engine.store.reading() as connection:
        return list(checkpoints.listed(connection))


def copies(office: Office, sink: Sink) -> list[Any]:
    with office.engine.store.reading() as connection:
        where = checkpoint_copy.c.sink == sink
        return list(connection.execute(select(checkpoint_copy).where(where).order_by(checkpoint_copy.c.size)))


def grow(office: Office, minutes: float = 0) -> None:
    """Let a case begin and be sealed, some time later."""
    office.clock.move(timedelta(minutes=minutes))
    office.start(knowingly=True)
    seal(office.engine)


def by_mail(engine: Engine, port: int) -> Engine:
    """Give an engine that also sends its checkpoints to an auditor."""
    assert engine.sealing
    server = MailServer(host="127.0.0.1", port=port, sender="alur@example.go.id", security="none")
    return replace(
        engine,
        sealing=replace(engine.sealing, addresses=("inspektorat@example.go.id",)),
        connectors={**engine.connectors, "email": Email(server)},
    )


def test_one_is_kept_every_ten_minutes_not_for_every_sealing(sealed_office: Office) -> None:
    engine = sealed_office.engine
    grow(sealed_office)
    assert keep_due(engine)
    grow(sealed_office, minutes=5)
    assert not keep_due(engine)
    grow(sealed_office, minutes=5)
    assert keep_due(engine)
    assert len(kept(sealed_office)) == 2


def test_the_last_of_a_quiet_day_is_kept_too(sealed_office: Office) -> None:
    grow(sealed_office)
    keep_due(sealed_office.engine)
    grow(sealed_office, minutes=1)
    sealed_office.clock.move(timedelta(minutes=10))
    assert keep_due(sealed_office.engine)
    sealed_office.clock.move(timedelta(minutes=10))
    assert not keep_due(sealed_office.engine)


def test_the_folder_gets_a_copy_that_nobody_writes_over(sealed_office: Office, sealing: Sealing) -> None:
    grow(sealed_office)
    keep_due(sealed_office.engine)
    assert bring_due(sealed_office.engine)
    assert not bring_due(sealed_office.engine)
    assert sealing.folder
    (path,) = sealing.folder.iterdir()
    (only,) = kept(sealed_office)
    assert path.read_text() == only.text
    assert path.name == f"{read_note(only.text).checkpoint.size:012}.txt"
    assert path.stat().st_mode & 0o777 == 0o440


def test_a_folder_with_another_record_is_said_and_tried_again(
    sealed_office: Office, sealing: Sealing
) -> None:
    grow(sealed_office)
    keep_due(sealed_office.engine)
    assert sealing.folder
    sealing.folder.mkdir()
    path = sealing.folder / f"{kept(sealed_office)[0].size:012}.txt"
    path.write_text("another")
    assert bring_due(sealed_office.engine)
    (copy,) = copies(sealed_office, Sink.FOLDER)
    assert "another checkpoint of the same size" in copy.problem
    assert path.read_text() == "another"
    path.unlink()
    assert not bring_due(sealed_office.engine)
    sealed_office.clock.move(timedelta(minutes=1))
    assert bring_due(sealed_office.engine)
    (copy,) = copies(sealed_office, Sink.FOLDER)
    assert (copy.problem, copy.next_try_at) == (None, None)
    assert copy.done_at == sealed_office.clock.now()


def test_a_letter_carries_it_once_a_day(sealed_office: Office) -> None:
    with post() as mail:
        engine = sealed_office.engine = by_mail(sealed_office.engine, mail.port)
        for minutes in (0, 15, 24 * 60):
            grow(sealed_office, minutes=minutes)
            assert keep_due(engine)
            while bring_due(engine):
                pass
        assert len(mail.letters) == 2
        letter = mail.letters[0]
    assert letter["To"] == "inspektorat@example.go.id"
    body = letter.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().replace("\r\n", "\n") == kept(sealed_office)[0].text


def test_a_mail_server_that_is_away_holds_nothing_up(sealed_office: Office) -> None:
    with post() as mail:
        port = mail.port
    engine = sealed_office.engine = by_mail(sealed_office.engine, port)
    grow(sealed_office)
    keep_due(engine)
    while bring_due(engine):
        pass
    (copy,) = copies(sealed_office, Sink.EMAIL)
    assert "cannot be used" in copy.problem
    assert copies(sealed_office, Sink.FOLDER)[0].done_at
    grow(sealed_office)
    assert len(kept(sealed_office)) == 1
    with post() as mail:
        sealed_office.engine = by_mail(engine, mail.port)
        sealed_office.clock.move(timedelta(minutes=2))
        assert bring_due(sealed_office.engine)
        assert len(mail.letters) == 1


def test_a_copy_whose_place_is_no_longer_set_is_given_up(sealed_office: Office) -> None:
    """It is nowhere outside the database: nobody may be told it is."""
    engine = by_mail(sealed_office.engine, 1)
    grow(sealed_office)
    keep_due(engine)
    assert engine.sealing
    engine = replace(engine, sealing=replace(engine.sealing, folder=None, addresses=()))
    while bring_due(engine):
        pass
    for sink in (Sink.FOLDER, Sink.EMAIL):
        (copy,) = copies(sealed_office, sink)
        assert (copy.done_at, copy.next_try_at) == (None, None)
