"""What a case waits for beside people: incidents, jobs, messages."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint, text

from engine.storage.packing import PackedText
from engine.storage.tables.columns import Identity, Instant, key, table

# What could not go on. ``subject`` is the case, or the version of an SOP where there is no case.
incident = table(
    "incident",
    key(),
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

job = table(
    "job",
    key(),  # also its idempotency key: the same for every try
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

data_store = table(
    "data_store",
    Column("office", Identity, ForeignKey("office.id"), primary_key=True),
    Column("name", Text, primary_key=True),  # of the data store in the diagrams, else its id
    Column("value", PackedText, nullable=False),  # JSON
    Column("revision", Integer, nullable=False),  # counts what was written
    Column("changed_at", Instant, nullable=False),
)

message_wait = table(
    "message_wait",
    key(),
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

message = table(
    "message",
    key(),
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

api_token = table(
    "api_token",
    key(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),  # SHA-256 of the token
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    UniqueConstraint("office", "name"),
)
