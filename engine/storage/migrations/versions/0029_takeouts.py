"""Large files are made by the worker, for somebody who comes back for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables import Identity, Instant

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of these files."""
    op.create_table(
        "takeout",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("asked_by", Identity(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("letters", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("object", sa.Text()),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text()),
        sa.Column("run_at", Instant()),
        sa.Column("ended_at", Instant()),
        sa.ForeignKeyConstraint(["office"], ["office.id"]),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_takeout_run_at", "takeout", ["run_at"])
    op.create_index("ix_takeout_asked_by", "takeout", ["asked_by", "id"])
