"""What the office said to findings is found by an index of its own: its stream has every reading too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_SAID = sa.text("kind IN ('finding.answered', 'finding.followed-up')")


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_event_said", "event", ["stream", "seq"], sqlite_where=_SAID, postgresql_where=_SAID)
