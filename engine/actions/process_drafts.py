"""Drafts of revisions: begun from a version, saved by compare-and-set, discarded.

Every process owner of the office may change every draft. Nothing is overwritten unseen: whoever saves
says which revision of the draft they changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from engine.actions.deployment import Package, read_forms
from engine.core import Engine
from engine.errors import AlurError, Conflict, Invalid, NotFound, Problem, say
from engine.model.actor import Actor
from engine.model.event import EventKind, Scope
from engine.model.permission import Permission
from engine.model.process_draft import DraftState, ProcessDraft
from engine.model.unseen import NO_DRAFT
from engine.queries.process_drafts import package_of
from engine.storage import events, people, process_drafts, versions
from engine.storage.events import Line
from engine.storage.transaction import Connection
from engine.xml_guard import file_text, read_tree, refused

_FORM_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
MOST_FORMS = 200
MOST_BYTES = 10_000_000  # of a draft's files together: what it was before is kept many times
_MOST_DRAFTS = 20  # open ones of an SOP


@dataclass(frozen=True, kw_only=True)
class DraftChange:
    """What is to be saved. None leaves a part as it is; a form's None takes it away."""

    revision: int  # of the draft, as it was opened
    bpmn: bytes | None = None
    forms: Mapping[str, str | None] = field(default_factory=dict)
    decisions: Mapping[str, bytes] | None = None  # all of them
    notes: str | None = None
    by_hand: bool = True


class DraftMoved(Conflict):
    """Somebody saved the draft since it was opened. It carries the draft as it is now."""

    def __init__(self, draft: ProcessDraft) -> None:
        """Keep what the other one saved, to be compared."""
        self.draft = draft
        super().__init__(say("This draft was changed on another page on %(when)s.", when=draft.saved_at))


def start_draft(engine: Engine, actor: Actor, key: str, number: int, attempt: UUID) -> UUID:
    """Begin a draft from the version of an SOP with a number.

    ``attempt`` becomes the draft's identity, so that a second click begins no second draft.
    """
    must_revise(actor)
    with engine.store.transaction() as connection:
        people.lock_office(connection, actor.office)  # a second click waits, and finds the first one's
        again = process_drafts.load(connection, actor.office, attempt)
        if again is not None:
            if again.key != key or again.author != actor.person:
                raise NotFound(NO_DRAFT)
            return attempt
        process = versions.find_process(connection, actor.office, key)
        base = versions.files_of(connection, process, number) if process else None
        if process is None or base is None:
            raise NotFound(NO_DRAFT)
        if process_drafts.count_open(connection, process) >= _MOST_DRAFTS:
            raise Conflict(say("There are %(most)s open drafts. Discard one first.", most=_MOST_DRAFTS))
        parts = {"bpmn": base.bpmn, "forms": base.forms, "decisions": base.decisions, "notes": base.notes}
        begin(engine, connection, actor, attempt, process, parts | {"base": base.id}, {"base": number})
    return attempt


def save_draft(engine: Engine, actor: Actor, draft_id: UUID, change: DraftChange) -> ProcessDraft:
    """Save what was changed; what cannot be read is refused, what cannot run yet is not.

    Autosave writes no event as long as the same person goes on.
    """
    must_revise(actor)
    columns = checked(change)
    with engine.store.transaction() as connection:
        draft = open_draft(connection, actor, draft_id)
        forms = _changed_forms(draft, change)
        if len(forms) > MOST_FORMS:
            raise _invalid("forms", say("At most %(most)s forms fit into an SOP.", most=MOST_FORMS))
        must_fit(parts_of(draft) | columns | {"forms": forms})
        now = engine.clock.now()
        saved = process_drafts.save(
            connection,
            draft_id,
            change.revision,
            **columns,
            forms=forms,
            saved_by=actor.person,
            saved_at=now,
        )
        if not saved:
            raise DraftMoved(draft)
        process_drafts.note_author(connection, draft_id, actor.person)
        if change.by_hand or draft.saved_by != actor.person:
            payload = {"draft": draft_id.hex, "revision": change.revision + 1}
            line = Line(kind=EventKind.PROCESS_DRAFT_SAVED, payload=payload)
            events.append(connection, Scope.LIBRARY, draft.process, actor, now, [line])
        return open_draft(connection, actor, draft_id)


def discard_draft(engine: Engine, actor: Actor, draft_id: UUID, revision: int) -> None:
    """Put a draft away. It stays in the database, and is no longer offered."""
    must_revise(actor)
    with engine.store.transaction() as connection:
        draft = open_draft(connection, actor, draft_id)
        if not process_drafts.save(connection, draft_id, revision, state=DraftState.DISCARDED):
            raise DraftMoved(draft)
        line = Line(kind=EventKind.PROCESS_DRAFT_DISCARDED, payload={"draft": draft_id.hex})
        events.append(connection, Scope.LIBRARY, draft.process, actor, engine.clock.now(), [line])


def must_revise(actor: Actor) -> None:
    """Let only process owners change SOPs; for others there is nothing to be seen."""
    if actor.person is None or not actor.may(Permission.REVISE):
        raise NotFound(NO_DRAFT)


def open_draft(connection: Connection, actor: Actor, draft_id: UUID) -> ProcessDraft:
    """Read a draft that can still be changed."""
    draft = process_drafts.load(connection, actor.office, draft_id)
    if draft is None:
        raise NotFound(NO_DRAFT)
    if draft.state is DraftState.SUBMITTED:
        raise Conflict(say("This draft was submitted. What is to be changed now needs a new draft."))
    if draft.state is DraftState.DISCARDED:
        raise Conflict(say("This draft was discarded."))
    return draft


def parts_of(draft: ProcessDraft) -> dict[str, object]:
    """Give the content of a draft by its columns."""
    return {"bpmn": draft.bpmn, "forms": draft.forms, "decisions": draft.decisions, "notes": draft.notes}


def must_fit(parts: Mapping[str, object]) -> None:
    """Refuse what is too much for a draft: of its columns, those that hold its files."""
    held = (parts.get(name) or "" for name in ("bpmn", "forms", "decisions", "notes"))
    texts = [text for one in held for text in (one.values() if isinstance(one, Mapping) else (one,))]
    found = sum(len(str(text).encode()) for text in texts)
    if found > MOST_BYTES:
        raise refused(
            "too-large",
            say(
                "The files of the SOP have %(found)s bytes together; at most %(most)s fit into a draft",
                found=found,
                most=MOST_BYTES,
            ),
        )


def with_change(draft: ProcessDraft, change: DraftChange) -> Package:
    """Give the files of a draft as they would be with a change; nothing is saved, nothing checked."""
    package = package_of(draft)
    return replace(
        package,
        bpmn=package.bpmn if change.bpmn is None else change.bpmn,
        forms=_changed_forms(draft, change),
    )


def begin(  # noqa: PLR0913, PLR0917 - a draft has this many facts
    engine: Engine,
    connection: Connection,
    actor: Actor,
    draft_id: UUID,
    process: UUID,
    parts: Mapping[str, object],
    about: Mapping[str, object],
) -> None:
    """Write a draft with its first event, in the transaction of the act that begins it."""
    must_fit(parts)
    now = engine.clock.now()
    process_drafts.add(
        connection,
        id=draft_id,
        office=actor.office,
        process=process,
        author=actor.person,
        created_at=now,
        revision=1,
        saved_by=actor.person,
        saved_at=now,
        state=DraftState.OPEN,
        **parts,
    )
    process_drafts.note_author(connection, draft_id, actor.person)
    line = Line(kind=EventKind.PROCESS_DRAFT_STARTED, payload={"draft": draft_id.hex, **about})
    events.append(connection, Scope.LIBRARY, process, actor, now, [line])


def checked(change: DraftChange) -> dict[str, object]:
    """Give the columns to be written; Refused names what cannot be read."""
    columns: dict[str, object] = {}
    if change.bpmn is not None:
        read_tree(change.bpmn)
        columns["bpmn"] = file_text(change.bpmn)
    for key in change.forms:
        if _FORM_KEY.fullmatch(key) is None:
            sentence = say(
                "“%(key)s” cannot name a form. Use letters, digits, hyphens and underscores.", key=key[:80]
            )
            raise _invalid("forms", sentence)
    read_forms({key: text for key, text in change.forms.items() if text is not None})
    if len(change.forms) > MOST_FORMS:
        raise _invalid("forms", say("At most %(most)s forms fit into an SOP.", most=MOST_FORMS))
    if change.decisions is not None:
        for content in change.decisions.values():
            read_tree(content)
        columns["decisions"] = {name: file_text(content) for name, content in change.decisions.items()}
    if change.notes is not None:
        columns["notes"] = change.notes
    return columns


def _changed_forms(draft: ProcessDraft, change: DraftChange) -> dict[str, str]:
    forms: dict[str, str | None] = {**draft.forms, **change.forms}
    return {key: text for key, text in forms.items() if text is not None}


def _invalid(name: str, sentence: object) -> AlurError:
    return Invalid((Problem(field=name, label=name, sentence=sentence),))  # type: ignore[arg-type]
