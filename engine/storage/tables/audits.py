"""What auditors work with: letters of assignment, findings, inquiries, samples, what they read."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)

from engine.storage.tables.columns import Identity, Instant, key, table

# Letters of assignment (surat tugas). What one covers is never changed: another letter takes its place.
audit_assignment = table(
    "audit_assignment",
    key(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("number", Text, nullable=False),
    Column("dated", Date, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("valid_from", Date, nullable=False),  # first day, in the office's zone
    Column("valid_until", Date, nullable=False),  # last day
    Column("cases_from", Date),  # cases that were alive in these days
    Column("cases_until", Date),
    Column("units", Text, nullable=False),  # JSON: ids; none is the whole office
    Column("sops", Text, nullable=False),  # JSON: ids of processes; none is all of them
    Column("end_reason", Text),  # of one that was ended before its last day
    UniqueConstraint("office", "number"),
)
audit_member = table(
    "audit_member",
    Column("assignment", Identity, ForeignKey("audit_assignment.id"), primary_key=True),
    Column("person", Identity, ForeignKey("person.id"), primary_key=True),
    Column("head", Boolean, nullable=False),
    # Last day: the letter's, or earlier for who has left the team. Here too, so that who asks is found by it.
    Column("until", Date, nullable=False),
    compact=True,
)
Index("ix_audit_member_person", audit_member.c.person, audit_member.c.until)

# Findings of audits. Nothing of one is deleted; the record has what a draft was before it was changed.
finding = table(
    "finding",
    key(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("assignment", Identity, ForeignKey("audit_assignment.id"), nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 … in the office
    Column("revision", Integer, nullable=False),  # compare-and-set: every change adds one
    Column("state", Text, nullable=False),  # FindingState
    Column("title", Text, nullable=False),
    Column("condition", Text, nullable=False),
    Column("criteria", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("effect", Text, nullable=False),
    Column("recommendation", Text, nullable=False),
    Column("figures", Text, nullable=False),  # JSON: addresses of pages of figures
    Column("prepared_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("prepared_at", Instant, nullable=False),  # or changed last
    Column("reviewed_by", Identity, ForeignKey("person.id")),
    Column("reviewed_at", Instant),
    Column("delivered_by", Identity, ForeignKey("person.id")),
    Column("delivered_at", Instant),
    Column("answer", Text),
    Column("answered_by", Identity, ForeignKey("person.id")),
    Column("answered_at", Instant),
    Column("follow_up", Text),  # FollowUp
    Column("follow_up_text", Text),
    Column("followed_up_by", Identity, ForeignKey("person.id")),
    Column("followed_up_at", Instant),
    Column("conclusion", Text),
    Column("closed_by", Identity, ForeignKey("person.id")),
    Column("closed_at", Instant),
    UniqueConstraint("office", "number"),
)
finding_case = table(
    "finding_case",
    Column("finding", Identity, ForeignKey("finding.id"), primary_key=True),
    Column("instance", Identity, ForeignKey("instance.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),  # of an event; 0 is the case as a whole
    compact=True,
)

# What auditors ask people of the office. Neither a question nor an answer is ever changed.
inquiry = table(
    "inquiry",
    key(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("assignment", Identity, ForeignKey("audit_assignment.id"), nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 … in the office
    Column("instance", Identity, ForeignKey("instance.id"), nullable=False),
    Column("seq", Integer, nullable=False),  # of an event; 0 is the case as a whole
    Column("asked_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_of", Identity, ForeignKey("person.id"), nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text),
    Column("answered_at", Instant),
    UniqueConstraint("office", "number"),
)
Index("ix_inquiry_asked_of", inquiry.c.asked_of, inquiry.c.answered_at)
Index("ix_inquiry_instance", inquiry.c.instance, inquiry.c.seq)

# When somebody who only supervises last had a page of a case put on record as read.
case_read = table(
    "case_read",
    Column("person", Identity, ForeignKey("person.id"), primary_key=True),
    Column("instance", Identity, ForeignKey("instance.id"), primary_key=True),
    Column("page", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    compact=True,
)

# A random sample of cases, with the working papers of the team that drew it.
sample = table(
    "sample",
    key(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("assignment", Identity, ForeignKey("audit_assignment.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("process", Identity, ForeignKey("process.id")),  # None: of every SOP
    Column("since", Date),  # cases started from this day on, in the office's zone
    Column("until", Date),  # the last such day
    Column("seed", Text, nullable=False),
    Column("population", Integer, nullable=False),  # how many cases it was drawn from
    Column("population_digest", LargeBinary, nullable=False),  # model.sampling.population_digest
    Column("state", Text, nullable=False),  # SampleState
    Column("revision", Integer, nullable=False),  # counts changes of this row
    Column("prepared_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("drawn_at", Instant, nullable=False),
    Column("conclusion", Text, nullable=False),
    Column("concluded_at", Instant),
    Column("reviewed_by", Identity, ForeignKey("person.id")),
    Column("reviewed_at", Instant),
    Column("review", Text, nullable=False),  # what the reviewer said last
)
Index("ix_sample_office", sample.c.office, sample.c.assignment, sample.c.id)

sample_case = table(
    "sample_case",
    Column("sample", Identity, ForeignKey("sample.id"), primary_key=True),
    Column("place", Integer, primary_key=True),  # 1, 2, 3 … as it was drawn
    Column("instance", Identity, ForeignKey("instance.id"), nullable=False),
    Column("verdict", Text, nullable=False),  # Verdict
    Column("note", Text, nullable=False),
    Column("revision", Integer, nullable=False),  # counts changes of this row
    Column("noted_by", Identity, ForeignKey("person.id")),
    Column("noted_at", Instant),
    compact=True,
)

# Whoever wrote notes or the conclusion of a sample, also where another has written over it since.
sample_preparer = table(
    "sample_preparer",
    Column("sample", Identity, ForeignKey("sample.id"), primary_key=True),
    Column("person", Identity, ForeignKey("person.id"), primary_key=True),
    compact=True,
)

# Large files that the worker makes for somebody; each is there for a day.
takeout = table(
    "takeout",
    key(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("kind", Text, nullable=False),  # TakeoutKind
    Column("asked", Text, nullable=False),  # JSON
    Column("asked_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("letters", Text, nullable=False),  # JSON: ids of letters, or null where none is needed
    Column("state", Text, nullable=False),  # TakeoutState
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("object", Text),  # in the store of documents' bytes
    Column("filename", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("facts", Text, nullable=False),  # JSON, for the record
    Column("problem", Text),  # JSON of a sentence
    Column("run_at", Instant),  # when a worker may take it; while one has it the end of its lease; None: over
    Column("ended_at", Instant),
)
Index("ix_takeout_run_at", takeout.c.run_at)
Index("ix_takeout_asked_by", takeout.c.asked_by, takeout.c.id)
