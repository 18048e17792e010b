"""New SOPs: each begins as a draft, from an empty diagram, as a copy of another, or from a file.

The SOP itself is written with its draft. Until a revision is made of that, only drafts know it: it is in no
list, and nobody can start a case on it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from engine.actions.draft_uploads import SopFile, columns_of
from engine.actions.process_drafts import begin, must_revise
from engine.bpmn.blank import Named, Words, blank_diagram
from engine.bpmn.copying import renamed
from engine.bpmn.other_tools import with_header
from engine.bpmn.subject import subject_of
from engine.core import Engine
from engine.errors import Invalid, NotFound, Problem, Sentence, say
from engine.ids import new_id
from engine.model.actor import Actor
from engine.model.sop_key import is_key, proposed_key
from engine.queries.library_versions import NO_SOP, counting, versions_of
from engine.storage import office, people, process_drafts, versions
from engine.storage.transaction import Connection
from engine.storage.versions import VersionFiles

__all__ = ["NewSop", "Words", "start_blank", "start_copy", "start_from_file"]

_LONGEST_NAME = 200
_MOST_LANES = 30


@dataclass(frozen=True, kw_only=True)
class NewSop:
    """What a new SOP is called. An empty key is made from the name."""

    name: str
    key: str = ""

    @property
    def wanted_key(self) -> str:
        """Give the key it is to have."""
        return self.key.strip() or proposed_key(self.name)

    @property
    def wanted_name(self) -> str:
        """Give the name on one line."""
        return " ".join(self.name.split())


def start_blank(
    engine: Engine, actor: Actor, new: NewSop, roles: tuple[str, ...], words: Words, attempt: UUID
) -> tuple[str, UUID]:
    """Begin a new SOP with a lane per role, in the order the office has them. Gives its key and the draft."""
    must_revise(actor)
    problems = _named_wrongly(new)
    with engine.store.transaction() as connection:
        before = _begun(connection, actor, attempt)
        if before is not None:
            return before
        labels = office.role_labels(connection, actor.office)
        lanes = [(key, label) for key, label in labels.items() if key in roles]
        if not lanes or len(lanes) > _MOST_LANES or set(roles) - set(labels):
            sentence = say("Choose who takes part: 1 to %(most)s of the office's roles.", most=_MOST_LANES)
            problems.append(_problem("roles", sentence))
        process, named = _process(connection, actor, new, problems)
        parts = {
            "bpmn": blank_diagram(named, lanes, words).decode(),
            "forms": {},
            "decisions": {},
            "notes": "",
        }
        begin(engine, connection, actor, attempt, process, parts, _about(named))
    return named.key, attempt


def start_copy(engine: Engine, actor: Actor, new: NewSop, source: str, attempt: UUID) -> tuple[str, UUID]:
    """Begin a new SOP as a copy of one of the library: what a new draft of that would begin with."""
    must_revise(actor)
    problems = _named_wrongly(new)
    with engine.store.transaction() as connection:
        before = _begun(connection, actor, attempt)
        if before is not None:
            return before
        files = _files_that_count(connection, actor, source)
        if subject_of(files.bpmn.encode()).is_called(new.wanted_name):
            sentence = say("The copied SOP is called so already. Give the new one another name.")
            problems.append(_problem("name", sentence))
        process, named = _process(connection, actor, new, problems)
        bpmn = renamed(files.bpmn.encode(), named).decode()
        parts = {"bpmn": bpmn, "forms": files.forms, "decisions": files.decisions, "notes": files.notes}
        about = _about(named) | {"copy": [source, files.number]}
        begin(engine, connection, actor, attempt, process, parts, about)
    return named.key, attempt


def start_from_file(
    engine: Engine, actor: Actor, new: NewSop, file: SopFile, attempt: UUID
) -> tuple[str, UUID]:
    """Begin a new SOP with a file; without a name it is called as the file calls its process."""
    must_revise(actor)
    with engine.store.reading() as connection:
        columns = columns_of(connection, actor, file)
    content = str(columns["bpmn"]).encode()
    new = replace(new, name=new.name.strip() or subject_of(content).title)
    problems = _named_wrongly(new)
    with engine.store.transaction() as connection:
        before = _begun(connection, actor, attempt)
        if before is not None:
            return before
        process, named = _process(connection, actor, new, problems)
        content = renamed(with_header(content, named.name, named.institution), named)
        nothing = {"forms": {}, "decisions": {}, "notes": ""}
        parts = nothing | columns | {"bpmn": content.decode()}
        about = _about(named) | {"file": file.plain_name}
        begin(engine, connection, actor, attempt, process, parts, about)
    return named.key, attempt


def _begun(connection: Connection, actor: Actor, attempt: UUID) -> tuple[str, UUID] | None:
    """Hold the office, so that two clicks or two owners with one key make one SOP; find what is there."""
    people.lock_office(connection, actor.office)
    draft = process_drafts.load(connection, actor.office, attempt)
    return None if draft is None else (draft.key, draft.id)


def _files_that_count(connection: Connection, actor: Actor, key: str) -> VersionFiles:
    _name, several = versions_of(connection, actor, key)
    process = versions.find_process(connection, actor.office, key)
    files = versions.files_of(connection, process, counting(several).number) if process else None
    if files is None:
        raise NotFound(NO_SOP)
    return files


def _process(
    connection: Connection, actor: Actor, new: NewSop, problems: list[Problem]
) -> tuple[UUID, Named]:
    """Write the SOP, or raise Invalid with every problem.

    A key whose only drafts were discarded is free again.
    """
    found = versions.find_process(connection, actor.office, new.wanted_key)
    if found is not None and process_drafts.is_used(connection, found):
        sentence = say("There is an SOP with this key already. Choose another key.")
        problems.append(_problem("key", sentence))
    if problems:
        raise Invalid(tuple(problems))
    named = Named(
        key=new.wanted_key, name=new.wanted_name, institution=office.name_of(connection, actor.office)
    )
    if found is None:
        found = new_id()
        versions.add_process(connection, id_=found, office=actor.office, key=named.key, name=named.name)
    else:
        versions.rename_process(connection, found, named.name)
    return found, named


def _named_wrongly(new: NewSop) -> list[Problem]:
    problems = []
    name = new.wanted_name
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        sentence = say("Write the name of the SOP, at most %(most)s characters.", most=_LONGEST_NAME)
        problems.append(_problem("name", sentence))
    elif not is_key(new.wanted_key):
        sentence = say(
            "Write a key of small letters, digits and hyphens, such as cuti-tahunan;"
            " “%(key)s” cannot be one.",
            key=new.wanted_key[:80],
        )
        problems.append(_problem("key", sentence))
    return problems


def _about(named: Named) -> dict[str, object]:
    return {"new": True, "key": named.key, "name": named.name}


_LABELS = {"name": "Name of the SOP", "key": "Key", "roles": "Roles"}  # as on the page


def _problem(field: str, sentence: Sentence) -> Problem:
    return Problem(field=field, label=_LABELS[field], sentence=sentence)
