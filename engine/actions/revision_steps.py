"""``revision``: what a case about a revision has done to it, as the person who completed a step of the case.

Who that is, and what they filled in, is taken from the record of the step, never from an expression: whoever
draws the SOP, or corrects a value of the case, cannot speak for an approver. All rules are those of
``approvals``; what they refuse goes to the error event of the task with the code ``refused``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from engine.actions.approvals import Approval, approve, return_version
from engine.actions.files import Upload
from engine.actions.own_sops import as_person
from engine.connectors import CallFailed
from engine.core import Engine
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Sentence, UploadRefused, say
from engine.ids import parse_id
from engine.model.actor import Actor
from engine.model.definition import Purpose
from engine.model.event import EventKind
from engine.model.instance import VersionState
from engine.model.job import REVISION
from engine.model.permission import Permission
from engine.model.revision import Signatory
from engine.model.task import TaskState
from engine.storage import documents, events, instances, jobs, revision_cases, tasks
from engine.storage.revision_cases import Subject

_APPROVED = frozenset({VersionState.APPROVED, VersionState.IN_FORCE, VersionState.SUPERSEDED})
_RULES_MAY_BE = frozenset({VersionState.IN_FORCE, VersionState.SUPERSEDED})


@dataclass(frozen=True, kw_only=True)
class _Step:
    """A completed step of a case, as the record has it."""

    case: UUID
    subject: Subject
    who: Actor
    sent: Mapping[str, Any]  # by field


class RevisionSteps:
    """See ``docs/operating.md`` for inputs, answer and codes of failures."""

    name = REVISION
    needed = ("act", "step")
    optional = ("number", "effective_from", "paper", "post", "name", "nip", "reason")

    def __init__(self, engine: Engine) -> None:
        """Take the engine whose actions it calls."""
        self._engine = engine

    def call(self, inputs: Mapping[str, Any], idempotency_key: str) -> dict[str, Any]:
        """Approve or return; a call whose answer was lost is not done twice."""
        acts = {"approve": self._approve, "return": self._return}
        act = acts.get(str(inputs["act"]))
        if act is None:
            raise _refused(say("The connector cannot do “%(act)s”.", act=str(inputs["act"])[:60]))
        step = self._step(str(inputs["step"]), idempotency_key)
        fields = {name: str(inputs[name]) for name in self.optional if inputs.get(name)}
        try:
            act(step, fields)
        except Invalid as invalid:
            raise _refused(
                invalid.problems[0].sentence if invalid.problems else invalid.sentence
            ) from invalid
        except (Conflict, Forbidden, NotFound, UploadRefused) as error:
            raise _refused(error.sentence) from error
        return {"by": step.who.name, "revision": step.subject.number}

    def _step(self, element: str, key: str) -> _Step:
        id_ = parse_id(key)
        with self._engine.store.reading() as connection:
            job = jobs.load(connection, id_) if id_ else None
            subject = revision_cases.about(connection, job.instance) if job else None
            if job is None or subject is None or subject.office != job.office:
                raise _refused(say("This case is about no revision of an SOP."))
            rules = instances.version_of(connection, job.instance)
            document = self._engine.versions.get(rules).definition.document
            approved = revision_cases.state_of(connection, rules) in _RULES_MAY_BE
            if document.purpose is not Purpose.REVISION or not approved:
                raise _refused(say("Only an approved SOP for revisions can decide on one."))
            done = [
                one
                for one in tasks.of_instance(connection, job.instance)
                if one.element == element and one.state is TaskState.COMPLETED
            ]
            last = max(done, key=lambda one: (one.round, one.id), default=None)
            if last is None or last.completed_by is None or last.attempt is None:
                raise _refused(say("Nobody has completed the step “%(step)s”.", step=element[:60]))
            kind = EventKind.TASK_COMPLETED
            said = events.payload_of(connection, job.instance, kind, last.attempt) or {}
            who = as_person(self._engine, connection, job.office, last.completed_by)
        if not who.may(Permission.APPROVE):
            raise _refused(say("%(who)s may not decide on SOPs.", who=who.name))
        return _Step(case=job.instance, subject=subject, who=who, sent=said.get("data", {}))

    def _approve(self, step: _Step, fields: Mapping[str, str]) -> None:
        subject = step.subject
        if subject.state in _APPROVED and subject.approver == step.who.person:
            return  # the answer of an earlier call was lost
        number, day = _text(step, fields, "number"), _day(_sent(step, fields, "effective_from"))
        signed = Signatory(**{name: _text(step, fields, name) for name in ("post", "name", "nip")})
        chosen = _sent(step, fields, "paper")
        id_ = parse_id(str(chosen[0])) if isinstance(chosen, list) and chosen else None
        with self._engine.store.reading() as connection:
            row = documents.blobs(connection, [id_]).get(id_) if id_ else None
        approval = Approval(number=number, effective_from=day, paper=None, signatory=signed)
        if row is None:
            self._approve_with(step, approval)
            return
        with self._engine.blobs.as_file(row.object) as path, path.open("rb") as stream:
            paper = Upload(field="paper", filename=row.filename, stream=stream)
            self._approve_with(step, replace(approval, paper=paper))

    def _approve_with(self, step: _Step, approval: Approval) -> None:
        subject = step.subject
        approve(self._engine, step.who, subject.key, subject.number, approval, case=step.case)

    def _return(self, step: _Step, fields: Mapping[str, str]) -> None:
        subject = step.subject
        if subject.state is VersionState.RETURNED:
            return  # as above: while its case is open nobody else returns it
        reason = _text(step, fields, "reason")
        return_version(self._engine, step.who, subject.key, subject.number, reason, case=step.case)


def _sent(step: _Step, fields: Mapping[str, str], name: str) -> Any:  # noqa: ANN401 - by the field's type
    return step.sent.get(fields.get(name, ""))


def _text(step: _Step, fields: Mapping[str, str], name: str) -> str:
    return str(_sent(step, fields, name) or "").strip()


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _refused(sentence: Sentence) -> CallFailed:
    return CallFailed(sentence, code="refused", final=True)
