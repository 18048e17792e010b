"""The record: what an event holds, and the arithmetic of its chain.

A payload is hashed as the text that was written, byte for byte. The digest is salted, and the chain covers
only the digest, so that a payload and its salt can be erased and the proof stays. What nobody entered has no
salt; of events written at once only the last keeps its link: those of the others are worked out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

GENESIS = bytes(32)


class Scope(StrEnum):
    """Which kind of stream an event belongs to."""

    INSTANCE = "instance"
    OFFICE = "office"
    LIBRARY = "library"  # one stream per process


class EventKind(StrEnum):
    """What happened, in the past tense."""

    CASE_STARTED = "case.started"
    CASE_FINISHED = "case.finished"
    CASE_CANCELLED = "case.cancelled"
    CASE_ADVANCED = "case.advanced"  # the process moved without opening a task or ending
    CASE_MOVED = "case.moved"  # it goes on by another version of its SOP
    MOVE_UNDONE = "case.move-undone"
    TASK_OPENED = "task.opened"
    TASK_COMPLETED = "task.completed"
    TASK_CANCELLED = "task.cancelled"
    TASK_AMENDED = "task.amended"  # a deviation: what a finished step entered was corrected
    TASK_RETURNED = "task.returned"  # a deviation: the case was sent back to an earlier step
    TASK_CLAIMED = "task.claimed"
    TASK_RELEASED = "task.released"
    TASK_ASSIGNED = "task.assigned"
    TASK_TAKEN_BACK = "task.taken-back"
    TASK_PREPARATION_ASKED = "task.preparation-asked"
    TASK_PREPARATION_ENDED = "task.preparation-ended"
    CLOCK_PAUSED = "clock.paused"
    CLOCK_RESUMED = "clock.resumed"
    DRAFT_SAVED = "draft.saved"
    COMPLETION_WITHDRAWN = "completion.withdrawn"
    DOCUMENT_ADDED = "document.added"
    COMMENT_ADDED = "comment.added"
    DATA_ERASED = "data.erased"  # on legal demand: what events and documents said; their digests stay
    TIMER_FIRED = "timer.fired"
    JOB_QUEUED = "job.queued"
    JOB_TRIED = "job.tried"  # a try failed; there will be another
    JOB_DONE = "job.done"
    JOB_GIVEN_UP = "job.given-up"  # an error event went on from it, or it is dead
    JOB_RETRIED = "job.retried"  # by an administrator
    MESSAGE_UNDELIVERED = "message.undelivered"  # of the case that sent it: nobody took it, and why
    MESSAGE_RECEIVED = "message.received"  # from outside, or from another case; a signal too
    ATTEMPT_REFUSED = "attempt.refused"
    INCIDENT_OPENED = "incident.opened"
    INCIDENT_RETRIED = "incident.retried"
    INCIDENT_CORRECTED = "incident.corrected"
    INCIDENT_SOLVED = "incident.solved"
    VERSION_DEPLOYED = "version.deployed"
    CASES_CHOSEN = "cases.chosen"  # to be moved once a draft is in force
    CASES_MOVE_STARTED = "cases-move.started"  # a batch, of an SOP's open cases
    CASES_MOVE_UNDONE = "cases-move.undone"
    CASE_KEPT = "case.kept"  # to be played through later drafts
    CASE_LET_GO = "case.let-go"
    PROCESS_DRAFT_STARTED = "process-draft.started"
    PROCESS_DRAFT_SAVED = "process-draft.saved"  # by hand, by another person than before, or from a file
    QUESTION_ANSWERED = "question.answered"  # an open question of an SOP, in its draft
    PROCESS_DRAFT_DISCARDED = "process-draft.discarded"
    PROCESS_DRAFT_REHEARSED = (
        "process-draft.rehearsed"  # that it was tried out alone; nothing of what was done
    )
    VERSION_SUBMITTED = "version.submitted"  # to be tried, or to be approved
    VERSION_RETURNED = "version.returned"
    VERSION_APPROVED = "version.approved"
    VERSION_PUT_IN_FORCE = "version.put-in-force"
    VERSION_WITHDRAWN = "version.withdrawn"
    VERSION_REINSTATED = "version.reinstated"  # in force again, after another one had taken its place
    VERSION_ACKNOWLEDGED = "version.acknowledged"  # somebody who works by it has read what changed
    ACKNOWLEDGEMENT_CHANGED = "acknowledgement.changed"  # what becomes of those who have not
    REVIEW_COMMENT_ADDED = "review-comment.added"
    REVIEW_COMMENT_RESOLVED = "review-comment.resolved"
    SUGGESTION_MADE = "suggestion.made"  # about a step, by whoever sees a task of it
    SUGGESTION_ANSWERED = "suggestion.answered"
    SUGGESTION_DONE = "suggestion.done"  # in a draft, or in none after all
    SAMPLE_DRAWN = "sample.drawn"  # at random, by an auditor
    SAMPLE_CASE_NOTED = "sample.case-noted"
    SAMPLE_CONCLUSION_DRAFTED = "sample.conclusion-drafted"  # saved, while cases are still looked at
    SAMPLE_CONCLUDED = "sample.concluded"
    SAMPLE_REVIEWED = "sample.reviewed"  # by another of the team: accepted, or given back
    PERSON_ADDED = "person.added"
    PERSON_CHANGED = "person.changed"
    PASSWORD_LINK_ISSUED = "password-link.issued"  # noqa: S105 - a kind of event, not a secret
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - a kind of event, not a secret
    ROLE_ADDED = "role.added"
    ROLE_ASSIGNED = "role.assigned"
    ROLE_ENDED = "role.ended"
    UNIT_ADDED = "unit.added"
    ASSIGNMENT_ISSUED = "assignment.issued"  # a letter of assignment (surat tugas)
    ASSIGNMENT_CHANGED = "assignment.changed"  # its team or its last day; never what it covers
    ASSIGNMENT_ENDED = "assignment.ended"
    FINDING_DRAFTED = "finding.drafted"  # of an audit; all of a finding stands in the office's stream
    FINDING_CHANGED = "finding.changed"  # in draft
    FINDING_REVIEWED = "finding.reviewed"  # by another of the team than who prepared it
    FINDING_DELIVERED = "finding.delivered"
    FINDING_ANSWERED = "finding.answered"
    FINDING_FOLLOWED_UP = "finding.followed-up"
    FINDING_CLOSED = "finding.closed"
    INQUIRY_ASKED = "inquiry.asked"  # by an auditor, of a person, about a case or one event of it
    INQUIRY_ANSWERED = "inquiry.answered"
    CASE_READ = "case.read"  # by somebody who sees the case only because they supervise
    RECORD_LISTED = "record.listed"  # a list over cases that shows what people did or wrote
    CALENDAR_CHANGED = "calendar.changed"
    SETTINGS_CHANGED = "settings.changed"  # of the program, seen when one of its processes starts
    API_TOKEN_ISSUED = "api-token.issued"  # noqa: S105 - a kind of event, not a secret
    API_TOKEN_REVOKED = "api-token.revoked"  # noqa: S105 - a kind of event, not a secret
    RECORD_EXPORTED = "record.exported"  # taken away: events as a log, or a table as a workbook
    RECORD_ARCHIVED = "record.archived"  # texts of cases that ended are read from an archive file
    ARCHIVE_ABANDONED = "archive.abandoned"  # its file was lost before any text was read from it
    SEAL_KEY_REPLACED = "seal-key.replaced"  # the key that signs checkpoints and evidence
    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    SIGN_IN_REFUSED = "sign-in.refused"
    BUNDLE_MADE = "evidence.taken"  # of a case, to be checked without Alur


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event as stored. ``payload`` is canonical JSON text, or None once erased."""

    stream: UUID
    seq: int  # 1, 2, 3 … without gaps
    scope: Scope
    kind: EventKind
    at: datetime
    actor: UUID | None
    on_behalf_of: UUID | None
    attempt: UUID | None
    element: str | None
    round: int | None
    iteration: int | None
    payload: str | None
    salt: bytes | None  # None where there is nothing to erase, or once it is erased
    digest: bytes
    chain: bytes  # empty but in the last event of an act


SALT_BYTES = 16
_read_json = json.JSONDecoder().raw_decode  # a third less time than loads, for every event that is verified


def payload_digest(payload: bytes, salt: bytes) -> bytes:
    """Salted SHA-256 of the payload's text in UTF-8, as it was written."""
    return hashlib.sha256(salt + payload).digest()


def text_fits(payload: bytes, salt: bytes, digest: bytes) -> bool:
    """Tell whether a text is the one that was recorded."""
    return read_fitting(payload, salt, digest) is not None


def read_fitting(payload: bytes, salt: bytes, digest: bytes) -> dict[str, Any] | None:
    """Read a text where it is the one that was recorded; None of any other.

    Salt and text are hashed as one, so bytes could be moved from one to the other: only one cut leaves a
    salt of its length, or none, and a text that is one whole JSON object, with nothing around it.
    """
    if len(salt) not in {0, SALT_BYTES} or payload_digest(payload, salt) != digest:
        return None
    try:
        text = payload.decode()
        said, end = _read_json(text)
    except (ValueError, RecursionError):  # nested too deep for any reader: Alur wrote no such text
        return None
    return said if isinstance(said, dict) and end == len(text) else None


def chain_link(previous: bytes, header: bytes, digest: bytes) -> bytes:
    """One link: SHA-256 over the link before, everything but the payload, and the payload's digest."""
    return hashlib.sha256(previous + header + digest).digest()


def event_header(  # noqa: PLR0913 - an event has this many facts
    *,
    scope: Scope,
    stream: UUID,
    seq: int,
    kind: str,
    at: datetime,
    actor: UUID | None,
    on_behalf_of: UUID | None,
    attempt: UUID | None,
    element: str | None,
    round_: int | None,
    iteration: int | None,
) -> bytes:
    """Everything of an event but its payload, as the chain covers it: fields joined by newlines.

    ``at`` is UTC with microseconds; an absent value is an empty line. ``kind`` is any text: what an altered
    record says must be hashed as well, to be found.
    """
    at_text = at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    parts = (
        scope.value,
        stream.hex,
        str(seq),
        kind,
        at_text,
        actor.hex if actor else "",
        on_behalf_of.hex if on_behalf_of else "",
        attempt.hex if attempt else "",
        element or "",
        "" if round_ is None else str(round_),
        "" if iteration is None else str(iteration),
    )
    return "\n".join(parts).encode()


def header_of(event: Event) -> bytes:
    """Give the header of an event as it stands."""
    return event_header(
        scope=event.scope,
        stream=event.stream,
        seq=event.seq,
        kind=event.kind,
        at=event.at,
        actor=event.actor,
        on_behalf_of=event.on_behalf_of,
        attempt=event.attempt,
        element=event.element,
        round_=event.round,
        iteration=event.iteration,
    )


def first_broken(events: Sequence[Event], head: bytes) -> Event | None:
    """Find the first event of a whole stream whose payload or link does not fit; None where all do.

    ``head`` is the last link as it is kept with the stream's subject. Links that are not kept are worked out:
    what breaks between two that are shows at the later one.
    """
    link = GENESIS
    for event in events:
        payload = event.payload
        if payload is not None and not text_fits(payload.encode(), event.salt or b"", event.digest):
            return event
        link = chain_link(link, header_of(event), event.digest)
        if event.chain and event.chain != link:
            return event
    return events[-1] if events and link != head else None
