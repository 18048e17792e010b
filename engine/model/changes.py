"""What a submission changed: old values by path, for the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_MISSING = object()


def replaced(old: object, new: object, path: str = "") -> dict[str, Any]:
    """Give the old value of everything that was there before and is different now.

    Paths are dotted (``indikator.3.target``). What was empty (None) or is new has no old value and
    is not listed; the new values stand in the submission itself.
    """
    return dict(_walk(old, new, path))


def _walk(old: object, new: object, path: str) -> Iterator[tuple[str, Any]]:
    if old is None or old is _MISSING or old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key, value in old.items():
            yield from _walk(value, new.get(key, _MISSING), f"{path}.{key}" if path else str(key))
    elif isinstance(old, list) and isinstance(new, list):
        for index, value in enumerate(old):
            later = new[index] if index < len(new) else _MISSING
            yield from _walk(value, later, f"{path}.{index}" if path else str(index))
    else:
        yield path, old
