"""Every table. Expand only: columns are added, never renamed or dropped, within a major version.

Rows of an office carry it. Identity is UUIDv7 in 16 bytes; instants are UTC: microseconds since
1970 on SQLite (which would drop an offset), ``timestamptz`` on PostgreSQL.
"""

from engine.storage.tables.audits import (
    audit_assignment,
    audit_member,
    case_read,
    finding,
    finding_case,
    inquiry,
    sample,
    sample_case,
    sample_preparer,
    takeout,
)
from engine.storage.tables.batches import batch, kept_case, move_choice, moved
from engine.storage.tables.cases import instance, participant, register
from engine.storage.tables.columns import CLOSED, NO_DUE, Identity, Instant, metadata
from engine.storage.tables.documents import blob, comment, document
from engine.storage.tables.library import (
    acknowledgement,
    draft_author,
    draft_before,
    periodic_review,
    process,
    process_draft,
    process_version,
    rehearsal,
    review_comment,
    suggestion,
    trial_member,
)
from engine.storage.tables.people import (
    calendar_day,
    failed_login,
    office,
    password_link,
    person,
    role,
    role_assignment,
    session,
    setting,
)
from engine.storage.tables.record import DEVIATING, archive, checkpoint, checkpoint_copy, event, tile, tree
from engine.storage.tables.tasks import draft, task, timer
from engine.storage.tables.waiting import api_token, data_store, incident, job, message, message_wait

__all__ = [
    "CLOSED",
    "DEVIATING",
    "NO_DUE",
    "Identity",
    "Instant",
    "acknowledgement",
    "api_token",
    "archive",
    "audit_assignment",
    "audit_member",
    "batch",
    "blob",
    "calendar_day",
    "case_read",
    "checkpoint",
    "checkpoint_copy",
    "comment",
    "data_store",
    "document",
    "draft",
    "draft_author",
    "draft_before",
    "event",
    "failed_login",
    "finding",
    "finding_case",
    "incident",
    "inquiry",
    "instance",
    "job",
    "kept_case",
    "message",
    "message_wait",
    "metadata",
    "move_choice",
    "moved",
    "office",
    "participant",
    "password_link",
    "periodic_review",
    "person",
    "process",
    "process_draft",
    "process_version",
    "register",
    "rehearsal",
    "review_comment",
    "role",
    "role_assignment",
    "sample",
    "sample_case",
    "sample_preparer",
    "session",
    "setting",
    "suggestion",
    "takeout",
    "task",
    "tile",
    "timer",
    "tree",
    "trial_member",
]
