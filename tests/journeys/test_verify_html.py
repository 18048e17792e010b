"""The check of a bundle as a page: opened from a disk, in a browser that reaches no network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.axe import violations
from tests.engine.record.bundles import VERIFY, erased_bundles, one_bundle, one_proof, verified
from tests.engine.record.tampering import contents_of, packed, resealed, signer_named

PAGE = VERIFY.with_suffix(".html")


@pytest.fixture(scope="module")
def whole(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Make one bundle."""
    return one_bundle(empty_sqlite, tmp_path_factory.mktemp("bundle"))


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    """Open the page as a file; whatever its script complains of, or asks the network for, fails the test."""
    context = browser.new_context(offline=True)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "request", lambda asked: None if asked.url.startswith("file:") else complaints.append(asked.url)
    )
    opened.goto(PAGE.as_uri())
    yield opened
    context.close()
    assert complaints == []


def checked(page: Page, content: bytes, key: str = "") -> str:
    """Give a file to the page, and read what it says of it."""
    page.set_input_files("#bundle", {"name": "bukti.zip", "mimeType": "application/zip", "buffer": content})
    page.fill("#key", key)
    page.locator("button[type=submit]").click()
    result = page.get_by_role("status")
    expect(result).to_be_focused()
    expect(result).not_to_have_class("")
    return result.inner_text()


def test_it_says_of_a_bundle_what_the_program_says(offline: Page, whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bukti.zip"
    path.write_bytes(whole)
    assert checked(offline, whole).split() == verified(path)[1].split()
    offline.get_by_role("button", name="English").click()
    assert offline.get_by_role("status").inner_text().split() == verified(path, "--language", "en")[1].split()


def test_a_changed_byte_is_found(offline: Page, whole: bytes) -> None:
    for at in (10, len(whole) // 3, len(whole) // 2, len(whole) - 300, len(whole) - 1):
        changed = bytearray(whole)
        changed[at] ^= 1
        assert checked(offline, bytes(changed)).startswith("TIDAK UTUH.")
    assert checked(offline, whole[:-30]).startswith("TIDAK UTUH.")
    assert checked(offline, whole + b"\0").startswith("TIDAK UTUH.")
    assert checked(offline, b"Ini surat.").startswith("TIDAK UTUH.")


def test_what_was_rebuilt_with_a_key_is_found_like_the_program_finds_it(
    offline: Page, whole: bytes, tmp_path: Path
) -> None:
    contents = contents_of(whole)
    own = signer_named(contents, tmp_path)
    events, proofs = contents["events.jsonl"], contents["proofs.jsonl"].splitlines(keepends=True)
    consistency = json.loads(contents["consistency.jsonl"])
    process, manifest = contents["versions/2/process.bpmn"], json.loads(contents["manifest.json"])
    told = [json.loads(line) for line in events.splitlines()]
    told[2] |= {"payload": None, "salt": ""}
    emptied = "".join(f"{json.dumps(one)}\n" for one in told).encode()
    for changed in (
        {"documents/3-Arsip izin.pdf": b"%PDF-1.4 another"},
        {"versions/2/process.bpmn": process.replace(b"P2D", b"P9D")},
        {"events.jsonl": events.replace(b'\\"biaya\\":900', b'\\"biaya\\":90', 1)},
        {"events.jsonl": events.replace(b'"seq":3', b'"seq":4', 1)},
        {"events.jsonl": emptied, "manifest.json": json.dumps(manifest | {"erased_events": 1}).encode()},
        {"manifest.json": json.dumps(manifest | {"erased_documents": [3, 1]}).encode()},
        {"proofs.jsonl": b"".join([*proofs[:3], proofs[4], *proofs[4:]])},
        {"consistency.jsonl": json.dumps(consistency | {"path": consistency["path"][::-1]}).encode() + b"\n"},
    ):
        rebuilt = packed(resealed(contents | changed, own))
        path = tmp_path / "bukti.zip"
        path.write_bytes(rebuilt)
        code, said = verified(path)
        assert code == 1
        assert checked(offline, rebuilt).split() == said.split()
    assert checked(offline, packed(resealed(contents, own))).startswith("UTUH")


def test_a_document_put_in_after_an_erasure_is_found(
    offline: Page, empty_sqlite: Path, tmp_path: Path
) -> None:
    sound, forged = erased_bundles(empty_sqlite, tmp_path)
    assert checked(offline, sound).startswith("UTUH")
    assert checked(offline, forged) == "TIDAK UTUH. Dokumen 9 bukan yang dicatat."


@pytest.fixture(scope="module")
def proof(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Make the proof of one event."""
    return one_proof(empty_sqlite, tmp_path_factory.mktemp("proof"))


def test_it_says_of_the_proof_of_an_event_what_the_program_says(
    offline: Page, proof: bytes, tmp_path: Path
) -> None:
    path, sound = tmp_path / "bukti.json", json.loads(proof)
    for change in (
        {},
        {"index": sound["index"] + 1},
        {"event": sound["event"] | {"payload": "{}"}},
        {"case": {"id": "0" * 32}},
        {"checkpoint": sound["checkpoint"].replace("\n", "\n9", 1)},
    ):
        path.write_text(json.dumps(sound | change))
        expected = verified(path, check=VERIFY.with_name("verify_event.py"))[1]
        assert checked(offline, path.read_bytes()).split() == expected.split()


def test_what_is_no_bundle_is_called_so(offline: Page) -> None:
    assert checked(offline, b"Ini surat.") == "TIDAK UTUH. Ini bukan paket bukti, atau dikemas ulang."


def test_what_cannot_be_read_is_not_said_to_be_touched_nor_intact(offline: Page, proof: bytes) -> None:
    parts = json.loads(proof)
    del parts["event"]
    half = parts | {"event": json.loads(proof)["event"] | {"digest": "?"}}
    for content in (b'{"format": 1', json.dumps(parts).encode(), json.dumps(half).encode()):
        assert checked(offline, content).startswith("TIDAK DAPAT DIPERIKSA. Tidak terbaca: ")
        expect(offline.get_by_role("status")).to_have_class("unchecked")
        assert violations(offline) == []
    offline.get_by_role("button", name="English").click()
    expect(offline.get_by_role("status")).to_contain_text("COULD NOT BE CHECKED. It cannot be read: ")


def test_another_key_than_the_one_named_is_refused(offline: Page, whole: bytes) -> None:
    fingerprint = checked(offline, whole).split("Sidik jari kunci: ")[1].split("\n")[0].replace(" ", "")
    assert checked(offline, whole, "b" * 64).startswith("TIDAK UTUH. Ditandatangani dengan kunci lain")
    spaced = " ".join(fingerprint[at : at + 4] for at in range(0, 64, 4)).upper()
    assert checked(offline, whole, spaced).endswith("Itu kunci yang Anda sebut.")


def test_a_browser_that_cannot_check_signatures_says_so(browser: Browser, whole: bytes) -> None:
    context = browser.new_context(offline=True)
    context.add_init_script(
        "SubtleCrypto.prototype.importKey = async () => { throw new DOMException('', 'NotSupportedError') }"
    )
    page = context.new_page()
    page.goto(PAGE.as_uri())
    assert checked(page, whole).startswith("TIDAK DAPAT DIPERIKSA. Peramban")
    context.close()


def test_it_is_usable_by_everybody(offline: Page, whole: bytes) -> None:
    checked(offline, whole)
    assert violations(offline) == []
