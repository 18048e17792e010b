"""What service tasks ask of connectors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.packing import PackedText
from engine.storage.tables import Identity, Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of jobs."""
    op.create_table(
        "job",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("instance", Identity(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("iteration", sa.Integer(), nullable=False),
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("inputs", PackedText(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("run_at", Instant(), nullable=True),
        sa.Column("queued_at", Instant(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("result", PackedText(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_job_run_at", "job", ["run_at"], unique=False)
    op.create_index("ux_job_key", "job", ["instance", "element", "round", "iteration"], unique=True)
    op.create_index("ix_job_office", "job", ["office", "state", "queued_at"], unique=False)
