"""A bundle changed anywhere is refused: by one byte, or rebuilt with care by somebody without the key."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.record.bundle import verify
from engine.record.bundle.archive import Archive
from engine.record.signing import Signer
from tests.engine.record.bundles import one_bundle, verified
from tests.engine.record.tampering import (
    Contents,
    contents_of,
    listed_again,
    packed,
    resealed,
    signed_again,
    signer_named,
)

# What the check is stopped by; anything else would be a fault of the check itself.
STOPPED = (verify.Wrong, OSError, ValueError, LookupError, TypeError, AttributeError)


@pytest.fixture(scope="module")
def whole(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Make one bundle."""
    return one_bundle(empty_sqlite, tmp_path_factory.mktemp("bundle"))


@pytest.fixture(scope="module")
def contents(whole: bytes) -> Contents:
    """Give its files."""
    return contents_of(whole)


@pytest.fixture(scope="module")
def thief(tmp_path_factory: pytest.TempPathFactory, contents: Contents) -> Signer:
    """Give somebody a key of his own under the record's name."""
    return signer_named(contents, tmp_path_factory.mktemp("thief"))


def why(content: bytes, wanted: list[str] | None = None) -> str:
    """Say why the check stops; it must."""
    with pytest.raises(STOPPED) as stopped:
        verify.check(io.BytesIO(content), wanted)
    return str(stopped.value.args[0])


def structure(whole: bytes) -> Iterator[int]:
    """Give the place of every byte that is of no file but of the archive, and of what is signed."""
    bundle, end = verify.Bundle(io.BytesIO(whole)), 0
    for name, (at, size, _) in bundle.files.items():
        yield from range(end, at)
        if name in ("manifest.sig", "checkpoint.txt", "key.pub"):
            yield from range(at, at + size)
        end = at + size
    yield from range(end, len(whole))


def test_it_is_intact_as_it_was_made(whole: bytes, contents: Contents) -> None:
    assert verify.check(io.BytesIO(whole), None)["events"] == 13
    assert packed(contents) == whole


def test_every_byte_of_the_archive_itself_counts(whole: bytes) -> None:
    passed = [at for at in structure(whole) if _passes(whole, at, whole[at] ^ 1)]
    assert passed == []


def _passes(whole: bytes, at: int, byte: int) -> bool:
    changed = bytearray(whole)
    changed[at] = byte
    try:
        verify.check(io.BytesIO(changed), None)
    except STOPPED:
        return False
    return True


@settings(max_examples=300)
@given(drawn=st.data())
def test_any_byte_anywhere_counts(whole: bytes, drawn: st.DataObject) -> None:
    at = drawn.draw(st.integers(0, len(whole) - 1))
    assert not _passes(whole, at, whole[at] ^ drawn.draw(st.integers(1, 255)))


@settings(max_examples=60)
@given(drawn=st.data())
def test_nothing_can_be_cut_out_or_put_in(whole: bytes, drawn: st.DataObject) -> None:
    at = drawn.draw(st.integers(0, len(whole)))
    more = drawn.draw(st.binary(min_size=1, max_size=40))
    assert why(whole[:at] + more + whole[at:])
    if at:
        assert why(whole[: -at or None] if drawn.draw(st.booleans()) else whole[at:])


@pytest.mark.parametrize("more", [b"\0", b"PK\5\6" + bytes(18), b"PK\3\4"])
def test_nothing_stands_behind_it(whole: bytes, more: bytes) -> None:
    assert why(whole + more) == "archive"


def test_a_name_stands_once(contents: Contents) -> None:
    file = io.BytesIO()
    archive = Archive(file)
    for name, content in (*contents.items(), ("report.pdf", contents["report.pdf"])):
        archive.add(name, content)
    archive.close()
    assert why(file.getvalue()) == "archive"


@pytest.mark.parametrize(
    "name", ["report.pdf", "README.txt", "verify.py", "events.jsonl", "versions/1/process.bpmn"]
)
def test_no_file_can_be_exchanged(contents: Contents, name: str) -> None:
    assert why(packed(contents | {name: b"otherwise"})) == "bytes"
    assert why(packed(listed_again(contents | {name: b"otherwise"}))) == "bytes"


def test_no_file_can_be_left_out_or_added(contents: Contents) -> None:
    left = {name: content for name, content in contents.items() if name != "report.html"}
    assert why(packed(left)) == "missing"
    assert why(packed({"catatan.txt": b"percaya saja"} | contents)) == "unknown"


def _without_an_event(lines: list[bytes]) -> list[bytes]:
    return lines[:4] + lines[5:]


def _without_the_last(lines: list[bytes]) -> list[bytes]:
    return lines[:-1]


def _reordered(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[3], lines[2], *lines[4:]]


@pytest.mark.parametrize("change", [_without_an_event, _without_the_last, _reordered])
def test_events_cannot_be_left_out_or_reordered_even_with_their_proofs(
    contents: Contents, thief: Signer, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    both = {
        name: b"".join(change(contents[name].splitlines(keepends=True)))
        for name in ("events.jsonl", "proofs.jsonl")
    }
    assert why(packed(contents | both)) == "bytes"
    # Whoever has a key of his own signs the list, but not the checkpoint that the office signed.
    assert why(packed(signed_again(contents | both, thief))) == "signature"


def test_a_document_cannot_be_swapped_by_who_signs_the_list(contents: Contents, own: Signer) -> None:
    changed = contents | {"documents/3-Arsip izin.pdf": b"%PDF-1.4 another"}
    assert why(packed(resealed(changed, own))) == "document"


def test_an_sop_cannot_be_swapped_by_who_signs_the_list(contents: Contents, own: Signer) -> None:
    name = "versions/2/process.bpmn"
    changed = contents | {name: contents[name].replace(b"P2D", b"P9D")}
    assert why(packed(resealed(changed, own))) == "version"


def test_an_event_cannot_say_something_else_by_who_signs_the_list(contents: Contents, own: Signer) -> None:
    lines = contents["events.jsonl"]
    for before, after, code in (
        (b'\\"biaya\\":900', b'\\"biaya\\":90', "digest"),
        (b'"kind":"task.opened","at":"2026-11-23T02', b'"kind":"task.opened","at":"2026-11-23T01', "next"),
        (b'"seq":3', b'"seq":4', "next"),
    ):
        assert before in lines
        changed = contents | {"events.jsonl": lines.replace(before, after, 1)}
        assert why(packed(resealed(changed, own))) == code


def test_an_index_or_a_path_cannot_be_made_up_by_who_signs_the_list(contents: Contents, own: Signer) -> None:
    lines = contents["proofs.jsonl"].splitlines(keepends=True)
    other = json.loads(lines[3]) | {"path": json.loads(lines[4])["path"]}
    moved = json.loads(lines[3]) | {"index": json.loads(lines[3])["index"] - 1}
    for made_up, code in ((other, "proof"), (moved, "next")):
        changed = b"".join([*lines[:3], json.dumps(made_up).encode() + b"\n", *lines[4:]])
        assert why(packed(resealed(contents | {"proofs.jsonl": changed}, own))) == code


def test_an_earlier_checkpoint_of_another_record_does_not_fit(contents: Contents, own: Signer) -> None:
    path = json.loads(contents["consistency.jsonl"])
    changed = path | {"path": [*path["path"][1:], path["path"][0]]}
    made_up = contents | {"consistency.jsonl": json.dumps(changed).encode() + b"\n"}
    assert why(packed(resealed(made_up, own))) == "older"


@pytest.fixture(scope="module")
def own(thief: Signer) -> Signer:
    """Give a key that signs everything anew, checkpoints included: as the office's own, lost, would."""
    return thief


def test_all_signed_anew_with_a_foreign_key_is_told_by_its_fingerprint(
    contents: Contents, own: Signer, tmp_path: Path
) -> None:
    path = tmp_path / "bukti.zip"
    path.write_bytes(packed(resealed(contents, own)))
    foreign = own.public.fingerprint
    code, said = verified(path)
    assert code == 0
    assert f"Sidik jari kunci: {foreign}\nBANDINGKAN" in said
    published = hashlib.sha256(verify.keys_in(contents["key.pub"].decode())[0]).hexdigest()
    assert published != foreign
    assert verified(path, "--key", published) == (
        1,
        f"TIDAK UTUH. Ditandatangani dengan kunci lain: {foreign}\n",
    )


def test_what_is_no_bundle_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "surat.txt"
    path.write_text("Ini surat.")
    code, said = verified(path, "--language", "en")
    assert (code, said.split(".")[0]) == (1, "NOT INTACT")
    assert verified(tmp_path / "none.zip")[0] == 1
