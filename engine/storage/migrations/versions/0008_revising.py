"""Revising an SOP: drafts, trials, reviews, approvals, and who has read what changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.packing import PackedText
from engine.storage.tables import Identity, Instant
from engine.storage.version_guard import protect_versions

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and tables, and make versions immutable."""
    op.add_column("process", sa.Column("acknowledgement", sa.Text(), nullable=False, server_default="show"))
    op.add_column("instance", sa.Column("trial", sa.Boolean(), nullable=False, server_default="0"))
    _versions()
    _drafts()
    _reviews()
    protect_versions(op.get_bind())


def _versions() -> None:
    for name in ("approver_post", "approver_name", "approver_nip", "sop_number", "reason"):
        op.add_column("process_version", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("base", "approval", "revision_case"):
        op.add_column("process_version", sa.Column(name, Identity(), nullable=True))
    op.add_column("process_version", sa.Column("approved_at", Instant(), nullable=True))
    op.add_column("process_version", sa.Column("trial_until", sa.Date(), nullable=True))
    op.add_column("process_version", sa.Column("trial_cases", sa.Integer(), nullable=True))
    op.add_column(
        "process_version", sa.Column("trial_team", sa.Boolean(), nullable=False, server_default="0")
    )
    op.create_table(
        "trial_member",
        sa.Column("version", Identity(), nullable=False),
        sa.Column("person", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["process_version.id"]),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.PrimaryKeyConstraint("version", "person"),
        sqlite_with_rowid=False,
    )


def _drafts() -> None:
    op.create_table(
        "process_draft",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("process", Identity(), nullable=False),
        sa.Column("base", Identity(), nullable=True),
        sa.Column("author", Identity(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_by", Identity(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("bpmn", PackedText(), nullable=False),
        sa.Column("forms", PackedText(), nullable=False),
        sa.Column("decisions", PackedText(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("version", Identity(), nullable=True),
        sa.ForeignKeyConstraint(["office"], ["office.id"]),
        sa.ForeignKeyConstraint(["process"], ["process.id"]),
        sa.ForeignKeyConstraint(["author"], ["person.id"]),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_process_draft_process", "process_draft", ["process", "state"])
    op.create_index("ix_process_draft_version", "process_draft", ["version"])
    op.create_table(
        "draft_author",
        sa.Column("draft", Identity(), nullable=False),
        sa.Column("person", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["draft"], ["process_draft.id"]),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.PrimaryKeyConstraint("draft", "person"),
        sqlite_with_rowid=False,
    )


def _reviews() -> None:
    op.create_table(
        "review_comment",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("version", Identity(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("author", Identity(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("resolved_by", Identity(), nullable=True),
        sa.ForeignKeyConstraint(["office"], ["office.id"]),
        sa.ForeignKeyConstraint(["version"], ["process_version.id"]),
        sa.ForeignKeyConstraint(["author"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_review_comment_version", "review_comment", ["version"])
    op.create_table(
        "acknowledgement",
        sa.Column("version", Identity(), nullable=False),
        sa.Column("person", Identity(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["process_version.id"]),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.PrimaryKeyConstraint("version", "person"),
        sqlite_with_rowid=False,
    )
