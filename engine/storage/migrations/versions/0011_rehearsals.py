"""Rehearsals of drafts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.packing import PackedText
from engine.storage.tables import Identity, Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their table."""
    op.create_table(
        "rehearsal",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("draft", Identity(), nullable=False),
        sa.Column("person", Identity(), nullable=False),
        sa.Column("draft_revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("definition", PackedText(), nullable=False),
        sa.Column("spec", PackedText(), nullable=False),
        sa.Column("forms", PackedText(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("stands", PackedText(), nullable=False),
        sa.Column("past", PackedText(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["office"], ["office.id"]),
        sa.ForeignKeyConstraint(["draft"], ["process_draft.id"]),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("draft", "person"),
        sqlite_with_rowid=True,
    )
