"""All erasures are listed: they are found over all cases by an index of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_ERASING = sa.text("kind = 'data.erased'")


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_event_erasing", "event", ["at"], sqlite_where=_ERASING, postgresql_where=_ERASING)
