"""The record and the tree over it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, SmallInteger, Text, text

from engine.storage.packing import RecordText
from engine.storage.tables.columns import Identity, Instant, table

event = table(
    "event",
    Column("stream", Identity, primary_key=True),  # id of the instance, office or process
    Column("seq", Integer, primary_key=True),  # 1, 2, 3 … per stream
    Column("scope", SmallInteger, nullable=False),  # place in model.event.Scope
    Column("kind", Text, nullable=False),  # EventKind
    Column("at", Instant, nullable=False),
    Column("actor", Identity),
    Column("on_behalf_of", Identity),
    Column("attempt", Identity),
    Column("element", Text),
    Column("round", Integer),
    Column("iteration", Integer),
    Column("payload", RecordText),  # JSON, hashed as this text; None once erased; a reference once archived
    Column("salt", LargeBinary),
    Column("digest", LargeBinary, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("sealed", BigInteger),  # global index, set by the sealer
    # Not compact: a row without a rowid spills over into pages of its own from a quarter of a page on.
)
# Where cases went another way than their SOP says: few of all events, and looked for in all cases at once. A
# statement has this condition in these words beside its own, else the index could not be used.
DEVIATING = (
    "kind IN ('attempt.refused', 'case.move-undone', 'case.moved', 'completion.withdrawn',"
    " 'incident.corrected', 'task.amended')"
)
_deviating = text(DEVIATING)
Index(
    "ix_event_deviating",
    event.c.kind,
    event.c.at,
    sqlite_where=_deviating,
    postgresql_where=_deviating,
)
# What was erased of cases, looked for in all of them at once.
ERASING = "kind = 'data.erased'"
_erasing = text(ERASING)
Index("ix_event_erasing", event.c.at, sqlite_where=_erasing, postgresql_where=_erasing)
# What the office said to findings, in a stream that has every reading and sign-in too.
SAID = "kind IN ('finding.answered', 'finding.followed-up')"
_said = text(SAID)
Index("ix_event_said", event.c.stream, event.c.seq, sqlite_where=_said, postgresql_where=_said)
# NULLs are found by it too: what is not sealed yet.
Index("ux_event_sealed", event.c.sealed, unique=True)

# The right edge of the tree over the record: one row, from the first sealing on.
tree = table(
    "tree",
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False),  # names the record for ever
    Column("key", Text, nullable=False),  # the public key that signed last, as a verifier's line
    Column("size", BigInteger, nullable=False),  # events sealed
    Column("peaks", LargeBinary, nullable=False),  # model.merkle.Frontier, packed
    Column("checkpoint", Text, nullable=False),  # the newest, a signed note
    Column("at", Instant, nullable=False),  # when that was signed
)

# Roots over 256 events each, so that a proof needs no more events than those beside it.
tile = table(
    "tile",
    Column("no", Integer, primary_key=True, autoincrement=False),  # of events 256 * no and on
    Column("root", LargeBinary, nullable=False),
    compact=True,
)

# Some of the newest checkpoints, as they were.
checkpoint = table(
    "checkpoint",
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),  # a signed note
    Column("at", Instant, nullable=False),
    compact=True,
)

# A copy of a checkpoint that is to be outside the database.
checkpoint_copy = table(
    "checkpoint_copy",
    Column("size", BigInteger, ForeignKey("checkpoint.size"), primary_key=True, autoincrement=False),
    Column("sink", Text, primary_key=True),  # model.checkpoint.Sink
    Column("asked_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("tries", Integer, nullable=False, default=0),  # that failed
    Column("next_try_at", Instant),  # None: done, or a newer one took its place
    Column("problem", Text),  # JSON of a sentence: why the last try failed
    compact=True,
)
Index("ix_checkpoint_copy_next_try", checkpoint_copy.c.next_try_at)

# Files that hold texts of the record, outside the database.
archive = table(
    "archive",
    Column("number", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 …
    Column("id", Identity, nullable=False),  # the file says the same of itself
    Column("name", Text, nullable=False),  # of the file
    Column("until", Text, nullable=False),  # its cases ended before that day
    Column("cases", Integer, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes of the file when it was made
    Column("made_at", Instant, nullable=False),
    Column("made_by", Identity, ForeignKey("person.id")),  # None: the operator
    Column("settled_at", Instant),  # since when all its texts are read from there
    Column(
        "abandoned_at", Instant
    ),  # since when it is none: its file was lost before any text was read there
    compact=True,
)
