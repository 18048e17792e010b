"""What drafts were before their content was replaced as a whole."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.packing import PackedText
from engine.storage.tables import Identity, Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "draft_before",
        sa.Column("draft", Identity(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_by", Identity(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("bpmn", PackedText(), nullable=False),
        sa.Column("forms", PackedText(), nullable=False),
        sa.Column("decisions", PackedText(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["draft"], ["process_draft.id"]),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("draft", "revision"),
        sqlite_with_rowid=True,
    )
