"""What can go wrong, in the domain's words.

Every error carries a :class:`Sentence`: an English template (the gettext message id) with its
values apart, so that the web can say it in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

_NO_VALUES: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Sentence:
    """An English template with named ``%(x)s`` places and the values for them."""

    template: str
    values: Mapping[str, Any] = field(default_factory=lambda: _NO_VALUES)

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it go to another process."""
        return _sentence, (self.template, dict(self.values))

    def __str__(self) -> str:
        """Say it in English."""
        return self.template % self.values if self.values else self.template


def _sentence(template: str, values: dict[str, Any]) -> Sentence:
    return Sentence(template, MappingProxyType(values))


def say(template: str, /, **values: Any) -> Sentence:
    """Make a sentence; ``say`` is the keyword by which catalogues find the template."""
    return Sentence(template, MappingProxyType(values) if values else _NO_VALUES)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong with a submission: the field's name as it was submitted, and a sentence."""

    field: str
    label: str
    sentence: Sentence


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing wrong with a diagram or form file."""

    code: str
    element: str
    name: str
    sentence: Sentence


class AlurError(Exception):
    """Base of every error that is meant to be read by the person who caused it."""

    def __init__(self, sentence: Sentence | str) -> None:
        """Keep the sentence for the medium that shows it."""
        self.sentence = sentence if isinstance(sentence, Sentence) else Sentence(sentence)
        super().__init__(str(self.sentence))


class NotFound(AlurError):
    """It does not exist, or not for this person: the two are never told apart."""


class Forbidden(AlurError):
    """The person may see it, but may not do this."""


class Conflict(AlurError):
    """Somebody or something was first. The sentence says who and when, where that is known."""


class NotNow(Conflict):
    """Nothing is wrong with the case: the same can go through later, and is no incident."""


class Busy(NotNow):
    """Others are using all there is of something; the same can be asked for again in a moment."""


class Suspended(NotNow):
    """A version of an SOP is stopped as a whole until an administrator lets it go on."""


class ChangedElsewhere(Conflict):
    """A page does not know what its person typed on another one since."""

    def __init__(self, at: datetime) -> None:
        """Tell when that was saved."""
        self.at = at
        super().__init__(
            say(
                "You changed the draft of this task on another page on %(when)s, unknown to this page.",
                when=at,
            )
        )


class Invalid(AlurError):
    """What was submitted cannot be accepted; nothing was changed."""

    def __init__(self, problems: tuple[Problem, ...], sentence: Sentence | None = None) -> None:
        """Take the problems in the order of the form."""
        self.problems = problems
        super().__init__(sentence or say("%(count)s fields need correcting", count=len(problems)))


class Refused(AlurError):
    """A file that cannot be deployed; every finding is listed."""

    def __init__(self, findings: tuple[Finding, ...], sentence: Sentence | None = None) -> None:
        """Take the findings in the order of the file."""
        self.findings = findings
        super().__init__(sentence or say("The file was refused: %(count)s problems", count=len(findings)))


class StorageFailed(AlurError):
    """The document store is full, broken, or has lost an object; nothing was changed."""


class ArchiveUnreadable(StorageFailed):
    """A file that should hold texts of the record is missing, damaged, changed, or another one.

    ``is_whole_file``: none of its texts can be read, not one alone.
    """

    is_whole_file = True


class ArchivedTextUnreadable(ArchiveUnreadable):
    """A single text of such a file is gone or was changed; others may be as they were."""

    is_whole_file = False


class ArchiveBusy(ArchiveUnreadable):
    """Somebody else holds such a file; the same can be asked for again in a moment."""


class UploadRefused(AlurError):
    """A file that may not be kept; the sentence names it, says why, and what would be accepted."""


class PreviewFailed(AlurError):
    """A page of a document cannot be shown as a picture; the document can still be downloaded."""


class PreviewsBusy(PreviewFailed):
    """Too many pages are being drawn; the same page can be asked for again in a moment."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What is known of a failed step besides its element: enough to look at it later."""

    kind: str = "flow"  # model.incident.IncidentKind
    round: int = 0  # of the element; 0 where it was never entered
    iteration: int = 0
    expression: str = ""  # as the process owner wrote it
    seen: Mapping[str, Any] = field(default_factory=lambda: _NO_VALUES)  # the variables it names
    missing: str = ""  # the variable it names that nobody has set
    timed_out: bool = False


class ProcessFailed(AlurError):
    """A condition or script of the diagram failed; the task stays open."""

    def __init__(self, element: str, name: str, sentence: Sentence, failure: Failure | None = None) -> None:
        """Name the element whose expression failed."""
        self.element = element
        self.name = name
        self.failure = failure or Failure()
        super().__init__(sentence)
