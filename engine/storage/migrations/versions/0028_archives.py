"""Texts of cases that ended long ago can be read from files outside the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.record_guard import archiving_allowed
from engine.storage.tables import Identity, Instant

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of archives, what names them, and the trigger that lets a text become a reference."""
    op.create_table(
        "archive",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", Identity()),
        sa.Column("settled_at", Instant()),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("number"),
        sqlite_with_rowid=False,
    )
    # As SQLite takes it: Alembic would copy the table to add a foreign key.
    op.execute("ALTER TABLE instance ADD COLUMN archive INTEGER REFERENCES archive (number)")
    archiving_allowed(op.get_bind())
