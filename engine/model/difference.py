"""What is different between two contents of an SOP, change by change and in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.errors import Sentence


class ChangeKind(StrEnum):
    """What happened to the thing a change is about."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"  # another lane, another subprocess, another place in an order


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One line of what is new or gone: "Output: Berita acara"."""

    what: Sentence
    value: Sentence


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference. ``sentence`` says all; ``what``, ``before`` and ``after`` are its parts in a table.

    ``before`` and ``after`` are None where there is nothing to show on that side.
    """

    kind: ChangeKind
    aspect: str  # flow, lane, name, activity, time, field, needed, output, header …: ``engine.bpmn.diff``
    element: str  # id in the new diagram; of what is gone, in the old one. Empty for the SOP as a whole
    name: str
    sentence: Sentence
    what: Sentence
    role: str = ""  # key of the role whose work it is; empty for the SOP as a whole
    from_role: str = ""  # where the work was another role's before
    before: Sentence | None = None
    after: Sentence | None = None
    was: str = ""  # id in the old diagram, where it is another than ``element``
    form: str = ""  # key
    field: str = ""  # key; columns of a list as ``list.column``
    details: tuple[Detail, ...] = ()  # what it carries, where it is new or gone
    # Under which step or element people look for it: its name, its row of the SOP's table where it has one,
    # and ``what`` without that name.
    at: str = ""
    row: int | None = None
    brief: Sentence | None = None


class WorkVerdict(StrEnum):
    """What a difference means for a role."""

    MORE = "more"
    LESS = "less"
    OTHER = "other"  # other work, or more of one thing and less of another
    SAME = "same"


@dataclass(frozen=True, kw_only=True)
class SpentTime:
    """Standard times added up; days and minutes are never converted into each other."""

    days: int = 0  # working days
    minutes: int = 0  # working time


@dataclass(frozen=True, kw_only=True)
class RoleWork:
    """What becomes of the work of one role. Steps are element ids."""

    role: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    changed: tuple[str, ...]
    before: SpentTime
    after: SpentTime
    verdict: WorkVerdict
    sentence: Sentence
