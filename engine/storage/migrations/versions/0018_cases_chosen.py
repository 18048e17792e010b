"""Which open cases are to be moved once a draft is in force."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.packing import PackedText
from engine.storage.tables import Identity, Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "move_choice",
        sa.Column("draft", Identity(), nullable=False),
        sa.Column("groups", PackedText(), nullable=False),
        sa.Column("mapping", PackedText(), nullable=False),
        sa.Column("chosen_by", Identity(), nullable=False),
        sa.Column("chosen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["chosen_by"], ["person.id"], name="fk_move_choice_chosen_by_person"),
        sa.ForeignKeyConstraint(["draft"], ["process_draft.id"], name="fk_move_choice_draft_process_draft"),
        sa.PrimaryKeyConstraint("draft", name="pk_move_choice"),
        sqlite_with_rowid=False,
    )
