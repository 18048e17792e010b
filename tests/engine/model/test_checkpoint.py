"""Checkpoints are written one way, and nothing else is read as one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.model.checkpoint import Checkpoint, PublicKey, key_id, read_note, read_public_key, write_note

NAME = "alur/0192f0c1a3b47c55a1f0d2e3b4c5d6e7"
POINT = Checkpoint(
    origin=NAME, size=28431, root=bytes(range(32)), at=datetime(2026, 11, 23, 2, 0, 5, tzinfo=UTC)
)
KEY = bytes(range(100, 132))
NOTE = write_note(POINT.body(), NAME, KEY, bytes(64))


def test_what_was_written_is_read() -> None:
    note = read_note(NOTE)
    assert (note.checkpoint, note.name, note.key_id, note.signature) == (
        POINT,
        NAME,
        key_id(NAME, KEY),
        bytes(64),
    )


def test_the_body_has_four_lines_as_the_format_says() -> None:
    assert POINT.body().splitlines() == [
        NAME,
        "28431",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "2026-11-23T02:00:05.000000Z",
    ]


@pytest.mark.parametrize(
    "changed",
    [
        NOTE.replace("\n28431\n", "\n028431\n"),
        NOTE.replace("\n28431\n", "\n-1\n"),
        NOTE.replace("05.000000Z", "05Z"),
        NOTE.replace("05.000000Z", "05.000000Z\nmore"),
        NOTE.replace("AAEC", "AAE"),
        NOTE.replace("— ", "- "),
        NOTE[:-1],
        NOTE + "— somebody else\n",
        POINT.body(),
        "",
    ],
)
def test_what_is_written_another_way_is_refused(changed: str) -> None:
    with pytest.raises(ValueError, match="Expected"):
        read_note(changed)


def test_a_public_key_is_a_line_of_a_verifier() -> None:
    key = PublicKey(name=NAME, key=KEY)
    assert read_public_key(key.line + "\n") == key


@pytest.mark.parametrize("line", ["", "a+b", f"{NAME}+00000000+AWRlZg==", f"{NAME}+zz+QUJD"])
def test_what_is_no_public_key_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"Expected|does not have"):
        read_public_key(line)


def test_a_public_key_under_another_id_is_refused() -> None:
    line = PublicKey(name=NAME, key=KEY).line.replace(key_id(NAME, KEY).hex(), "00000000")
    with pytest.raises(ValueError, match="does not have the id"):
        read_public_key(line)
