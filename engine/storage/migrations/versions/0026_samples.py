"""Samples of cases that auditors draw, and what they note of each case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables import Identity, Instant

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "sample",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("assignment", Identity(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("process", Identity()),
        sa.Column("since", sa.Date()),
        sa.Column("until", sa.Date()),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("population_digest", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("prepared_by", Identity(), nullable=False),
        sa.Column("drawn_at", Instant(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("concluded_at", Instant()),
        sa.Column("reviewed_by", Identity()),
        sa.Column("reviewed_at", Instant()),
        sa.Column("review", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["office"], ["office.id"]),
        sa.ForeignKeyConstraint(["assignment"], ["audit_assignment.id"]),
        sa.ForeignKeyConstraint(["process"], ["process.id"]),
        sa.ForeignKeyConstraint(["prepared_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["reviewed_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sample_office", "sample", ["office", "assignment", "id"])
    op.create_table(
        "sample_case",
        sa.Column("sample", Identity(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("instance", Identity(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("noted_by", Identity()),
        sa.Column("noted_at", Instant()),
        sa.ForeignKeyConstraint(["sample"], ["sample.id"]),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"]),
        sa.ForeignKeyConstraint(["noted_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("sample", "place"),
        sqlite_with_rowid=False,
    )
