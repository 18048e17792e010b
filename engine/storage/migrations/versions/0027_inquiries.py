"""What auditors ask people of the office about cases, and the answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables import Identity, Instant

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "inquiry",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("assignment", Identity(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("instance", Identity(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("asked_by", Identity(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_of", Identity(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("answered_at", Instant()),
        sa.ForeignKeyConstraint(["office"], ["office.id"]),
        sa.ForeignKeyConstraint(["assignment"], ["audit_assignment.id"]),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"]),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["asked_of"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("office", "number"),
    )
    op.create_index("ix_inquiry_asked_of", "inquiry", ["asked_of", "answered_at"])
    op.create_index("ix_inquiry_instance", "inquiry", ["instance", "seq"])
