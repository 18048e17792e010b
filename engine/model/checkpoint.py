"""Checkpoints of the record: the root of its tree at a size, as a signed note (docs/record-format.md).

The body is a tlog checkpoint (C2SP) with one extension line, the time of signing; keys of notes are written
as ``name+hexadecimal id+base64`` with 0x01, Ed25519, before the 32 bytes of the key.
"""

from __future__ import annotations

import base64
import hashlib
from binascii import Error as NoBase64
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from engine.model.merkle import HASH_BYTES

KEY_BYTES, SIGNATURE_BYTES, KEY_ID_BYTES = 32, 64, 4
_ED25519 = b"\x01"
_SIGNED_BY = "— "
_SHOWN_DIGITS = 16  # of the root: enough that nobody finds another record with them


def copy_name(size: int) -> str:
    """Name the file of a copy: they sort as the record grew."""
    return f"{size:012}.txt"


class Sink(StrEnum):
    """Where copies of checkpoints are kept outside the database."""

    FOLDER = "folder"
    EMAIL = "email"


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The root over the first ``size`` events of the record that ``origin`` names."""

    origin: str
    size: int
    root: bytes
    at: datetime  # when it was signed

    def body(self) -> str:
        """Write what is signed."""
        at = self.at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n{at}\n"

    @property
    def digits(self) -> str:
        """Give the root in hexadecimal, four digits at a time."""
        return in_fours(self.root)

    def short(self) -> str:
        """Give the first digits of the root, which people can compare by eye."""
        return self.root.hex()[:_SHOWN_DIGITS]


@dataclass(frozen=True, kw_only=True)
class Note:
    """A checkpoint with its signature, not looked at yet."""

    checkpoint: Checkpoint
    name: str  # of the key
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, kw_only=True)
class PublicKey:
    """An Ed25519 key with the name it signs by."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """Give the four bytes by which a signature names its key."""
        return key_id(self.name, self.key)

    @property
    def line(self) -> str:
        """Write it as verifiers of signed notes read it."""
        return f"{self.name}+{self.id.hex()}+{_base64(_ED25519 + self.key)}"

    @property
    def fingerprint(self) -> str:
        """Give SHA-256 of the key in hexadecimal, four digits at a time."""
        return in_fours(hashlib.sha256(self.key).digest())


def in_fours(raw: bytes) -> str:
    """Write bytes in hexadecimal so that people can compare them by eye."""
    return raw.hex(" ", 2)


def key_id(name: str, key: bytes) -> bytes:
    """Give the four bytes that tell an Ed25519 key by its name and its 32 bytes."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + key).digest()[:KEY_ID_BYTES]


def read_public_key(line: str) -> PublicKey:
    """Read what ``PublicKey.line`` wrote; ValueError where it is no such line."""
    name, told, text = _three(line.strip(), "+")
    found = PublicKey(name=name, key=key_bytes(text))
    if found.id.hex() != told:
        raise ValueError(f"The public key of {name} does not have the id {told}.")
    return found


def key_bytes(text: str) -> bytes:
    """Read the base64 of a key, public or private, with the byte that says Ed25519 before it."""
    raw = _bytes(text)
    if raw[:1] != _ED25519 or len(raw) != 1 + KEY_BYTES:
        raise ValueError(f"Expected an Ed25519 key of {KEY_BYTES} bytes, found {len(raw)} bytes.")
    return raw[1:]


def key_text(key: bytes) -> str:
    """Write what ``key_bytes`` reads."""
    return _base64(_ED25519 + key)


def write_note(body: str, name: str, key: bytes, signature: bytes) -> str:
    """Put a signature under a body."""
    return f"{body}\n{_SIGNED_BY}{name} {_base64(key_id(name, key) + signature)}\n"


def read_note(text: str) -> Note:
    """Read a signed note with one signature; ValueError where it is none, or written another way."""
    body, between, signed = text.partition("\n\n")
    body += "\n"
    if not between or not signed.startswith(_SIGNED_BY) or not signed.endswith("\n"):
        raise ValueError("Expected a checkpoint of four lines, an empty line and a line with its signature.")
    name, space, encoded = signed[len(_SIGNED_BY) : -1].rpartition(" ")
    raw = _bytes(encoded)
    if not space or len(raw) != KEY_ID_BYTES + SIGNATURE_BYTES:
        raise ValueError("Expected a signature by Ed25519 under the name of its key.")
    return Note(
        checkpoint=_checkpoint(body), name=name, key_id=raw[:KEY_ID_BYTES], signature=raw[KEY_ID_BYTES:]
    )


def _checkpoint(body: str) -> Checkpoint:
    try:
        origin, size, root, at, _ = body.split("\n")
        found = Checkpoint(origin=origin, size=int(size), root=_bytes(root), at=datetime.fromisoformat(at))
        same = found.body() == body  # one way to write it: nothing can hide in another
    except ValueError as error:
        raise ValueError("Expected a checkpoint: origin, size, root and time, a line each.") from error
    if not same or len(found.root) != HASH_BYTES or found.size < 0:
        raise ValueError("Expected a checkpoint: origin, size, root and time, as Alur writes them.")
    return found


def _three(line: str, mark: str) -> tuple[str, str, str]:
    parts = line.split(mark, 2)
    if len(parts) != 3:  # noqa: PLR2004 - name, id and key
        raise ValueError("Expected a key as name+id+base64.")
    return parts[0], parts[1], parts[2]


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except NoBase64 as error:
        raise ValueError("Expected base64.") from error
