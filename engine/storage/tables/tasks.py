"""Tasks as the inbox lists them, drafts of their forms, timers."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Text, text

from engine.storage.tables.columns import Identity, Instant, key, table

task = table(
    "task",
    key(),
    Column("office", Identity, nullable=False),
    Column("instance", Identity, ForeignKey("instance.id"), nullable=False),
    Column("process", Identity, nullable=False),
    Column("version", Identity, nullable=False),
    Column("element", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("iteration", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("number", Text, nullable=False, default=""),  # of the case: what the inbox is sorted by
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),  # TaskState
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("due_key", Instant, nullable=False),  # due_at, or NO_DUE, or CLOSED
    Column("assignee", Identity),
    Column("claimed_at", Instant),
    Column("delegated_by", Identity),
    Column("prepared_by", Identity),
    Column("seen_at", Instant),
    Column("clock_started_at", Instant),
    Column("paused_at", Instant),
    Column("pause_reason", Text),
    Column("paused_minutes", Integer, nullable=False, default=0),
    Column("completed_at", Instant),
    Column("completed_by", Identity),
    Column("on_behalf_of", Identity),
    Column("done_on", Instant),  # None: as it was completed
    Column("worked_minutes", Integer),  # working minutes from clock start to completion, less pauses
    Column("waited_minutes", Integer),  # working minutes open but not running
    Column("attempt", Identity),  # of the completion
    compact=True,
)
# The inbox reads each of its sources in the order it shows: every combination below is a scan of
# as many index entries as a page has rows, however many tasks are open.
_OPEN, _POOL, _HELD = (
    "state = 'open'",
    "state = 'open' AND assignee IS NULL",
    "state = 'open' AND assignee IS NOT NULL",
)


def _task_index(name: str, where: str, *columns: str, unique: bool = False) -> None:
    condition = text(where)
    parts = [task.c[column] for column in columns]
    Index(name, *parts, unique=unique, sqlite_where=condition, postgresql_where=condition)


Index("ix_task_instance", task.c.instance)
_task_index("ux_task_open", _OPEN, "instance", "element", "round", "iteration", unique=True)
for _name, _where in (("pool", _POOL), ("role", _HELD)):
    _task_index(f"ix_task_{_name}_due", _where, "office", "role", "due_key", "id")
    _task_index(f"ix_task_{_name}_id", _where, "office", "role", "id")
    _task_index(f"ix_task_{_name}_number", _where, "office", "role", "number", "id")
    _task_index(f"ix_task_{_name}_process", _where, "office", "role", "process", "due_key", "id")
_task_index("ix_task_held_due", _HELD, "assignee", "due_key", "id")
_task_index("ix_task_delegated", f"{_OPEN} AND delegated_by IS NOT NULL", "delegated_by", "due_key", "id")
_task_index("ix_task_prepared", f"{_OPEN} AND prepared_by IS NOT NULL", "prepared_by", "due_key", "id")
_task_index("ix_task_done", "completed_by IS NOT NULL", "completed_by", "completed_at", "id")

draft = table(
    "draft",
    Column("task", Identity, ForeignKey("task.id"), primary_key=True),
    Column("person", Identity, ForeignKey("person.id"), primary_key=True),
    Column("aside", Boolean, primary_key=True),  # kept beside the person's draft, which another page changed
    Column("form_digest", LargeBinary, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("attempt", Identity),  # the opened form it was saved from
    Column("prepared_for", Identity, ForeignKey("person.id")),  # whose task it was typed for, as a preparer
    Column("fields", Text, nullable=False),  # JSON: name -> list of what was typed
    Column("staged", Text, nullable=False),  # JSON: field or slot name -> list of blob ids
    Column("saved_at", Instant, nullable=False),
    Column("kept_until", Instant),  # None while its task is open
    compact=True,
)
Index("ix_draft_kept", draft.c.kept_until)  # with the key it has all that the clean-up asks

timer = table(
    "timer",
    key(),
    Column("office", Identity, nullable=False),
    Column("instance", Identity, ForeignKey("instance.id"), nullable=False),
    Column("element", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("iteration", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, default=0),  # that failed
    Column("next_try_at", Instant, nullable=False),  # due_at until one failed
)
Index("ix_timer_next_try", timer.c.next_try_at)
Index("ix_timer_instance", timer.c.instance)
