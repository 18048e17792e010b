"""Letters of assignment, by which auditors read cases, and their teams."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables import Identity

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "audit_assignment",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("cases_from", sa.Date(), nullable=True),
        sa.Column("cases_until", sa.Date(), nullable=True),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("sops", sa.Text(), nullable=False),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["office"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("office", "number"),
    )
    op.create_table(
        "audit_member",
        sa.Column("assignment", Identity(), nullable=False),
        sa.Column("person", Identity(), nullable=False),
        sa.Column("head", sa.Boolean(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["assignment"], ["audit_assignment.id"]),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.PrimaryKeyConstraint("assignment", "person"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_audit_member_person", "audit_member", ["person", "until"])
