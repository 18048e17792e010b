"""Who took part in a case is only asked of one person, by the key; the index beside it answers nothing."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_participant_instance", "participant")
