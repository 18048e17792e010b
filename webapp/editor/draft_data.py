"""What the editor and the server say to each other: plain values, sentences already in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.actions.process_drafts import DraftChange
from engine.errors import AlurError, Finding, Invalid, Problem, say
from engine.model.permission import Permission
from engine.model.question import Question
from engine.model.suggestion import SuggestionState
from engine.queries.draft_findings import DraftFindings
from engine.queries.open_questions import questions_of
from engine.queries.process_drafts import DraftPage
from engine.queries.suggestions import Suggestion
from webapp import current
from webapp.language import language
from webapp.rendering import sentence
from webapp.wording import draft_saved, moment

_LARGEST = 2**31 - 1  # PostgreSQL's integer
_MOST_FORMS = 500  # sent at once; more no SOP has
_NOT_UNDERSTOOD = say("The server did not understand what the editor sent. Reload the page.")


def of_draft(page: DraftPage, found: DraftFindings, said: Iterable[Suggestion]) -> dict[str, Any]:
    """Give everything the editor begins with; ``said`` are suggestions to answer or to work on."""
    draft = page.draft
    connectors = sorted(current.engine().connectors.items())
    return {
        "address": f"/library/{draft.key}/drafts/{draft.id.hex}",
        "key": draft.key,
        "bpmn": draft.bpmn,
        "forms": dict(draft.forms),
        "decisions": sorted(draft.decisions),
        "roles": [{"key": one.key, "label": one.label, "name": one.name} for one in page.roles],
        "role_address": "/admin/roles/new" if current.actor().may(Permission.MANAGE_PEOPLE) else "",
        "connectors": [
            {"key": name, "needed": sorted(one.needed), "optional": sorted(one.optional)}
            for name, one in connectors
        ],
        "questions": [_question(one) for one in questions_of(draft)],
        "language": language(),
        "suggestions": [
            {
                "element": one.element,
                "text": one.text,
                "by": one.by,
                "at": moment(one.at),
                "accepted": one.state is SuggestionState.TAKEN,
                "answer": one.answer,
            }
            for one in said
        ],
        **_standing(page),
        **findings(found),
    }


def _question(one: Question) -> dict[str, Any]:
    """Give an open question; ``elements`` are those it is about."""
    return {
        "key": one.key,
        "elements": list(one.about),
        "text": one.text,
        "why": one.why,
        "guess": one.guess,
        "answered": one.answered,
        "answers": [{"key": answer.key, "text": answer.text} for answer in one.answers],
    }


def saved(page: DraftPage, found: DraftFindings) -> dict[str, Any]:
    """Give what is known after a save."""
    return _standing(page) | findings(found)


def moved(page: DraftPage, words: str) -> dict[str, Any]:
    """Give what somebody else saved, to whom saved too late."""
    theirs = {"bpmn": page.draft.bpmn, "forms": dict(page.draft.forms)}
    return _standing(page) | theirs | {"sentence": words}


def refused(error: AlurError) -> dict[str, Any]:
    """Say what could not be saved, and each thing wrong with it."""
    several: list[Finding | Problem] = [*getattr(error, "findings", ()), *getattr(error, "problems", ())]
    return {
        "sentence": sentence(error.sentence),
        "problems": [
            {"element": getattr(one, "element", ""), "sentence": sentence(one.sentence)} for one in several
        ],
    }


def findings(found: DraftFindings) -> dict[str, Any]:
    """Give what is to be said of the files, with what conditions can ask about."""
    return {
        "lint": [
            {
                "code": one.code,
                "severity": one.severity.value,
                "element": one.element,
                "name": one.name,
                "sentence": sentence(one.sentence),
            }
            for one in found.findings
        ],
        "fields": {
            key: [
                {
                    "key": one.key,
                    "label": one.label,
                    "type": one.type.value,
                    "values": [{"value": option.value, "label": option.label} for option in one.values],
                }
                for one in fields
            ]
            for key, fields in found.fields.items()
        },
        "names": list(found.names),
        "titles": dict(found.titles),
    }


def change_of(sent: object) -> DraftChange:
    """Read what is to be saved; Invalid where it is nothing the editor sends."""
    if not isinstance(sent, dict):
        raise _invalid()
    revision, bpmn = sent.get("revision", 0), sent.get("bpmn")
    if not isinstance(revision, int) or not 0 <= revision <= _LARGEST or not isinstance(bpmn, str | None):
        raise _invalid()
    return DraftChange(
        revision=revision,
        bpmn=None if bpmn is None else _bytes(bpmn),
        forms=_forms(sent.get("forms", {})),
        by_hand=sent.get("by_hand") is True,
    )


def _standing(page: DraftPage) -> dict[str, Any]:
    draft = page.draft
    return {
        "revision": draft.revision,
        "saved": {
            "by": page.saved_by,
            "mine": draft.saved_by == current.actor().person,  # in another window of one's own
            "at": moment(draft.saved_at),
            "words": draft_saved(draft.saved_at),
        },
    }


def _forms(sent: object) -> Mapping[str, str | None]:
    if (
        not isinstance(sent, dict)
        or not all(isinstance(text, str | None) for text in sent.values())
        or len(sent) > _MOST_FORMS
    ):
        raise _invalid()
    return sent


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise _invalid() from None


def _invalid() -> Invalid:
    return Invalid((Problem(field="draft", label="draft", sentence=_NOT_UNDERSTOOD),), _NOT_UNDERSTOOD)
