"""In which draft a suggestion was done, and when its author has seen what became of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables import Identity, Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was answered before anybody noted that is no news any more."""
    op.add_column("suggestion", sa.Column("draft", Identity(), nullable=True))
    op.add_column("suggestion", sa.Column("seen_at", Instant(), nullable=True))
    op.execute("UPDATE suggestion SET seen_at = answered_at")
