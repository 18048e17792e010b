"""Whoever wrote something of a sample is known for good: notes and conclusion only name who wrote last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables import Identity

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, with those who are named today."""
    op.create_table(
        "sample_preparer",
        sa.Column("sample", Identity(), nullable=False),
        sa.Column("person", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["sample"], ["sample.id"]),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.PrimaryKeyConstraint("sample", "person"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO sample_preparer (sample, person)"
        " SELECT sample, noted_by FROM sample_case WHERE noted_by IS NOT NULL"
        " UNION SELECT id, prepared_by FROM sample WHERE state <> 'drawn'"
    )
