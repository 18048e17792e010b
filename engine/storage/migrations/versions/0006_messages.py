"""Messages: what cases wait for, what is on its way, and the tokens of those who send from outside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.packing import PackedText
from engine.storage.tables import Identity, Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    _waits()
    _messages()
    _tokens()


def _waits() -> None:
    op.create_table(
        "message_wait",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("instance", Identity(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("iteration", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation", sa.Text(), nullable=False),
        sa.Column("begins", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_message_wait_name", "message_wait", ["office", "name", "channel"])
    op.create_index("ix_message_wait_instance", "message_wait", ["instance"])


def _messages() -> None:
    op.create_table(
        "message",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("correlation", sa.Text(), nullable=False),
        sa.Column("payload", PackedText(), nullable=False),
        sa.Column("wait", Identity(), nullable=True),
        sa.Column("instance", Identity(), nullable=True),
        sa.Column("element", sa.Text(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("token", Identity(), nullable=True),
        sa.Column("outside_id", sa.Text(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", Instant(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("taken_by", Identity(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_message_next_try", "message", ["next_try_at"])
    op.create_index("ix_message_name", "message", ["office", "name"])
    outside = sa.text("outside_id IS NOT NULL")
    op.create_index(
        "ux_message_outside",
        "message",
        ["office", "outside_id"],
        unique=True,
        sqlite_where=outside,
        postgresql_where=outside,
    )


def _tokens() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["office"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
        sa.UniqueConstraint("office", "name"),
        sqlite_with_rowid=True,
    )
