"""Keys made of names: an SOP's, its name in addresses and folders; a form's, by which steps name it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from itertools import count

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_LONGEST = 60
# Beside ``/library/<key>`` these addresses mean something else.
RESERVED = frozenset({"new"})


def is_key(text: str) -> bool:
    """Tell whether a new SOP may have this key."""
    return len(text) <= _LONGEST and _KEY.fullmatch(text) is not None and text not in RESERVED


def proposed_key(name: str) -> str:
    """Make a key of a name: small letters without accents, hyphens between; empty where none are left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")


def proposed_name(title: str, taken: Container[str]) -> str:
    """Make a free word of a title that files and expressions can use; empty where none is left."""
    name = proposed_key(title).replace("-", "_")
    if not name or name not in taken:
        return name
    return next(f"{name}_{number}" for number in count(2) if f"{name}_{number}" not in taken)


def initials(name: str) -> str:
    """Give the first letters of a name's words, as offices shorten them in numbers: PDIK."""
    words = re.findall(r"[A-Za-z0-9]+", proposed_key(name))
    return "".join(word[0] for word in words)[:8].upper() or "SOP"
