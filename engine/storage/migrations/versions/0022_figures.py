"""What figures look for over all cases: the few events that tell of deviations, and which cases ran when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None

_DEVIATING = sa.text(
    "kind IN ('attempt.refused', 'case.move-undone', 'case.moved', 'completion.withdrawn',"
    " 'incident.corrected', 'task.amended')"
)


def upgrade() -> None:
    """Make the indexes."""
    op.create_index(
        "ix_event_deviating",
        "event",
        ["kind", "at"],
        sqlite_where=_DEVIATING,
        postgresql_where=_DEVIATING,
    )
    op.create_index("ix_instance_span", "instance", ["office", "started_at", "ended_at"])
