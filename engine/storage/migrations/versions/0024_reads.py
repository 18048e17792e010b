"""When somebody who only supervises last had a page of a case put on record as read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables import Identity, Instant

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "case_read",
        sa.Column("person", Identity(), nullable=False),
        sa.Column("instance", Identity(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"]),
        sa.PrimaryKeyConstraint("person", "instance", "page"),
        sqlite_with_rowid=False,
    )
