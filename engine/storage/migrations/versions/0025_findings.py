"""Findings of audits, and the cases they are about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.tables import Identity, Instant

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_TEXTS = ("state", "title", "condition", "criteria", "cause", "effect", "recommendation", "figures")
_ACTS = ("reviewed", "delivered", "answered", "followed_up", "closed")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "finding",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("assignment", Identity(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS),
        sa.Column("prepared_by", Identity(), nullable=False),
        sa.Column("prepared_at", Instant(), nullable=False),
        *(sa.Column(f"{act}_by", Identity(), nullable=True) for act in _ACTS),
        *(sa.Column(f"{act}_at", Instant(), nullable=True) for act in _ACTS),
        *(sa.Column(name, sa.Text(), nullable=True) for name in _SAID),
        sa.ForeignKeyConstraint(["office"], ["office.id"]),
        sa.ForeignKeyConstraint(["assignment"], ["audit_assignment.id"]),
        *(sa.ForeignKeyConstraint([f"{act}_by"], ["person.id"]) for act in ("prepared", *_ACTS)),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("office", "number"),
    )
    op.create_table(
        "finding_case",
        sa.Column("finding", Identity(), nullable=False),
        sa.Column("instance", Identity(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["finding"], ["finding.id"]),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"]),
        sa.PrimaryKeyConstraint("finding", "instance", "seq"),
        sqlite_with_rowid=False,
    )


_SAID = ("answer", "follow_up", "follow_up_text", "conclusion")
