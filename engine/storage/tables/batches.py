"""Work on many cases: surveys, moves, cases kept for comparison."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Text

from engine.storage.packing import PackedText
from engine.storage.tables.columns import Identity, Instant, key, table

# Work on many cases that a worker does in slices: one worker at a time has it, until ``run_at``.
batch = table(
    "batch",
    key(),
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
moved = table(
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
move_choice = table(
    "move_choice",
    Column("draft", Identity, ForeignKey("process_draft.id"), primary_key=True),
    Column("groups", PackedText, nullable=False),  # JSON: key -> whether its cases are to be moved
    Column("mapping", PackedText, nullable=False),  # JSON: open step -> step of the draft
    Column("chosen_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("chosen_at", Instant, nullable=False),
    compact=True,
)

# Cases whose recorded answers are played through every later draft of their SOP.
kept_case = table(
    "kept_case",
    Column("process", Identity, ForeignKey("process.id"), primary_key=True),
    Column("instance", Identity, ForeignKey("instance.id"), primary_key=True),
    Column("chosen_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("at", Instant, nullable=False),
    compact=True,
)
