"""What the server knows when a form is filled or submitted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from engine.forms.fields import Field, Option

_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class FormContext:
    """The surroundings of one form: its moment, its case, and the options the server supplies.

    ``now`` is aware and in the office's zone. ``options`` are by source ("people", "units",
    "people:kasub"). ``staged`` are blob ids (hex) by field. ``variables`` are the case's data:
    shared variables, and what steps submitted under their element ids.
    """

    now: datetime
    is_workday: Callable[[date], bool]
    options: Mapping[str, Sequence[Option]] = field(default_factory=lambda: _NONE)
    staged: Mapping[str, Sequence[str]] = field(default_factory=lambda: _NONE)
    variables: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    again: Mapping[str, Any] = field(default_factory=lambda: _NONE)  # what the step had, to be done again
    case_year: int | None = None
    round: int = 1
    arrived: date | None = None  # day on which the task arrived, in the office's zone
    me: str = ""  # person (hex) who fills the form

    @property
    def today(self) -> date:
        """The day in the office's zone."""
        return self.now.date()

    def options_of(self, source: Field) -> Sequence[Option]:
        """Give a field's options, its own or the server's."""
        return self.options.get(source.source, ()) if source.source else source.options
