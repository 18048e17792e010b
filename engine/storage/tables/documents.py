"""Documents of cases, and comments."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Text, text

from engine.storage.tables.columns import Identity, Instant, key, table

blob = table(
    "blob",
    key(),
    Column("office", Identity, nullable=False),
    Column("object", Text, nullable=False, unique=True),  # random name in the object store
    Column("filename", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes
    Column("digest", LargeBinary, nullable=False),  # SHA-256 of the bytes
    Column("pages", Integer),  # of a PDF, where it could be counted
    Column("task", Identity, ForeignKey("task.id")),  # for whose drafts it was chosen; only they may name it
    Column("uploaded_by", Identity),
    Column("uploaded_at", Instant, nullable=False),
    Column("erased_at", Instant),
)

document = table(
    "document",
    Column("instance", Identity, ForeignKey("instance.id"), primary_key=True),
    Column("no", Integer, primary_key=True),  # 1, 2, 3 … in the case: its address
    Column("office", Identity, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),  # 1, 2, 3 … of the name
    Column("state", Text, nullable=False),  # DocumentState
    Column("blob", Identity, ForeignKey("blob.id")),  # None: made from the form, drawn from the record
    Column("element", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("author", Identity, nullable=False),
    Column("at", Instant, nullable=False),
    Column("retention", Text),
    compact=True,
)
_with_bytes = text("blob IS NOT NULL")
Index("ix_document_blob", document.c.blob, sqlite_where=_with_bytes, postgresql_where=_with_bytes)

comment = table(
    "comment",
    key(),
    Column("office", Identity, nullable=False),
    Column("instance", Identity, ForeignKey("instance.id"), nullable=False),
    Column("element", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("author", Identity, nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
)
Index("ix_comment_instance", comment.c.instance)
