"""SOPs: their versions, drafts, rehearsals, reviews and what staff suggest."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint

from engine.storage.packing import PackedText
from engine.storage.tables.columns import Identity, Instant, key, table

process = table(
    "process",
    key(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("stream_seq", Integer, nullable=False, default=0),
    Column("stream_head", LargeBinary, nullable=False, default=bytes(32)),
    Column("acknowledgement", Text, nullable=False, server_default="show"),  # model.revision.Acknowledging
    UniqueConstraint("office", "key"),
)

# Triggers (storage.version_guard) keep everything down to ``base`` as it was written, and what approval set.
process_version = table(
    "process_version",
    key(),
    Column("process", Identity, ForeignKey("process.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),  # VersionState
    Column("digest", LargeBinary, nullable=False),
    Column("bpmn", Text, nullable=False),  # the file as deployed, never changed
    Column("forms", Text, nullable=False),  # JSON: form key -> form-js JSON
    Column("notes", Text, nullable=False, default=""),  # README.md: how the table was read
    Column("decisions", Text),  # JSON: file name -> DMN as deployed; None where it has none
    Column("definition", Text, nullable=False),  # JSON of model.definition.Definition
    Column("spec", Text, nullable=False),  # what bpmn.workflow runs
    Column("author", Identity, ForeignKey("person.id")),  # None: an operator's deployment
    Column("deployed_at", Instant, nullable=False),  # when it was submitted, or deployed by an operator
    Column("base", Identity),  # the version its draft was made from
    Column("approver", Identity, ForeignKey("person.id")),
    Column("approved_at", Instant),  # None: never approved, or deployed by an operator
    Column("approver_post", Text, nullable=False, server_default=""),  # as it was on that day
    Column("approver_name", Text, nullable=False, server_default=""),
    Column("approver_nip", Text, nullable=False, server_default=""),
    Column("sop_number", Text, nullable=False, server_default=""),  # nomor SOP
    Column("approval", Identity),  # blob: the signed scan or PDF
    Column("effective_from", Date),
    Column("reason", Text, nullable=False, server_default=""),  # why returned, withdrawn or in force again
    Column("trial_until", Date),  # last day on which a case may be started; None: no end
    Column("trial_cases", Integer),  # at most; None: as many as wanted
    Column("trial_team", Boolean, nullable=False, server_default="0"),  # only trial_member may start cases
    Column("revision_case", Identity),  # the case by which it is decided on
    Column("reinstated_on", Date),  # since when it is in force again; None: it never was replaced and back
    Column("reinstated_by", Identity),
    Column("reinstated_at", Instant),  # what was read of it before does not count any more
    Column("message", Text, nullable=False, server_default=""),  # of whoever submitted it
    UniqueConstraint("process", "number"),
    UniqueConstraint("process", "digest"),
)

trial_member = table(
    "trial_member",
    Column("version", Identity, ForeignKey("process_version.id"), primary_key=True),
    Column("person", Identity, ForeignKey("person.id"), primary_key=True),
    compact=True,
)

# What a process owner is changing. Several may hold one of the same SOP.
process_draft = table(
    "process_draft",
    key(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("process", Identity, ForeignKey("process.id"), nullable=False),
    Column("base", Identity),  # the version it began with; None: an SOP that is new
    Column("author", Identity, ForeignKey("person.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),  # compare-and-set: every save adds one
    Column("saved_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("state", Text, nullable=False),  # model.process_draft.DraftState
    Column("bpmn", PackedText, nullable=False),
    Column("forms", PackedText, nullable=False),  # JSON: form key -> form-js JSON
    Column("decisions", PackedText, nullable=False),  # JSON: file name -> DMN
    Column("notes", Text, nullable=False),
    Column("version", Identity),  # what it became
)
# What a draft was before its content was replaced as a whole: by a file, by an answer, by going back.
draft_before = table(
    "draft_before",
    Column("draft", Identity, ForeignKey("process_draft.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),  # the draft's, with this content
    Column("saved_by", Identity, ForeignKey("person.id"), nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("why", Text, nullable=False),  # model.process_draft.Replacing
    Column("file", Text, nullable=False),  # that took its place, or the question answered; else empty
    Column("title", Text, nullable=False, server_default=""),  # of the SOP that it was of
    Column("steps", Integer),  # that it had
    Column("bpmn", PackedText, nullable=False),
    Column("forms", PackedText, nullable=False),
    Column("decisions", PackedText, nullable=False),
    Column("notes", Text, nullable=False),
)
Index("ix_process_draft_process", process_draft.c.process, process_draft.c.state)
Index("ix_process_draft_version", process_draft.c.version)

# Everybody who changed a draft: none of them may approve what it became.
draft_author = table(
    "draft_author",
    Column("draft", Identity, ForeignKey("process_draft.id"), primary_key=True),
    Column("person", Identity, ForeignKey("person.id"), primary_key=True),
    compact=True,
)

# A draft as one of its owners tries it out alone, apart from all that real cases are made of. Forgotten
# when nobody went on with it for a while.
rehearsal = table(
    "rehearsal",
    key(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("draft", Identity, ForeignKey("process_draft.id"), nullable=False),
    Column("person", Identity, ForeignKey("person.id"), nullable=False),
    Column("draft_revision", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # of the draft's files when it began
    Column("definition", PackedText, nullable=False),
    Column("spec", PackedText, nullable=False),
    Column("forms", PackedText, nullable=False),  # JSON: form key -> form-js JSON
    Column("revision", Integer, nullable=False),  # compare-and-set: every step adds one
    Column("stands", PackedText, nullable=False),  # JSON: software, and model.rehearsal.Stand
    Column("past", PackedText, nullable=False),  # JSON: lines of stands that are gone
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("draft", "person"),
)

review_comment = table(
    "review_comment",
    key(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("version", Identity, ForeignKey("process_version.id"), nullable=False),
    Column("element", Text, nullable=False),  # empty: about the whole
    Column("author", Identity, ForeignKey("person.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Column("resolved_at", Instant),
    Column("resolved_by", Identity),
)
Index("ix_review_comment_version", review_comment.c.version)

acknowledgement = table(
    "acknowledgement",
    Column("version", Identity, ForeignKey("process_version.id"), primary_key=True),
    Column("person", Identity, ForeignKey("person.id"), primary_key=True),
    Column("at", Instant, nullable=False),
    compact=True,
)

# Each monitoring or evaluation of an SOP that fell due, once.
periodic_review = table(
    "periodic_review",
    Column("process", Identity, ForeignKey("process.id"), primary_key=True),
    Column("kind", Text, primary_key=True),  # model.review_due.ReviewKind
    Column("due_on", Date, primary_key=True),
    Column("instance", Identity, nullable=False),  # the case in which it is done
    compact=True,
)
Index("ix_periodic_review_instance", periodic_review.c.instance)

# What staff suggest to the owner of an SOP about a step.
suggestion = table(
    "suggestion",
    key(),
    Column("office", Identity, ForeignKey("office.id"), nullable=False),
    Column("process", Identity, ForeignKey("process.id"), nullable=False),
    Column("version", Identity, ForeignKey("process_version.id"), nullable=False),
    Column("element", Text, nullable=False),
    Column("instance", Identity, ForeignKey("instance.id")),  # the case it came up in
    Column("author", Identity, ForeignKey("person.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", Text, nullable=False),  # model.suggestion.SuggestionState
    Column("answer", Text, nullable=False, server_default=""),
    Column("answered_by", Identity, ForeignKey("person.id")),
    Column("answered_at", Instant),
    Column("draft", Identity),  # in which it was done, if it was taken up
    Column("seen_at", Instant),  # by its author: what became of it
)
Index("ix_suggestion_process", suggestion.c.process, suggestion.c.state)
Index("ix_suggestion_author", suggestion.c.author)
