"""Moving running cases to another version: work on many cases, what was moved, cases kept for drafts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.packing import PackedText
from engine.storage.tables import Identity, Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    _batches()
    _moved()
    op.create_table(
        "kept_case",
        sa.Column("process", Identity(), nullable=False),
        sa.Column("instance", Identity(), nullable=False),
        sa.Column("chosen_by", Identity(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["process"], ["process.id"]),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"]),
        sa.ForeignKeyConstraint(["chosen_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("process", "instance"),
        sqlite_with_rowid=False,
    )


def _batches() -> None:
    op.create_table(
        "batch",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("process", Identity(), nullable=False),
        sa.Column("draft", Identity(), nullable=True),
        sa.Column("draft_revision", sa.Integer(), nullable=True),
        sa.Column("version", Identity(), nullable=True),
        sa.Column("asked_by", Identity(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("parameters", PackedText(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("cursor", Identity(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("result", PackedText(), nullable=True),
        sa.Column("run_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["office"], ["office.id"]),
        sa.ForeignKeyConstraint(["process"], ["process.id"]),
        sa.ForeignKeyConstraint(["draft"], ["process_draft.id"]),
        sa.ForeignKeyConstraint(["version"], ["process_version.id"]),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_batch_run_at", "batch", ["run_at"])
    op.create_index("ix_batch_process", "batch", ["process", "kind", "id"])


def _moved() -> None:
    op.create_table(
        "moved",
        sa.Column("batch", Identity(), nullable=False),
        sa.Column("instance", Identity(), nullable=False),
        sa.Column("from_version", Identity(), nullable=False),
        sa.Column("to_version", Identity(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", PackedText(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("guard", sa.Integer(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["batch.id"]),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"]),
        sa.PrimaryKeyConstraint("batch", "instance"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_moved_instance", "moved", ["instance"])
