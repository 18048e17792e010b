"""The draft of a revision: what a process owner is changing of an SOP, until it becomes a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class DraftState(StrEnum):
    """Where a draft is in its life."""

    OPEN = "open"
    SUBMITTED = "submitted"  # became a version
    DISCARDED = "discarded"


class Replacing(StrEnum):
    """Why the content of a draft was replaced as a whole."""

    FILE = "file"  # one was uploaded
    TAKEN_OVER = "taken-over"  # what a file had lost came back
    ANSWER = "answer"  # an open question was answered
    RESTORED = "restored"  # an earlier content came back


@dataclass(frozen=True, kw_only=True)
class KeptContent:
    """That a draft had another content before it was replaced, and why."""

    revision: int
    saved_by: UUID
    saved_at: datetime
    why: Replacing  # it was replaced
    file: str  # name of the file that took its place, or the question that was answered; else empty
    title: str  # what it called its SOP; empty where it was kept before that was noted
    steps: int | None  # activities it had


@dataclass(frozen=True, kw_only=True)
class DraftBefore(KeptContent):
    """What a draft was before its content was replaced."""

    bpmn: str
    forms: Mapping[str, str]
    decisions: Mapping[str, str]
    notes: str


@dataclass(frozen=True, kw_only=True)
class ProcessDraft:
    """A draft as it was read. ``revision`` tells whether it is still so."""

    id: UUID
    office: UUID
    process: UUID
    key: str  # of the process
    name: str  # of the process
    base: UUID | None  # the version it began with; None: an SOP that is new
    author: UUID
    created_at: datetime
    revision: int
    saved_by: UUID
    saved_at: datetime
    state: DraftState
    bpmn: str
    forms: Mapping[str, str]  # form key -> form-js JSON
    decisions: Mapping[str, str]  # file name -> DMN
    notes: str
    version: UUID | None  # what it became
