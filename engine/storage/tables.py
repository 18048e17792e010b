"""Every table. Expand only: columns are added, never renamed or dropped, within a major version.

Rows of an office carry it. Identity is UUIDv7 in 16 bytes; instants are UTC: microseconds since
1970 on SQLite (which would drop an offset), ``timestamptz`` on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from engine.storage.packing import PackedText

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# Sorts after every due time; stands for "no due time" in the inbox's key.
NO_DUE = datetime(9999, 1, 1, tzinfo=UTC)
# Stands in that key once a task is completed: nothing is sorted by it any more, and a zero takes no byte.
CLOSED = _EPOCH


_Processor = Callable[[Any], Any] | None


class Identity(TypeDecorator[UUID]):
    """A UUID: 16 bytes on SQLite, ``uuid`` on PostgreSQL."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Pick the column type of the database."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID(as_uuid=True))
        return dialect.type_descriptor(LargeBinary(16))

    # SQLite's processors are given as they are, without the decorator's layers around each value:
    # a completion sends and reads a hundred of them.
    def bind_processor(self, dialect: Dialect) -> _Processor:
        """Convert on the way in."""
        return super().bind_processor(dialect) if dialect.name == "postgresql" else _bytes_of

    def result_processor(self, dialect: Dialect, coltype: object) -> _Processor:
        """Convert on the way out."""
        return super().result_processor(dialect, coltype) if dialect.name == "postgresql" else _uuid_of


def _bytes_of(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def _uuid_of(value: bytes | None) -> UUID | None:
    return None if value is None else UUID(bytes=value)


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC. Naive values are refused on the way in."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Pick the column type of the database."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def bind_processor(self, dialect: Dialect) -> _Processor:
        """Convert on the way in."""
        return _aware if dialect.name == "postgresql" else _microseconds_of

    def result_processor(self, dialect: Dialect, coltype: object) -> _Processor:  # noqa: ARG002 - SQLAlchemy's
        """Convert on the way out."""
        return _in_utc if dialect.name == "postgresql" else _instant_of


def _aware(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        msg = f"expected an aware datetime, found {value!r}"
        raise ValueError(msg)
    return value


def _in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def _microseconds_of(value: datetime | None) -> int | None:
    aware = _aware(value)
    return None if aware is None else (aware - _EPOCH) // _MICROSECOND


def _instant_of(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(microseconds=value)


metadata = MetaData()


def _table(name: str, *columns: Any, compact: bool = False) -> Table:
    """Make a table; ``compact`` ones have no rowid on SQLite, so the key is stored once."""
    return Table(name, metadata, *columns, sqlite_with_rowid=not compact)


def _id(name: str = "id", **kw: Any) -> Column[UUID]:
    return Column(name, Identity, primary_key=True, **kw)


# -- the office and its people ---------------------------------------------------------------

office = _table(
    "office",
    _id(),
    Column("parent", Identity, ForeignKey("office.id")),  # a unit (bidang, sekretariat) of an office
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False, default=0),  # order in lists of units
    Column("zone", Text, nullable=False, default="Asia/Jakarta"),
    Column("stream_seq", Integer, nullable=False, default=0),
    Column("stream_head", LargeBinary, nullable=False, default=bytes(32)),
)

person = _table(
    "person",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("unit", Identity, ForeignKey("office.id")),
    Column("sign_in_name", Text, nullable=False, unique=True),
    Column("nip", Text, unique=True),
    Column("name", Text, nullable=False),
    Column("post", Text, nullable=False, default=""),  # jabatan, as shown
    Column("password_hash", Text),  # None until the one-time link was used
    Column("language", Text, nullable=False, default="id"),
    Column("active", Boolean, nullable=False, default=True),
    Column("demo", Boolean, nullable=False, default=False),
    Column("created_at", Instant, nullable=False),
)

role = _table(
    "role",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("key", Text, nullable=False),  # what a lane names by sop:role
    Column("label", Text, nullable=False),  # Kasub
    Column("name", Text, nullable=False),  # Kasubbag Penyusunan Program
    Column("kind", Text, nullable=False),  # RoleKind
    Column("position", Integer, nullable=False, default=0),
    UniqueConstraint("office", "key"),
)

role_assignment = _table(
    "role_assignment",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("role", Identity, ForeignKey("role.id"), nullable=False),
    Column("person", Identity, ForeignKey("person.id"), nullable=False),
    Column("standing", Text, nullable=False),  # Standing
    Column("since", Date, nullable=False),  # first day, in the office's zone
    Column("until", Date),  # last day; None is open-ended
    Column("letter", Text, nullable=False, default=""),
)
Index("ix_role_assignment_person", role_assignment.c.person)
Index("ix_role_assignment_role", role_assignment.c.role)

# Letters of assignment (surat tugas). What one covers is never changed: another letter takes its place.
audit_assignment = _table(
    "audit_assignment",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("number", Text, nullable=False),
    Column("dated", Date, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("valid_from", Date, nullable=False),  # first day, in the office's zone
    Column("valid_until", Date, nullable=False),  # last day
    Column("cases_from", Date),  # cases that were alive in these days
    Column("cases_until", Date),
    Column("units", Text, nullable=False),  # JSON: ids; none is the whole office
    Column("sops", Text, nullable=False),  # JSON: ids of processes; none is all of them
    Column("end_reason", Text),  # of one that was ended before its last day
    UniqueConstraint("office", "number"),
)
audit_member = _table(
    "audit_member",
    Column("assignment", Identity, ForeignKey("audit_assignment.id"), primary_key=True),
    Column("person", Identity, ForeignKey("person.id"), primary_key=True),
    Column("head", Boolean, nullable=False),
    # Last day: the letter's, or earlier for who has left the team. Here too, so that who asks is found by it.
    Column("until", Date, nullable=False),
    compact=True,
)
Index("ix_audit_member_person", audit_member.c.person, audit_member.c.until)

# Findings of audits. Nothing of one is deleted; the record has what a draft was before it was changed.
finding = _table(
    "finding",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("assignment", Identity, ForeignKey("audit_assignment.id"), nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 … in the office
    Column("revision", Integer, nullable=False),  # compare-and-set: every change adds one
    Column("state", Text, nullable=False),  # FindingState
    Column("title", Text, nullable=False),
    Column("condition", Text, nullable=False),
    Column("criteria", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("effect", Text, nullable=False),
    Column("recommendation", Text, nullable=False),
    Column("figures", Text, nullable=False),  # JSON: addresses of pages of figures
    Column("prepared_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("prepared_at", Instant, nullable=False),  # or changed last
    Column("reviewed_by", Identity, ForeignKey("person.id")),
    Column("reviewed_at", Instant),
    Column("delivered_by", Identity, ForeignKey("person.id")),
    Column("delivered_at", Instant),
    Column("answer", Text),
    Column("answered_by", Identity, ForeignKey("person.id")),
    Column("answered_at", Instant),
    Column("follow_up", Text),  # FollowUp
    Column("follow_up_text", Text),
    Column("followed_up_by", Identity, ForeignKey("person.id")),
    Column("followed_up_at", Instant),
    Column("conclusion", Text),
    Column("closed_by", Identity, ForeignKey("person.id")),
    Column("closed_at", Instant),
    UniqueConstraint("office", "number"),
)
finding_case = _table(
    "finding_case",
    Column("finding", Identity, ForeignKey("finding.id"), primary_key=True),
    Column("instance", Identity, ForeignKey("instance.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),  # of an event; 0 is the case as a whole
    compact=True,
)

# What auditors ask people of the office. Neither a question nor an answer is ever changed.
inquiry = _table(
    "inquiry",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("assignment", Identity, ForeignKey("audit_assignment.id"), nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 … in the office
    Column("instance", Identity, ForeignKey("instance.id"), nullable=False),
    Column("seq", Integer, nullable=False),  # of an event; 0 is the case as a whole
    Column("asked_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_of", Identity, ForeignKey("person.id"), nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text),
    Column("answered_at", Instant),
    UniqueConstraint("office", "number"),
)
Index("ix_inquiry_asked_of", inquiry.c.asked_of, inquiry.c.answered_at)
Index("ix_inquiry_instance", inquiry.c.instance, inquiry.c.seq)

# When somebody who only supervises last had a page of a case put on record as read.
case_read = _table(
    "case_read",
    Column("person", Identity, ForeignKey("person.id"), primary_key=True),
    Column("instance", Identity, ForeignKey("instance.id"), primary_key=True),
    Column("page", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    compact=True,
)

session = _table(
    "session",
    Column("token_digest", LargeBinary, primary_key=True),  # SHA-256 of the cookie's random token
    Column("person", Identity, ForeignKey("person.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    compact=True,
)
Index("ix_session_person", session.c.person)

password_link = _table(
    "password_link",
    Column("token_digest", LargeBinary, primary_key=True),
    Column("person", Identity, ForeignKey("person.id"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    compact=True,
)

failed_login = _table(
    "failed_login",
    _id(),
    Column("account", Text, nullable=False),  # id of the person as hex, else what was typed
    Column("place", Text, nullable=False),  # network address, or a browser the person knows
    Column("at", Instant, nullable=False),
)
Index("ix_failed_login_account", failed_login.c.account, failed_login.c.at)
Index("ix_failed_login_place", failed_login.c.place, failed_login.c.at)

calendar_day = _table(
    "calendar_day",
    Column("office", Identity, ForeignKey("office.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind", Text, nullable=False),  # DayKind: holiday | workday
    Column("name", Text, nullable=False),
    compact=True,
)

setting = _table(
    "setting",
    Column("office", Identity, ForeignKey("office.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
    compact=True,
)

# -- the library -----------------------------------------------------------------------------

process = _table(
    "process",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("stream_seq", Integer, nullable=False, default=0),
    Column("stream_head", LargeBinary, nullable=False, default=bytes(32)),
    Column("acknowledgement", Text, nullable=False, server_default="show"),  # model.revision.Acknowledging
    UniqueConstraint("office", "key"),
)

# Triggers (storage.version_guard) keep everything down to ``base`` as it was written, and what approval set.
process_version = _table(
    "process_version",
    _id(),
    Column("process", Identity, ForeignKey("process.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),  # VersionState
    Column("digest", LargeBinary, nullable=False),
    Column("bpmn", Text, nullable=False),  # the file as deployed, never changed
    Column("forms", Text, nullable=False),  # JSON: form key -> form-js JSON
    Column("notes", Text, nullable=False, default=""),  # README.md: how the table was read
    Column("decisions", Text),  # JSON: file name -> DMN as deployed; None where it has none
    Column("definition", Text, nullable=False),  # JSON of model.definition.Definition
    Column("spec", Text, nullable=False),  # what bpmn.workflow runs
    Column("author", Identity, ForeignKey("person.id")),  # None: an operator's deployment
    Column("deployed_at", Instant, nullable=False),  # when it was submitted, or deployed by an operator
    Column("base", Identity),  # the version its draft was made from
    Column("approver", Identity, ForeignKey("person.id")),
    Column("approved_at", Instant),  # None: never approved, or deployed by an operator
    Column("approver_post", Text, nullable=False, server_default=""),  # as it was on that day
    Column("approver_name", Text, nullable=False, server_default=""),
    Column("approver_nip", Text, nullable=False, server_default=""),
    Column("sop_number", Text, nullable=False, server_default=""),  # nomor SOP
    Column("approval", Identity),  # blob: the signed scan or PDF
    Column("effective_from", Date),
    Column("reason", Text, nullable=False, server_default=""),  # why returned, withdrawn or in force again
    Column("trial_until", Date),  # last day on which a case may be started; None: no end
    Column("trial_cases", Integer),  # at most; None: as many as wanted
    Column("trial_team", Boolean, nullable=False, server_default="0"),  # only trial_member may start cases
    Column("revision_case", Identity),  # the case by which it is decided on
    Column("reinstated_on", Date),  # since when it is in force again; None: it never was replaced and back
    Column("reinstated_by", Identity),
    Column("reinstated_at", Instant),  # what was read of it before does not count any more
    Column("message", Text, nullable=False, server_default=""),  # of whoever submitted it
    UniqueConstraint("process", "number"),
    UniqueConstraint("process", "digest"),
)

trial_member = _table(
    "trial_member",
    Column("version", Identity, ForeignKey("process_version.id"), primary_key=True),
    Column("person", Identity, ForeignKey("person.id"), primary_key=True),
    compact=True,
)

# What a process owner is changing. Several may hold one of the same SOP.
process_draft = _table(
    "process_draft",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("process", Identity, ForeignKey("process.id"), nullable=False),
    Column("base", Identity),  # the version it began with; None: an SOP that is new
    Column("author", Identity, ForeignKey("person.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),  # compare-and-set: every save adds one
    Column("saved_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("state", Text, nullable=False),  # model.process_draft.DraftState
    Column("bpmn", PackedText, nullable=False),
    Column("forms", PackedText, nullable=False),  # JSON: form key -> form-js JSON
    Column("decisions", PackedText, nullable=False),  # JSON: file name -> DMN
    Column("notes", Text, nullable=False),
    Column("version", Identity),  # what it became
)
# What a draft was before its content was replaced as a whole: by a file, by an answer, by going back.
draft_before = _table(
    "draft_before",
    Column("draft", Identity, ForeignKey("process_draft.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),  # the draft's, with this content
    Column("saved_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("why", Text, nullable=False),  # model.process_draft.Replacing
    Column("file", Text, nullable=False),  # that took its place, or the question answered; else empty
    Column("title", Text, nullable=False, server_default=""),  # of the SOP that it was of
    Column("steps", Integer),  # that it had
    Column("bpmn", PackedText, nullable=False),
    Column("forms", PackedText, nullable=False),
    Column("decisions", PackedText, nullable=False),
    Column("notes", Text, nullable=False),
)
Index("ix_process_draft_process", process_draft.c.process, process_draft.c.state)
Index("ix_process_draft_version", process_draft.c.version)

# Everybody who changed a draft: none of them may approve what it became.
draft_author = _table(
    "draft_author",
    Column("draft", Identity, ForeignKey("process_draft.id"), primary_key=True),
    Column("person", Identity, ForeignKey("person.id"), primary_key=True),
    compact=True,
)

# A draft as one of its owners tries it out alone, apart from all that real cases are made of. Forgotten
# when nobody went on with it for a while.
rehearsal = _table(
    "rehearsal",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("draft", Identity, ForeignKey("process_draft.id"), nullable=False),
    Column("person", Identity, ForeignKey("person.id"), nullable=False),
    Column("draft_revision", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # of the draft's files when it began
    Column("definition", PackedText, nullable=False),
    Column("spec", PackedText, nullable=False),
    Column("forms", PackedText, nullable=False),  # JSON: form key -> form-js JSON
    Column("revision", Integer, nullable=False),  # compare-and-set: every step adds one
    Column("stands", PackedText, nullable=False),  # JSON: software, and model.rehearsal.Stand
    Column("past", PackedText, nullable=False),  # JSON: lines of stands that are gone
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("draft", "person"),
)

review_comment = _table(
    "review_comment",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("version", Identity, ForeignKey("process_version.id"), nullable=False),
    Column("element", Text, nullable=False),  # empty: about the whole
    Column("author", Identity, ForeignKey("person.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Column("resolved_at", Instant),
    Column("resolved_by", Identity),
)
Index("ix_review_comment_version", review_comment.c.version)

acknowledgement = _table(
    "acknowledgement",
    Column("version", Identity, ForeignKey("process_version.id"), primary_key=True),
    Column("person", Identity, ForeignKey("person.id"), primary_key=True),
    Column("at", Instant, nullable=False),
    compact=True,
)

# Each monitoring or evaluation of an SOP that fell due, once.
periodic_review = _table(
    "periodic_review",
    Column("process", Identity, ForeignKey("process.id"), primary_key=True),
    Column("kind", Text, primary_key=True),  # model.review_due.ReviewKind
    Column("due_on", Date, primary_key=True),
    Column("instance", Identity, nullable=False),  # the case in which it is done
    compact=True,
)
Index("ix_periodic_review_instance", periodic_review.c.instance)

# -- cases -----------------------------------------------------------------------------------

instance = _table(
    "instance",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("process", Identity, ForeignKey("process.id"), nullable=False),
    Column("version", Identity, ForeignKey("process_version.id"), nullable=False),
    Column("number", Text, nullable=False),
    Column("year", Integer, nullable=False),  # the year the case is about
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),  # InstanceStatus
    Column("starter", Identity, ForeignKey("person.id"), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("cancel_reason", Text),
    Column(
        "trial", Boolean, nullable=False, server_default="0"
    ),  # on a revision tried beside the one in force
    Column("state", Text),  # compacted; dropped when finished: the record is what stays
    Column("guard", Integer, nullable=False),  # compare-and-set: every step of the process adds one
    # What the last completion can be taken back to, until the next person opens theirs.
    Column("undo_task", Identity),
    Column("undo_state", Text),
    Column("last_seq", Integer, nullable=False),
    Column("chain_head", LargeBinary, nullable=False),
    UniqueConstraint("office", "number"),
    compact=True,
)
Index("ix_instance_office", instance.c.office, instance.c.id)
Index("ix_instance_status", instance.c.office, instance.c.status, instance.c.id)
# Which cases ran at a moment, without their rows.
Index("ix_instance_span", instance.c.office, instance.c.started_at, instance.c.ended_at)
Index("ix_instance_process", instance.c.process, instance.c.year)
_running = text("status = 'running'")
Index(
    "ix_instance_running",
    instance.c.process,
    instance.c.year,
    sqlite_where=_running,
    postgresql_where=_running,
)

register = _table(
    "register",
    Column("office", Identity, ForeignKey("office.id"), primary_key=True),
    Column("process", Identity, ForeignKey("process.id"), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
    compact=True,
)

participant = _table(
    "participant",
    Column("person", Identity, ForeignKey("person.id"), primary_key=True),
    Column("instance", Identity, ForeignKey("instance.id"), primary_key=True),
    compact=True,
)

task = _table(
    "task",
    _id(),
    Column("office", Identity, nullable=False),
    Column("instance", Identity, ForeignKey("instance.id"), nullable=False),
    Column("process", Identity, nullable=False),
    Column("version", Identity, nullable=False),
    Column("element", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("iteration", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("number", Text, nullable=False, default=""),  # of the case: what the inbox is sorted by
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),  # TaskState
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("due_key", Instant, nullable=False),  # due_at, or NO_DUE, or CLOSED
    Column("assignee", Identity),
    Column("claimed_at", Instant),
    Column("delegated_by", Identity),
    Column("prepared_by", Identity),
    Column("seen_at", Instant),
    Column("clock_started_at", Instant),
    Column("paused_at", Instant),
    Column("pause_reason", Text),
    Column("paused_minutes", Integer, nullable=False, default=0),
    Column("completed_at", Instant),
    Column("completed_by", Identity),
    Column("on_behalf_of", Identity),
    Column("done_on", Instant),  # None: as it was completed
    Column("worked_minutes", Integer),  # working minutes from clock start to completion, less pauses
    Column("waited_minutes", Integer),  # working minutes open but not running
    Column("attempt", Identity),  # of the completion
    compact=True,
)
# The inbox reads each of its sources in the order it shows: every combination below is a scan of
# as many index entries as a page has rows, however many tasks are open.
_OPEN, _POOL, _HELD = (
    "state = 'open'",
    "state = 'open' AND assignee IS NULL",
    "state = 'open' AND assignee IS NOT NULL",
)


def _task_index(name: str, where: str, *columns: str, unique: bool = False) -> None:
    condition = text(where)
    parts = [task.c[column] for column in columns]
    Index(name, *parts, unique=unique, sqlite_where=condition, postgresql_where=condition)


Index("ix_task_instance", task.c.instance)
_task_index("ux_task_open", _OPEN, "instance", "element", "round", "iteration", unique=True)
for _name, _where in (("pool", _POOL), ("role", _HELD)):
    _task_index(f"ix_task_{_name}_due", _where, "office", "role", "due_key", "id")
    _task_index(f"ix_task_{_name}_id", _where, "office", "role", "id")
    _task_index(f"ix_task_{_name}_number", _where, "office", "role", "number", "id")
    _task_index(f"ix_task_{_name}_process", _where, "office", "role", "process", "due_key", "id")
_task_index("ix_task_held_due", _HELD, "assignee", "due_key", "id")
_task_index("ix_task_delegated", f"{_OPEN} AND delegated_by IS NOT NULL", "delegated_by", "due_key", "id")
_task_index("ix_task_prepared", f"{_OPEN} AND prepared_by IS NOT NULL", "prepared_by", "due_key", "id")
_task_index("ix_task_done", "completed_by IS NOT NULL", "completed_by", "completed_at", "id")

draft = _table(
    "draft",
    Column("task", Identity, ForeignKey("task.id"), primary_key=True),
    Column("person", Identity, ForeignKey("person.id"), primary_key=True),
    Column("aside", Boolean, primary_key=True),  # kept beside the person's draft, which another page changed
    Column("form_digest", LargeBinary, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("attempt", Identity),  # the opened form it was saved from
    Column("prepared_for", Identity, ForeignKey("person.id")),  # whose task it was typed for, as a preparer
    Column("fields", Text, nullable=False),  # JSON: name -> list of what was typed
    Column("staged", Text, nullable=False),  # JSON: field or slot name -> list of blob ids
    Column("saved_at", Instant, nullable=False),
    Column("kept_until", Instant),  # None while its task is open
    compact=True,
)
Index("ix_draft_kept", draft.c.kept_until)  # with the key it has all that the clean-up asks

timer = _table(
    "timer",
    _id(),
    Column("office", Identity, nullable=False),
    Column("instance", Identity, ForeignKey("instance.id"), nullable=False),
    Column("element", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("iteration", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, default=0),  # that failed
    Column("next_try_at", Instant, nullable=False),  # due_at until one failed
)
Index("ix_timer_next_try", timer.c.next_try_at)
Index("ix_timer_instance", timer.c.instance)

# What could not go on. ``subject`` is the case, or the version of an SOP where there is no case.
incident = _table(
    "incident",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("subject", Identity, nullable=False),
    Column("instance", Identity, ForeignKey("instance.id")),
    Column("version", Identity, ForeignKey("process_version.id"), nullable=False),
    Column("element", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("iteration", Integer, nullable=False),
    Column("kind", Text, nullable=False),  # IncidentKind
    Column("name", Text, nullable=False),  # of the element
    Column("cause", Text, nullable=False),  # Cause: what was tried, with its key in the case
    Column("cause_element", Text, nullable=False),
    Column("cause_round", Integer, nullable=False),
    Column("cause_iteration", Integer, nullable=False),
    Column("sentence", Text, nullable=False),  # JSON of model.incident.sentence_json
    Column("expression", Text, nullable=False),
    Column("missing", Text, nullable=False),  # the variable nobody has set
    Column("seen", PackedText, nullable=False),  # JSON of model.incident.seen_json
    Column("sent", PackedText),  # JSON: what came with the completion that failed, for a dry run
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("count", Integer, nullable=False),
    Column("state", Text, nullable=False),  # IncidentState
    Column("solution", Text),  # Solution
    Column("solved_at", Instant),
    Column("solved_by", Identity),  # None: the system
)
_still_open = text("state = 'open'")
Index(
    "ux_incident_open",
    incident.c.subject,
    incident.c.element,
    incident.c.round,
    incident.c.iteration,
    incident.c.kind,
    unique=True,
    sqlite_where=_still_open,
    postgresql_where=_still_open,
)
Index("ix_incident_office", incident.c.office, incident.c.state, incident.c.id)
Index("ix_incident_instance", incident.c.instance)

job = _table(
    "job",
    _id(),  # also its idempotency key: the same for every try
    Column("office", Identity, nullable=False),
    Column("instance", Identity, ForeignKey("instance.id"), nullable=False),
    Column("element", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("iteration", Integer, nullable=False),
    Column("connector", Text, nullable=False),
    Column("inputs", PackedText, nullable=False),  # JSON
    Column("state", Text, nullable=False),  # JobState
    Column("tries", Integer, nullable=False),  # begun; which of them a worker makes is told by it
    Column("run_at", Instant),  # next try; while it runs the end of its lease; None: dead
    Column("queued_at", Instant, nullable=False),
    Column("problem", Text),  # of the last try: JSON of code, sentence and its values
    Column("result", PackedText),  # JSON: answered, but the case could not go on
)
Index("ix_job_run_at", job.c.run_at)
Index("ux_job_key", job.c.instance, job.c.element, job.c.round, job.c.iteration, unique=True)
Index("ix_job_office", job.c.office, job.c.state, job.c.queued_at)

data_store = _table(
    "data_store",
    Column("office", Identity, ForeignKey("office.id"), primary_key=True),
    Column("name", Text, primary_key=True),  # of the data store in the diagrams, else its id
    Column("value", PackedText, nullable=False),  # JSON
    Column("revision", Integer, nullable=False),  # counts what was written
    Column("changed_at", Instant, nullable=False),
)

message_wait = _table(
    "message_wait",
    _id(),
    Column("office", Identity, nullable=False),
    Column("instance", Identity, ForeignKey("instance.id"), nullable=False),
    Column("element", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("iteration", Integer, nullable=False),
    Column("place", Integer, nullable=False),  # of the event's definitions
    Column("channel", Text, nullable=False),  # Channel
    Column("name", Text, nullable=False),
    Column("correlation", Text, nullable=False),  # JSON: what a message must carry, by property
    Column("begins", Boolean, nullable=False),  # another process of the case
)
Index("ix_message_wait_name", message_wait.c.office, message_wait.c.name, message_wait.c.channel)
Index("ix_message_wait_instance", message_wait.c.instance)

message = _table(
    "message",
    _id(),
    Column("office", Identity, nullable=False),
    Column("channel", Text, nullable=False),  # Channel
    Column("name", Text, nullable=False),
    Column("key", Text),  # a value without a name, or the number of a case
    Column("correlation", Text, nullable=False),  # JSON: the values of correlation properties
    Column("payload", PackedText, nullable=False),  # JSON
    Column("wait", Identity),  # of a signal: who waited when it was thrown; it has a row for each
    Column("instance", Identity),  # the case that threw it; None: it came from outside
    Column("element", Text),
    Column("round", Integer),
    Column("token", Identity),  # by which it came from outside
    Column("outside_id", Text),  # how who sent it calls it: the same is taken once
    Column("digest", LargeBinary),  # SHA-256 of what was sent under it
    Column("state", Text, nullable=False),  # MessageState
    Column("tries", Integer, nullable=False, default=0),
    Column("next_try_at", Instant),  # None: delivered or expired
    Column("at", Instant, nullable=False),
    Column("taken_by", Identity),  # the case it was delivered to
)
Index("ix_message_next_try", message.c.next_try_at)
Index("ix_message_name", message.c.office, message.c.name)
_from_outside = text("outside_id IS NOT NULL")
Index(
    "ux_message_outside",
    message.c.office,
    message.c.outside_id,
    unique=True,
    sqlite_where=_from_outside,
    postgresql_where=_from_outside,
)

api_token = _table(
    "api_token",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),  # SHA-256 of the token
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    UniqueConstraint("office", "name"),
)

blob = _table(
    "blob",
    _id(),
    Column("office", Identity, nullable=False),
    Column("object", Text, nullable=False, unique=True),  # random name in the object store
    Column("filename", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes
    Column("digest", LargeBinary, nullable=False),  # SHA-256 of the bytes
    Column("pages", Integer),  # of a PDF, where it could be counted
    Column("task", Identity, ForeignKey("task.id")),  # for whose drafts it was chosen; only they may name it
    Column("uploaded_by", Identity),
    Column("uploaded_at", Instant, nullable=False),
    Column("erased_at", Instant),
)

document = _table(
    "document",
    Column("instance", Identity, ForeignKey("instance.id"), primary_key=True),
    Column("no", Integer, primary_key=True),  # 1, 2, 3 … in the case: its address
    Column("office", Identity, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),  # 1, 2, 3 … of the name
    Column("state", Text, nullable=False),  # DocumentState
    Column("blob", Identity, ForeignKey("blob.id")),  # None: made from the form, drawn from the record
    Column("element", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("author", Identity, nullable=False),
    Column("at", Instant, nullable=False),
    Column("retention", Text),
    compact=True,
)
_with_bytes = text("blob IS NOT NULL")
Index("ix_document_blob", document.c.blob, sqlite_where=_with_bytes, postgresql_where=_with_bytes)

comment = _table(
    "comment",
    _id(),
    Column("office", Identity, nullable=False),
    Column("instance", Identity, ForeignKey("instance.id"), nullable=False),
    Column("element", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("author", Identity, nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
)
Index("ix_comment_instance", comment.c.instance)

# What staff suggest to the owner of an SOP about a step.
suggestion = _table(
    "suggestion",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("process", Identity, ForeignKey("process.id"), nullable=False),
    Column("version", Identity, ForeignKey("process_version.id"), nullable=False),
    Column("element", Text, nullable=False),
    Column("instance", Identity, ForeignKey("instance.id")),  # the case it came up in
    Column("author", Identity, ForeignKey("person.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", Text, nullable=False),  # model.suggestion.SuggestionState
    Column("answer", Text, nullable=False, server_default=""),
    Column("answered_by", Identity, ForeignKey("person.id")),
    Column("answered_at", Instant),
    Column("draft", Identity),  # in which it was done, if it was taken up
    Column("seen_at", Instant),  # by its author: what became of it
)
Index("ix_suggestion_process", suggestion.c.process, suggestion.c.state)
Index("ix_suggestion_author", suggestion.c.author)
# Work on many cases that a worker does in slices: one worker at a time has it, until ``run_at``.
batch = _table(
    "batch",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("kind", Text, nullable=False),  # BatchKind
    Column("process", Identity, ForeignKey("process.id"), nullable=False),
    Column("draft", Identity, ForeignKey("process_draft.id")),  # what cases are held against: a draft,
    Column("draft_revision", Integer),
    Column("version", Identity, ForeignKey("process_version.id")),  # or a version
    Column("asked_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("parameters", PackedText, nullable=False),  # JSON
    Column("total", Integer, nullable=False),  # cases when it was asked for
    Column("done", Integer, nullable=False),
    Column("cursor", Identity),  # the last case that was looked at
    Column("state", Text, nullable=False),  # BatchState
    Column("result", PackedText),  # JSON, of what was looked at so far
    Column("run_at", Instant),  # next slice; while one runs the end of its lease; None: over
    Column("ended_at", Instant),
)
Index("ix_batch_run_at", batch.c.run_at)
Index("ix_batch_process", batch.c.process, batch.c.kind, batch.c.id)

# A case that a batch moved to another version, or was to and could not.
moved = _table(
    "moved",
    Column("batch", Identity, ForeignKey("batch.id"), primary_key=True),
    Column("instance", Identity, ForeignKey("instance.id"), primary_key=True),
    Column("from_version", Identity, nullable=False),
    Column("to_version", Identity, nullable=False),
    Column("verdict", Text, nullable=False),  # Verdict: move or blocked
    Column("reason", Text, nullable=False),  # JSON of a sentence
    Column("before", PackedText),  # JSON: what an undo puts back
    Column("seq", Integer),  # of its event
    Column("guard", Integer),  # of the case after it
    Column("at", Instant, nullable=False),
    Column("undone_at", Instant),
    compact=True,
)
Index("ix_moved_instance", moved.c.instance)

# What an owner chose of a survey before the draft is in force, to begin with then.
move_choice = _table(
    "move_choice",
    Column("draft", Identity, ForeignKey("process_draft.id"), primary_key=True),
    Column("groups", PackedText, nullable=False),  # JSON: key -> whether its cases are to be moved
    Column("mapping", PackedText, nullable=False),  # JSON: open step -> step of the draft
    Column("chosen_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("chosen_at", Instant, nullable=False),
    compact=True,
)

# Cases whose recorded answers are played through every later draft of their SOP.
kept_case = _table(
    "kept_case",
    Column("process", Identity, ForeignKey("process.id"), primary_key=True),
    Column("instance", Identity, ForeignKey("instance.id"), primary_key=True),
    Column("chosen_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("at", Instant, nullable=False),
    compact=True,
)

# A random sample of cases, with the working papers of the team that drew it.
sample = _table(
    "sample",
    _id(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("assignment", Identity, ForeignKey("audit_assignment.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("process", Identity, ForeignKey("process.id")),  # None: of every SOP
    Column("since", Date),  # cases started from this day on, in the office's zone
    Column("until", Date),  # the last such day
    Column("seed", Text, nullable=False),
    Column("population", Integer, nullable=False),  # how many cases it was drawn from
    Column("population_digest", LargeBinary, nullable=False),  # model.sampling.population_digest
    Column("state", Text, nullable=False),  # SampleState
    Column("revision", Integer, nullable=False),  # counts changes of this row
    Column("prepared_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("drawn_at", Instant, nullable=False),
    Column("conclusion", Text, nullable=False),
    Column("concluded_at", Instant),
    Column("reviewed_by", Identity, ForeignKey("person.id")),
    Column("reviewed_at", Instant),
    Column("review", Text, nullable=False),  # what the reviewer said last
)
Index("ix_sample_office", sample.c.office, sample.c.assignment, sample.c.id)

sample_case = _table(
    "sample_case",
    Column("sample", Identity, ForeignKey("sample.id"), primary_key=True),
    Column("place", Integer, primary_key=True),  # 1, 2, 3 … as it was drawn
    Column("instance", Identity, ForeignKey("instance.id"), nullable=False),
    Column("verdict", Text, nullable=False),  # Verdict
    Column("note", Text, nullable=False),
    Column("revision", Integer, nullable=False),  # counts changes of this row
    Column("noted_by", Identity, ForeignKey("person.id")),
    Column("noted_at", Instant),
    compact=True,
)

# -- the record ------------------------------------------------------------------------------

event = _table(
    "event",
    Column("stream", Identity, primary_key=True),  # id of the instance, office or process
    Column("seq", Integer, primary_key=True),  # 1, 2, 3 … per stream
    Column("scope", SmallInteger, nullable=False),  # place in model.event.Scope
    Column("kind", Text, nullable=False),  # EventKind
    Column("at", Instant, nullable=False),
    Column("actor", Identity),
    Column("on_behalf_of", Identity),
    Column("attempt", Identity),
    Column("element", Text),
    Column("round", Integer),
    Column("iteration", Integer),
    Column("payload", PackedText),  # JSON, hashed as this text; None once erased
    Column("salt", LargeBinary),
    Column("digest", LargeBinary, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("sealed", BigInteger),  # global index, set by the sealer
    # Not compact: a row without a rowid spills over into pages of its own from a quarter of a page on.
)
# Where cases went another way than their SOP says: few of all events, and looked for in all cases at once. A
# statement has this condition in these words beside its own, else the index could not be used.
DEVIATING = (
    "kind IN ('attempt.refused', 'case.move-undone', 'case.moved', 'completion.withdrawn',"
    " 'incident.corrected', 'task.amended')"
)
_deviating = text(DEVIATING)
Index(
    "ix_event_deviating",
    event.c.kind,
    event.c.at,
    sqlite_where=_deviating,
    postgresql_where=_deviating,
)
# NULLs are found by it too: what is not sealed yet.
Index("ux_event_sealed", event.c.sealed, unique=True)

# The right edge of the tree over the record: one row, from the first sealing on.
tree = _table(
    "tree",
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False),  # names the record for ever
    Column("key", Text, nullable=False),  # the public key that signed last, as a verifier's line
    Column("size", BigInteger, nullable=False),  # events sealed
    Column("peaks", LargeBinary, nullable=False),  # model.merkle.Frontier, packed
    Column("checkpoint", Text, nullable=False),  # the newest, a signed note
    Column("at", Instant, nullable=False),  # when that was signed
)

# Roots over 256 events each, so that a proof needs no more events than those beside it.
tile = _table(
    "tile",
    Column("no", Integer, primary_key=True, autoincrement=False),  # of events 256 * no and on
    Column("root", LargeBinary, nullable=False),
    compact=True,
)

# Some of the newest checkpoints, as they were.
checkpoint = _table(
    "checkpoint",
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),  # a signed note
    Column("at", Instant, nullable=False),
    compact=True,
)

# A copy of a checkpoint that is to be outside the database.
checkpoint_copy = _table(
    "checkpoint_copy",
    Column("size", BigInteger, ForeignKey("checkpoint.size"), primary_key=True, autoincrement=False),
    Column("sink", Text, primary_key=True),  # model.checkpoint.Sink
    Column("asked_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("tries", Integer, nullable=False, default=0),  # that failed
    Column("next_try_at", Instant),  # None: done, or a newer one took its place
    Column("problem", Text),  # JSON of a sentence: why the last try failed
    compact=True,
)
Index("ix_checkpoint_copy_next_try", checkpoint_copy.c.next_try_at)
