"""The office: its units, people, roles, sign-in, calendar and settings."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint

from engine.storage.tables.columns import Identity, Instant, key, table

office = table(
    "office",
    key(),
    Column("parent", Identity, ForeignKey("office.id")),  # a unit (bidang, sekretariat) of an office
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False, default=0),  # order in lists of units
    Column("zone", Text, nullable=False, default="Asia/Jakarta"),
    Column("stream_seq", Integer, nullable=False, default=0),
    Column("stream_head", LargeBinary, nullable=False, default=bytes(32)),
)

person = table(
    "person",
    key(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("unit", Identity, ForeignKey("office.id")),
    Column("sign_in_name", Text, nullable=False, unique=True),
    Column("nip", Text, unique=True),
    Column("name", Text, nullable=False),
    Column("post", Text, nullable=False, default=""),  # jabatan, as shown
    Column("password_hash", Text),  # None until the one-time link was used
    Column("language", Text, nullable=False, default="id"),
    Column("active", Boolean, nullable=False, default=True),
    Column("demo", Boolean, nullable=False, default=False),
    Column("created_at", Instant, nullable=False),
)

role = table(
    "role",
    key(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("key", Text, nullable=False),  # what a lane names by sop:role
    Column("label", Text, nullable=False),  # Kasub
    Column("name", Text, nullable=False),  # Kasubbag Penyusunan Program
    Column("kind", Text, nullable=False),  # RoleKind
    Column("position", Integer, nullable=False, default=0),
    UniqueConstraint("office", "key"),
)

role_assignment = table(
    "role_assignment",
    key(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("role", Identity, ForeignKey("role.id"), nullable=False),
    Column("person", Identity, ForeignKey("person.id"), nullable=False),
    Column("standing", Text, nullable=False),  # Standing
    Column("since", Date, nullable=False),  # first day, in the office's zone
    Column("until", Date),  # last day; None is open-ended
    Column("letter", Text, nullable=False, default=""),
)
Index("ix_role_assignment_person", role_assignment.c.person)
Index("ix_role_assignment_role", role_assignment.c.role)

session = table(
    "session",
    Column("token_digest", LargeBinary, primary_key=True),  # SHA-256 of the cookie's random token
    Column("person", Identity, ForeignKey("person.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    compact=True,
)
Index("ix_session_person", session.c.person)

password_link = table(
    "password_link",
    Column("token_digest", LargeBinary, primary_key=True),
    Column("person", Identity, ForeignKey("person.id"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    compact=True,
)

failed_login = table(
    "failed_login",
    key(),
    Column("account", Text, nullable=False),  # id of the person as hex, else what was typed
    Column("place", Text, nullable=False),  # network address, or a browser the person knows
    Column("at", Instant, nullable=False),
)
Index("ix_failed_login_account", failed_login.c.account, failed_login.c.at)
Index("ix_failed_login_place", failed_login.c.place, failed_login.c.at)

calendar_day = table(
    "calendar_day",
    Column("office", Identity, ForeignKey("office.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind", Text, nullable=False),  # DayKind: holiday | workday
    Column("name", Text, nullable=False),
    compact=True,
)

setting = table(
    "setting",
    Column("office", Identity, ForeignKey("office.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
    compact=True,
)
