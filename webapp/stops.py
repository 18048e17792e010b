"""What stands still, in words: where, and since when; for the drawings of a case and of an incident."""

from __future__ import annotations

from datetime import datetime

from engine.model.definition import Definition
from webapp import wording
from webapp.language import gettext


def named(definition: Definition, element: str, name: str = "") -> str:
    """Name an element as the file has it, else by its id."""
    return name or definition.name_of(element) or element


def since_words(since: datetime) -> str:
    """Say since when something stands still, for the mark on the diagram."""
    return gettext("stopped since %(when)s", when=wording.moment_short(since))
