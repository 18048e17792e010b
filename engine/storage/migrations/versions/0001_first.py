"""The tables of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage import search
from engine.storage.record_guard import protect_record
from engine.storage.tables import Identity, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table, the search table, and the triggers that keep the record append-only."""
    _office()
    _library()
    _cases()
    _documents()
    _record()
    search.create(op.get_bind())
    protect_record(op.get_bind())


def _office() -> None:
    op.create_table(
        "office",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("parent", Identity(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("stream_seq", sa.Integer(), nullable=False),
        sa.Column("stream_head", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent"],
            ["office.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "person",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("unit", Identity(), nullable=True),
        sa.Column("sign_in_name", sa.Text(), nullable=False),
        sa.Column("nip", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office"],
            ["office.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit"],
            ["office.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("nip"),
        sa.UniqueConstraint("sign_in_name"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "role",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office"],
            ["office.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("office", "key"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "role_assignment",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("role", Identity(), nullable=False),
        sa.Column("person", Identity(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office"],
            ["office.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["role"],
            ["role.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_role_assignment_person", "role_assignment", ["person"], unique=False)
    op.create_index("ix_role_assignment_role", "role_assignment", ["role"], unique=False)
    op.create_table(
        "session",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("person", Identity(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("token_digest"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_session_person", "session", ["person"], unique=False)
    op.create_table(
        "password_link",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("person", Identity(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("token_digest"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "failed_login",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_failed_login_account", "failed_login", ["account", "at"], unique=False)
    op.create_index("ix_failed_login_place", "failed_login", ["place", "at"], unique=False)
    op.create_table(
        "calendar_day",
        sa.Column("office", Identity(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office"],
            ["office.id"],
        ),
        sa.PrimaryKeyConstraint("office", "day"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "setting",
        sa.Column("office", Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office"],
            ["office.id"],
        ),
        sa.PrimaryKeyConstraint("office", "key"),
        sqlite_with_rowid=False,
    )


def _library() -> None:
    op.create_table(
        "process",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stream_seq", sa.Integer(), nullable=False),
        sa.Column("stream_head", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office"],
            ["office.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("office", "key"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "process_version",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("process", Identity(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("bpmn", sa.Text(), nullable=False),
        sa.Column("forms", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("author", Identity(), nullable=True),
        sa.Column("approver", Identity(), nullable=True),
        sa.Column("deployed_at", Instant(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approver"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["author"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["process"],
            ["process.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("process", "digest"),
        sa.UniqueConstraint("process", "number"),
        sqlite_with_rowid=True,
    )


def _cases() -> None:
    op.create_table(
        "instance",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("process", Identity(), nullable=False),
        sa.Column("version", Identity(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("starter", Identity(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("guard", sa.Integer(), nullable=False),
        sa.Column("undo_task", Identity(), nullable=True),
        sa.Column("undo_state", sa.Text(), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("chain_head", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office"],
            ["office.id"],
        ),
        sa.ForeignKeyConstraint(
            ["process"],
            ["process.id"],
        ),
        sa.ForeignKeyConstraint(
            ["starter"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["version"],
            ["process_version.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("office", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_instance_office", "instance", ["office", "id"], unique=False)
    op.create_index("ix_instance_status", "instance", ["office", "status", "id"], unique=False)
    op.create_index("ix_instance_process", "instance", ["process", "year"], unique=False)
    op.create_index(
        "ix_instance_running",
        "instance",
        ["process", "year"],
        unique=False,
        sqlite_where=sa.text("status = 'running'"),
        postgresql_where=sa.text("status = 'running'"),
    )
    op.create_table(
        "register",
        sa.Column("office", Identity(), nullable=False),
        sa.Column("process", Identity(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office"],
            ["office.id"],
        ),
        sa.ForeignKeyConstraint(
            ["process"],
            ["process.id"],
        ),
        sa.PrimaryKeyConstraint("office", "process", "year"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "participant",
        sa.Column("person", Identity(), nullable=False),
        sa.Column("instance", Identity(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance"],
            ["instance.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person", "instance"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_participant_instance", "participant", ["instance"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("instance", Identity(), nullable=False),
        sa.Column("process", Identity(), nullable=False),
        sa.Column("version", Identity(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("iteration", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("due_key", Instant(), nullable=False),
        sa.Column("assignee", Identity(), nullable=True),
        sa.Column("claimed_at", Instant(), nullable=True),
        sa.Column("delegated_by", Identity(), nullable=True),
        sa.Column("prepared_by", Identity(), nullable=True),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.Column("clock_started_at", Instant(), nullable=True),
        sa.Column("paused_at", Instant(), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("paused_minutes", sa.Integer(), nullable=False),
        sa.Column("completed_at", Instant(), nullable=True),
        sa.Column("completed_by", Identity(), nullable=True),
        sa.Column("on_behalf_of", Identity(), nullable=True),
        sa.Column("done_on", Instant(), nullable=True),
        sa.Column("worked_minutes", sa.Integer(), nullable=True),
        sa.Column("waited_minutes", sa.Integer(), nullable=True),
        sa.Column("attempt", Identity(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_task_delegated",
        "task",
        ["delegated_by", "due_key", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND delegated_by IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND delegated_by IS NOT NULL"),
    )
    op.create_index(
        "ix_task_done",
        "task",
        ["completed_by", "completed_at", "id"],
        unique=False,
        sqlite_where=sa.text("completed_by IS NOT NULL"),
        postgresql_where=sa.text("completed_by IS NOT NULL"),
    )
    op.create_index(
        "ix_task_held_due",
        "task",
        ["assignee", "due_key", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND assignee IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND assignee IS NOT NULL"),
    )
    op.create_index("ix_task_instance", "task", ["instance"], unique=False)
    op.create_index(
        "ix_task_pool_due",
        "task",
        ["office", "role", "due_key", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND assignee IS NULL"),
        postgresql_where=sa.text("state = 'open' AND assignee IS NULL"),
    )
    op.create_index(
        "ix_task_pool_id",
        "task",
        ["office", "role", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND assignee IS NULL"),
        postgresql_where=sa.text("state = 'open' AND assignee IS NULL"),
    )
    op.create_index(
        "ix_task_pool_number",
        "task",
        ["office", "role", "number", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND assignee IS NULL"),
        postgresql_where=sa.text("state = 'open' AND assignee IS NULL"),
    )
    op.create_index(
        "ix_task_pool_process",
        "task",
        ["office", "role", "process", "due_key", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND assignee IS NULL"),
        postgresql_where=sa.text("state = 'open' AND assignee IS NULL"),
    )
    op.create_index(
        "ix_task_prepared",
        "task",
        ["prepared_by", "due_key", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND prepared_by IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND prepared_by IS NOT NULL"),
    )
    op.create_index(
        "ix_task_role_due",
        "task",
        ["office", "role", "due_key", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND assignee IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND assignee IS NOT NULL"),
    )
    op.create_index(
        "ix_task_role_id",
        "task",
        ["office", "role", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND assignee IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND assignee IS NOT NULL"),
    )
    op.create_index(
        "ix_task_role_number",
        "task",
        ["office", "role", "number", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND assignee IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND assignee IS NOT NULL"),
    )
    op.create_index(
        "ix_task_role_process",
        "task",
        ["office", "role", "process", "due_key", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND assignee IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND assignee IS NOT NULL"),
    )
    op.create_index(
        "ux_task_open",
        "task",
        ["instance", "element", "round", "iteration"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "draft",
        sa.Column("task", Identity(), nullable=False),
        sa.Column("person", Identity(), nullable=False),
        sa.Column("aside", sa.Boolean(), nullable=False),
        sa.Column("form_digest", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("attempt", Identity(), nullable=True),
        sa.Column("prepared_for", Identity(), nullable=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("staged", sa.Text(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.Column("kept_until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["prepared_for"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["task"],
            ["task.id"],
        ),
        sa.PrimaryKeyConstraint("task", "person", "aside"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_draft_kept", "draft", ["kept_until"], unique=False)
    op.create_table(
        "timer",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("instance", Identity(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("iteration", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_timer_instance", "timer", ["instance"], unique=False)
    op.create_index("ix_timer_next_try", "timer", ["next_try_at"], unique=False)


def _documents() -> None:
    op.create_table(
        "blob",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("task", Identity(), nullable=True),
        sa.Column("uploaded_by", Identity(), nullable=True),
        sa.Column("uploaded_at", Instant(), nullable=False),
        sa.Column("erased_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["task"],
            ["task.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("object"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "document",
        sa.Column("instance", Identity(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("blob", Identity(), nullable=True),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("author", Identity(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("retention", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["blob"],
            ["blob.id"],
        ),
        sa.ForeignKeyConstraint(
            ["instance"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("instance", "no"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_document_blob",
        "document",
        ["blob"],
        unique=False,
        sqlite_where=sa.text("blob IS NOT NULL"),
        postgresql_where=sa.text("blob IS NOT NULL"),
    )
    op.create_table(
        "comment",
        sa.Column("id", Identity(), nullable=False),
        sa.Column("office", Identity(), nullable=False),
        sa.Column("instance", Identity(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("author", Identity(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance"],
            ["instance.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_comment_instance", "comment", ["instance"], unique=False)


def _record() -> None:
    op.create_table(
        "event",
        sa.Column("stream", Identity(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", Identity(), nullable=True),
        sa.Column("on_behalf_of", Identity(), nullable=True),
        sa.Column("attempt", Identity(), nullable=True),
        sa.Column("element", sa.Text(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("iteration", sa.Integer(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("stream", "seq"),
        sqlite_with_rowid=True,
    )
