"""Every event has a page with its proof, which holds by the published format and nothing of ours."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import text

from engine.core import Engine, Sealing
from engine.record.bundle import verify
from engine.record.sealing import seal
from tests import figured
from tests.webapp.audit.test_record import said
from tests.webapp.visitors import Site

PARTS = "scope stream seq kind at actor on_behalf_of attempt element round iteration"


@pytest.fixture
def sealing(site: Site, tmp_path: Path) -> Engine:
    """Give the site's engine a key."""
    return replace(site.engine, sealing=Sealing(key=tmp_path / "seal.key", folder=tmp_path / "checkpoints"))


@pytest.fixture
def case(site: Site) -> UUID:
    """Work some cases; gives one."""
    figured.work(site.office)
    with site.engine.store.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT id FROM instance ORDER BY last_seq DESC LIMIT 1"
        ).scalar_one()
    return UUID(bytes=found)


def check(proof: dict[str, Any]) -> None:
    """Check a proof as docs/record-format.md tells."""
    event = proof["event"]
    digest = bytes.fromhex(event["digest"])
    if event["payload"] is not None:
        assert hashlib.sha256(bytes.fromhex(event["salt"]) + event["payload"].encode()).digest() == digest
    header = "\n".join(str(event[part]) for part in PARTS.split()).encode()
    leaf = hashlib.sha256(b"\0" + header + digest).digest()
    body, _, signature = proof["checkpoint"].partition("\n\n")
    origin, size, root, _at = body.split("\n")
    assert origin == proof["record"]
    climbed = verify.climb(proof["index"], int(size) - 1, leaf, leaf, proof["path"])
    assert climbed is not None
    assert climbed[1] == base64.b64decode(root)
    key = verify.keys_in(proof["key"])[0]
    raw = base64.b64decode(signature.rpartition(" ")[2])[4:]
    Ed25519PublicKey.from_public_bytes(key).verify(raw, f"{body}\n".encode())


def test_the_proof_of_every_event_holds(site: Site, sealing: Engine, case: UUID) -> None:
    seal(sealing)
    visitor = site.visitor("agus")
    last = len(site.office.events(case))
    for no in range(1, last + 1):
        answer = visitor.get(f"/audit/cases/{case.hex}/events/{no}/proof.json")
        assert "attachment" in answer.headers["Content-Disposition"]
        proof = json.loads(answer.data)
        assert proof["event"]["seq"] == no
        check(proof)
    page = visitor.get(f"/audit/cases/{case.hex}/events/2")
    told = json.loads(visitor.get(f"/audit/cases/{case.hex}/events/2/proof.json").data)
    for value in (told["event"]["digest"], *told["path"], told["checkpoint"].split("\n")[0]):
        assert value in page.text
    assert "Kejadian ada dalam catatan seperti saat ditulis" in said(page.text)
    assert visitor.get(f"/audit/cases/{case.hex}/events/{last + 1}").status_code == 404


def test_before_it_is_sealed_the_page_says_so(site: Site, case: UUID) -> None:
    visitor = site.visitor("agus")
    assert "Kejadian ini belum disegel" in said(visitor.get(f"/audit/cases/{case.hex}/events/1").text)
    assert visitor.get(f"/audit/cases/{case.hex}/events/1/proof.json").status_code == 409


def test_what_was_changed_is_said(site: Site, sealing: Engine, case: UUID) -> None:
    seal(sealing)
    with site.engine.store.transaction() as connection:
        connection.execute(text("DROP TRIGGER IF EXISTS event_no_update"))
        for name in connection.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'")
        ).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(
            text("UPDATE event SET payload = '{}' WHERE stream = :case AND seq = 2"), {"case": case.bytes}
        )
    page = said(site.visitor("agus").get(f"/audit/cases/{case.hex}/events/2").text)
    assert "Kejadian ini tidak seperti yang dicatat" in page
    assert "Isinya bukan yang dicatat" in page


def test_a_text_taken_out_by_hand_is_not_shown_as_proved(site: Site, sealing: Engine, case: UUID) -> None:
    seal(sealing)
    with site.engine.store.transaction() as connection:
        connection.execute(
            text("UPDATE event SET payload = NULL, salt = NULL WHERE stream = :case AND seq = 2"),
            {"case": case.bytes},
        )
    page = said(site.visitor("agus").get(f"/audit/cases/{case.hex}/events/2").text)
    assert "Isinya hilang, dan tidak ada catatan bahwa isinya dihapus" in page
    assert "Kejadian ada dalam catatan" not in page


def test_the_parts_of_the_header_are_told_in_words(site: Site, sealing: Engine, case: UUID) -> None:
    seal(sealing)
    page = said(site.visitor("agus").get(f"/audit/cases/{case.hex}/events/1").text)
    for words in ("Siapa yang melakukan", "Joko", "Yang terjadi", "Waktu, menurut UTC"):
        assert words in page


def test_replay_and_history_lead_to_it_for_those_who_read_the_record(site: Site, case: UUID) -> None:
    address = f"/audit/cases/{case.hex}/events/"
    assert f'{address}2"' in site.visitor("agus").get(f"/audit/cases/{case.hex}?step=2").text
    assert f'{address}1"' in site.visitor("agus").get(f"/cases/{case.hex}/history").text
    assert address not in site.visitor("joko").get(f"/cases/{case.hex}/history").text


PRINTED = (
    "/audit/figures?sop=izin",
    "/audit/figures/deviations/late?sop=izin",
    "/audit/figures/rework?sop=izin",
    "/audit/figures/ways?sop=izin",
    "/audit/figures/evaluation?sop=izin",
    "/audit/day",
    "/audit/findings",
    "/audit/samples",
    "/audit/inquiries",
    "/audit/completeness",
    "/audit/cases",
)


def test_what_auditors_print_says_how_far_the_record_was(site: Site, sealing: Engine, case: UUID) -> None:
    size = seal(sealing)
    visitor = site.visitor("agus")
    for address in (*PRINTED, f"/audit/cases/{case.hex}?step=1", f"/audit/cases/{case.hex}/events/1"):
        assert f"Catatan: {size} kejadian, " in said(visitor.get(address).text), address
