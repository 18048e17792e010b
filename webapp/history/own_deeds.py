"""What the history of a case says of what Alur itself did: on revisions, and for who submits one again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.event import EventKind
from engine.model.incident import sentence_from
from engine.model.job import REVISION
from engine.model.message import SUBMITTED_AGAIN
from engine.queries.case_history import Happened
from webapp.language import gettext
from webapp.rendering import sentence


def is_again(one: Happened) -> bool:
    """Tell what Alur itself said to the case from messages of that name that others sent."""
    own = one.payload.get("name") == SUBMITTED_AGAIN and not one.payload.keys() & {"token", "case"}
    return one.kind is EventKind.MESSAGE_RECEIVED and own


def again_words(brought: Mapping[str, Any]) -> str:
    """Say by which revision a returned one was corrected, and by whom."""
    number, who = brought.get("revision", ""), brought.get("by", "")
    return gettext(
        "As revision %(number)s, by %(who)s. It is decided in a case of its own.", number=number, who=who
    )


def carried_out(one: Happened) -> list[str]:
    """Say in whose name Alur decided on a revision, or which rule kept it from that."""
    if one.payload.get("connector") != REVISION:
        return []
    if one.kind is EventKind.JOB_GIVEN_UP and one.payload.get("why"):
        return [sentence(sentence_from(one.payload))]
    told = one.payload.get("result")
    if one.kind is not EventKind.JOB_DONE or not isinstance(told, Mapping):
        return []
    number, who = told.get("revision", ""), told.get("by", "")
    return [gettext("Revision %(number)s, in the name of %(who)s", number=number, who=who)]
