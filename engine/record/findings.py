"""What a check of the record found wrong: which case, which event, and what, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import Sentence, say
from engine.model.event import Scope
from engine.storage.record_subjects import Subject

_MOST = 1_000  # that are listed; a record of which nothing is right has millions


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """One finding. ``code`` names the kind; ``subject`` is a case's number, or the key of office or SOP."""

    code: str
    sentence: Sentence
    subject: str | None = None
    seq: int | None = None
    index: int | None = None

    def to_json(self) -> Mapping[str, Any]:
        """Give it as a script takes it."""
        facts = {"code": self.code, "subject": self.subject, "seq": self.seq, "index": self.index}
        return {**facts, "message": str(self.sentence)}


class Findings:
    """Collects findings; lists the first thousand and counts all."""

    def __init__(self) -> None:
        """Begin with none."""
        self.listed: list[Wrong] = []
        self.counted: Counter[str] = Counter()
        self.first_index: int | None = None  # the lowest that a finding is about; before it nothing is wrong

    def add(self, wrong: Wrong) -> None:
        """Take one more."""
        self.counted[wrong.code] += 1
        if wrong.index is not None and (self.first_index is None or wrong.index < self.first_index):
            self.first_index = wrong.index
        if len(self.listed) < _MOST:
            self.listed.append(wrong)

    @property
    def total(self) -> int:
        """Count them all."""
        return self.counted.total()


def named(subject: Subject | None, stream: bytes) -> Sentence:
    """Name a stream as people know it."""
    if subject is None:
        return say("the stream %(id)s, which belongs to nothing", id=stream.hex())
    if subject.scope is Scope.INSTANCE:
        return say("case %(number)s", number=subject.name)
    if subject.scope is Scope.OFFICE:
        return say("office %(key)s", key=subject.name)
    return say("SOP %(key)s", key=subject.name)
