"""What cases leave for each other in data stores."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.packing import PackedText
from engine.storage.tables import Identity, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of data stores."""
    op.create_table(
        "data_store",
        sa.Column("office", Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", PackedText(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["office"], ["office.id"]),
        sa.PrimaryKeyConstraint("office", "name"),
        sqlite_with_rowid=True,
    )
