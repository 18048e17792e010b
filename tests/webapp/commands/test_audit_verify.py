"""``alur audit verify`` and ``new-key``, as an operator and an auditor call them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text, update

from engine.clock import SetClock
from engine.model.checkpoint import read_public_key
from engine.opening import open_engine
from engine.record.checkpoints import bring_due, keep_due
from engine.record.sealing import seal
from engine.record.signing import public_keys
from engine.storage import seals
from engine.storage.tables import event
from tests.offices import Office, furnish
from webapp.cli import main
from webapp.commands.opening import places
from webapp.settings import Settings


def alur(*arguments: str) -> Result:
    return CliRunner().invoke(main, ("audit", *arguments))


@pytest.fixture
def office(
    empty_sqlite: Path, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """Furnish an office whose record is sealed, as the settings say."""
    for name in [name for name in os.environ if name.startswith("ALUR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ALUR_DATA_DIR", str(tmp_path))
    shutil.copyfile(empty_sqlite, tmp_path / "alur.db")
    engine = open_engine(places(Settings()), clock)
    furnished = furnish(engine, clock)
    furnished.start()
    seal(engine)
    keep_due(engine)
    bring_due(engine)
    yield furnished
    engine.close()


def test_a_record_as_it_was_written_ends_well(office: Office) -> None:
    done = alur("verify")
    assert office.id
    assert done.exit_code == 0
    assert done.output.splitlines()[-1] == "Nothing is wrong."
    assert "3 checkpoints fit: of 2 in the database and 1 outside of it." in done.output


def test_what_was_changed_is_named_and_the_exit_code_says_so(office: Office) -> None:
    with office.engine.store.transaction() as connection:
        connection.execute(text("DROP TRIGGER event_fixed"))
        connection.execute(update(event).where(event.c.kind == "case.started").values(payload="{}"))
    done = alur("verify")
    assert done.exit_code == 1
    assert "- case 001/IZ/2026, event 1: what it says (case.started) is not what was recorded" in done.output
    found = json.loads(alur("verify", "--json", "--no-documents").output)
    assert (found["ok"], found["wrong"], found["document_bytes"]) == (False, 1, 0)
    assert {key: found["findings"][0][key] for key in ("code", "subject", "seq")} == {
        "code": "payload",
        "subject": "001/IZ/2026",
        "seq": 1,
    }


def test_an_auditor_brings_key_and_checkpoints(office: Office, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(tmp_path / "checkpoints", mine)
    key = shutil.copyfile(tmp_path / "seal.pub", tmp_path / "auditor.pub")
    assert alur("new-key", "--yes").exit_code == 0
    last = office.events(office.id)[-1]
    prints = [one.fingerprint for one in public_keys(tmp_path / "seal.pub")]
    assert (last.kind, last.actor) == ("seal-key.replaced", None)
    said = json.loads(last.payload or "")
    assert [said["old"], said["new"]] == prints
    with office.engine.store.reading() as connection:
        signed = seals.tree_of(connection)
        assert signed is not None
        assert read_public_key(signed.key).fingerprint == prints[1]
        assert seals.waiting(connection) == 0
    office.start(knowingly=True)
    seal(office.engine)
    assert alur("verify").exit_code == 0
    with_old_key = alur("verify", "--checkpoints", str(mine), "--key", str(key))
    assert with_old_key.exit_code == 1
    assert (
        "The newest checkpoint in the database was not signed by the key of this record."
        in with_old_key.output
    )
