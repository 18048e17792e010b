"""What an act was decided by: digests of SOP version, form and calendar, for the first event of the act."""

from __future__ import annotations

from engine.core import Engine
from engine.forms.definition import FormDefinition
from engine.storage.events import Basis
from engine.storage.versions import Version

_DIGITS = 32  # of the digest in hex: 16 bytes name a content among all there will ever be


def basis_of(engine: Engine, version: Version, form: FormDefinition | None = None) -> Basis:
    """Give the digests as they stand now: replay finds the same SOP, form and calendar by them."""
    named = {"sop": version.digest}
    if form is not None:
        named["form"] = form.digest
    named["calendar"] = engine.calendar_of(version.office).digest
    return {name: shortened(digest) for name, digest in named.items()}


def shortened(digest: bytes) -> str:
    """Give a digest as the basis of an act names it."""
    return digest.hex()[:_DIGITS]
