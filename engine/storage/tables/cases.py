"""Cases and the register of their numbers."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint, text

from engine.storage.tables.columns import Identity, Instant, key, table

instance = table(
    "instance",
    key(),
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
    Column("archive", Integer, ForeignKey("archive.number")),  # where the texts of its events are read from
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

register = table(
    "register",
    Column("office", Identity, ForeignKey("office.id"), primary_key=True),
    Column("process", Identity, ForeignKey("process.id"), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
    compact=True,
)

participant = table(
    "participant",
    Column("person", Identity, ForeignKey("person.id"), primary_key=True),
    Column("instance", Identity, ForeignKey("instance.id"), primary_key=True),
    Column("unit", Identity),  # of the person when they first took part; none: the office itself
    compact=True,
)
_of_a_unit = text("unit IS NOT NULL")
# Which cases a letter of assignment for some units covers.
Index(
    "ix_participant_unit",
    participant.c.unit,
    participant.c.instance,
    sqlite_where=_of_a_unit,
    postgresql_where=_of_a_unit,
)
