"""The library's own SOP, changed by replacing text in its files; and what is then said."""

from __future__ import annotations

from pathlib import Path

from engine.actions.deployment import read_package
from engine.bpmn.diff import Side, differences, read_side
from engine.model.difference import Change

PACKAGE = read_package(Path(__file__).parents[4] / "processes" / "penyusunan-dokumen-indikator-kinerja")


def side(*replaced: tuple[str, str], **files: dict[str, str]) -> Side:
    """Read the SOP with texts of its diagram replaced; each must be there."""
    text = PACKAGE.bpmn.decode()
    for old, new in replaced:
        assert old in text, old
        text = text.replace(old, new)
    return read_side(text.encode(), **({"forms": PACKAGE.forms, "notes": PACKAGE.notes} | files))  # type: ignore[arg-type]


def changes(*replaced: tuple[str, str]) -> tuple[Change, ...]:
    """Say what replacing texts changes."""
    return differences(side(), side(*replaced))


def said(*replaced: tuple[str, str]) -> list[str]:
    """Say it in words."""
    return [str(one.sentence) for one in changes(*replaced)]
