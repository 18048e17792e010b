"""The unit somebody was of when they took part in a case stays: moving a person takes no case from an audit.

Of those who took part before, it is the unit of today: where they were moved, that was what counted so far.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables import Identity

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_OF_A_UNIT = sa.text("unit IS NOT NULL")


def upgrade() -> None:
    """Add the column, fill it, and make the index by which letters find cases."""
    op.add_column("participant", sa.Column("unit", Identity(), nullable=True))
    op.execute(
        "UPDATE participant SET unit = (SELECT unit FROM person WHERE person.id = participant.person)"
        " WHERE person IN (SELECT id FROM person WHERE unit IS NOT NULL)"
    )
    op.create_index(
        "ix_participant_unit",
        "participant",
        ["unit", "instance"],
        sqlite_where=_OF_A_UNIT,
        postgresql_where=_OF_A_UNIT,
    )
