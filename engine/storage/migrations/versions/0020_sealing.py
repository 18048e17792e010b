"""Sealing: the tree over the record, its tiles, and checkpoints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.seal_guard import protect_seals
from engine.storage.tables import Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and what finds an event by its index."""
    _tree()
    _checkpoints()
    protect_seals(op.get_bind())


def _tree() -> None:
    op.create_index("ux_event_sealed", "event", ["sealed"], unique=True)
    op.create_table(
        "tree",
        sa.Column("id", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "tile",
        sa.Column("no", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("no"),
        sqlite_with_rowid=False,
    )


def _checkpoints() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkpoint_copy",
        sa.Column("size", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("sink", sa.Text(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", Instant(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["size"], ["checkpoint.size"]),
        sa.PrimaryKeyConstraint("size", "sink"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_checkpoint_copy_next_try", "checkpoint_copy", ["next_try_at"])
