"""Bundles changed with care: their files taken out, changed, listed, signed and packed again."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

from engine.model.checkpoint import read_note
from engine.record.bundle import verify
from engine.record.bundle.archive import Archive
from engine.record.signing import Signer, open_signer

Contents = dict[str, bytes]


def contents_of(whole: bytes) -> Contents:
    """Give the files of a bundle."""
    bundle = verify.Bundle(io.BytesIO(whole))
    return {name: bundle.read(name) for name in bundle.files}


def signer_named(contents: Contents, folder: Path) -> Signer:
    """Make a key of somebody else, under the name of a bundle's record."""
    other = open_signer(folder / "seal.key", None)
    return Signer(json.loads(contents["manifest.json"])["record"], other._private.private_bytes_raw())


def packed(contents: Contents) -> bytes:
    """Write an archive as Alur does."""
    file = io.BytesIO()
    archive = Archive(file)
    for name, content in contents.items():
        archive.add(name, content)
    archive.close()
    return file.getvalue()


def listed_again(contents: Contents) -> Contents:
    """Write the list of all files anew, as anybody can who has no key."""
    manifest = json.loads(contents["manifest.json"])
    manifest["files"] = [
        {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in contents.items()
        if name not in verify.LAST
    ]
    return contents | {"manifest.json": json.dumps(manifest).encode()}


def signed_again(contents: Contents, signer: Signer) -> Contents:
    """Sign the list of all files with a key that is put in the bundle as well."""
    whole = listed_again(contents | {"key.pub": f"{signer.public.line}\n".encode()})
    digest = hashlib.sha256(whole["manifest.json"]).hexdigest()
    return whole | {"manifest.sig": signer.sign_text("bundle", digest).encode()}


def resealed(contents: Contents, signer: Signer) -> Contents:
    """Sign checkpoints and list with one key, everything else as it is."""
    notes = {
        name: _note_again(content, signer)
        for name, content in contents.items()
        if name == "checkpoint.txt" or name.startswith("checkpoints/")
    }
    return signed_again(contents | notes, signer)


def _note_again(note: bytes, signer: Signer) -> bytes:
    return signer.sign(read_note(note.decode()).checkpoint).encode()
