"""The key that signs checkpoints: a file outside the database, made once, readable by its owner only.

It is written as Go's notes write private keys (``PRIVATE+KEY+name+id+base64``). Beside it stands the public
part, a line for every key that ever signed; whoever verifies takes a copy of that to where nobody changes it.
"""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.errors import AlurError, say
from engine.ids import new_id
from engine.model.checkpoint import (
    KEY_ID_BYTES,
    Checkpoint,
    Note,
    PublicKey,
    key_bytes,
    key_id,
    key_text,
    read_public_key,
    write_note,
)

_PRIVATE = "PRIVATE+KEY+"
_FOR_ALL, _FOR_OWNER = 0o644, 0o600


class Signer:
    """Signs checkpoints of one record; its key never leaves it."""

    def __init__(self, name: str, secret: bytes) -> None:
        """Take the record's origin and the 32 bytes of the key."""
        self._private = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = PublicKey(name=name, key=self._private.public_key().public_bytes_raw())

    @property
    def origin(self) -> str:
        """Name the record it signs for."""
        return self.public.name

    def sign(self, checkpoint: Checkpoint) -> str:
        """Give the checkpoint as a signed note."""
        body = checkpoint.body()
        return write_note(body, self.origin, self.public.key, self._private.sign(body.encode()))

    def sign_text(self, context: str, text: str) -> str:
        """Sign a line as a note under another name (origin/context), so that it is no checkpoint."""
        name = f"{self.origin}/{context}"
        body = f"{name}\n{text}\n"
        return write_note(body, name, self.public.key, self._private.sign(body.encode()))


def open_signer(path: Path, origin: str | None) -> Signer:
    """Read the key of the record with that origin; of a record that has none yet (None) it is made.

    A key that is missing, or of another record, is an error: made anew in silence, nobody could tell it
    from somebody else's.
    """
    if origin is None:
        name = f"alur/{new_id().hex}"
        written = _keep(path, _written(name, os.urandom(32)))
    elif path.is_file():
        written = path.read_text("ascii").strip()
    else:
        raise AlurError(
            say("The key that signs checkpoints is missing: expected it in %(path)s.", path=str(path))
        )
    signer = _read(path, written)
    if origin is not None and signer.origin != origin:
        raise AlurError(
            say(
                "The key in %(path)s is of the record %(found)s: expected that of %(expected)s.",
                path=str(path),
                found=signer.origin,
                expected=origin,
            )
        )
    _publish(public_file(path), signer.public)
    return signer


def replace_key(path: Path, origin: str) -> Signer:
    """Make another key for a record; the public part of the old one stays beside it, for what it signed."""
    with suppress(FileNotFoundError):
        path.unlink()
    _keep(path, _written(origin, os.urandom(32)))
    return open_signer(path, origin)


def public_file(path: Path) -> Path:
    """Say where the public part of a key stands."""
    return path.with_suffix(".pub")


def public_keys(path: Path) -> list[PublicKey]:
    """Read a file of public keys, a line each; an error says which line is none."""
    try:
        lines = path.read_text("utf-8").splitlines()
        return [read_public_key(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        sentence = say(
            "The public key cannot be read from %(path)s: %(detail)s", path=str(path), detail=str(error)
        )
        raise AlurError(sentence) from error


def is_signed(note: Note, keys: Iterable[PublicKey]) -> bool:
    """Tell whether one of the keys signed a note."""
    for key in keys:
        if key.name == note.name == note.checkpoint.origin and key.id == note.key_id:
            with suppress(InvalidSignature):
                public = Ed25519PublicKey.from_public_bytes(key.key)
                public.verify(note.signature, note.checkpoint.body().encode())
                return True
    return False


def signed_text(note: str, context: str, keys: Iterable[PublicKey]) -> str | None:
    """Give the line that one of the keys signed as ``Signer.sign_text`` does; None where none did."""
    body, between, signed = note.partition("\n\n")
    told = body.split("\n")
    for key in keys if between and len(told) == 2 else ():  # noqa: PLR2004 - name and line
        name = f"{key.name}/{context}"
        with suppress(InvalidSignature, ValueError):
            raw = base64.b64decode(signed.rpartition(" ")[2].strip(), validate=True)[KEY_ID_BYTES:]
            Ed25519PublicKey.from_public_bytes(key.key).verify(raw, f"{body}\n".encode())
            if told[0] == name and write_note(f"{body}\n", name, key.key, raw) == note:
                return told[1]
    return None


def _written(name: str, secret: bytes) -> str:
    public = Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    return f"{_PRIVATE}{name}+{key_id(name, public).hex()}+{key_text(secret)}"


def _read(path: Path, written: str) -> Signer:
    try:
        name, told, text = written.removeprefix(_PRIVATE).split("+", 2)
        signer = Signer(name, key_bytes(text))
    except ValueError as error:
        sentence = say("%(path)s holds no key that signs checkpoints.", path=str(path))
        raise AlurError(sentence) from error
    if not written.startswith(_PRIVATE) or signer.public.id.hex() != told:
        raise AlurError(say("%(path)s holds no key that signs checkpoints.", path=str(path)))
    return signer


def _keep(path: Path, fresh: str) -> str:
    """Write a secret, whole or not at all; of several processes at once the first one's counts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = _beside(path, fresh, _FOR_OWNER)
    try:
        os.link(written, path)
    except FileExistsError:
        return path.read_text("ascii").strip()
    finally:
        written.unlink()
    return fresh


def _publish(path: Path, key: PublicKey) -> None:
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    if key.line not in lines:
        _beside(path, "\n".join([*lines, key.line, ""]), _FOR_ALL).replace(path)


def _beside(path: Path, text: str, mode: int) -> Path:
    handle, written = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(written).chmod(mode)
    return Path(written)
