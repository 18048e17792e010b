"""What comes from outside in a rehearsal: answers of connectors, and messages; whoever plays says them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.rehearsal import Rehearsal
from engine.model.wait import Channel, Wait
from engine.queries.rehearsal import Rehearsed
from webapp.decided import value_words
from webapp.language import gettext
from webapp.stops import named

_LONGEST_INPUT = 300  # characters of what a connector would get
_MOST_HINTS = 12
MOST_OUTSIDE = 20  # jobs, and messages, that can be answered on one page


@dataclass(frozen=True, kw_only=True)
class Outside:
    """An answer or a message. ``hint`` are lines to be filled in, ``typed`` what stood there."""

    element: str
    round: int
    iteration: int
    place: int
    heading: str
    facts: tuple[tuple[str, str], ...]
    button: str
    hint: str
    typed: str


def jobs_of(found: Rehearsed, typed: Mapping[str, str]) -> list[Outside]:
    """Give the connectors that wait for an answer, with what they would get."""
    return [
        Outside(
            element=one.key.element,
            round=one.key.round,
            iteration=one.key.iteration,
            place=0,
            heading=named(found.version.definition, one.key.element),
            facts=(
                (gettext("Would call"), one.connector),
                *((name, value_words(value)[:_LONGEST_INPUT]) for name, value in one.inputs.items()),
            ),
            button=gettext("Answer for the other system"),
            hint=_hint(found.rehearsal, one.key.element),
            typed=_typed(typed, one.key.element, 0),
        )
        for one in found.rehearsal.now.jobs[:MOST_OUTSIDE]
    ]


def message_of(wait: Wait, found: Rehearsed, typed: Mapping[str, str]) -> Outside:
    """Give a message or signal that is waited for, with what tells whom it is for."""
    is_signal = wait.channel is Channel.SIGNAL
    send_signal = gettext("Send the signal “%(name)s”", name=wait.name)
    send_message = gettext("Send the message “%(name)s”", name=wait.name)
    known = ((name, value_words(value)[:_LONGEST_INPUT]) for name, value in wait.correlation.items())
    return Outside(
        element=wait.key.element,
        round=wait.key.round,
        iteration=wait.key.iteration,
        place=wait.key.place,
        heading=named(found.version.definition, wait.key.element),
        facts=tuple(known),
        button=send_signal if is_signal else send_message,
        hint=_hint(found.rehearsal, wait.key.element),
        typed=_typed(typed, wait.key.element, wait.key.place),
    )


def _hint(rehearsal: Rehearsal, element: str) -> str:
    """Begin a line for each value that the draft asks of what the element brings."""
    chains = re.compile(rf"\b{re.escape(element)}((?:\.\w+|\[\\*[\"']\w+\\*[\"']\])+)")
    found = (chain for text in (rehearsal.spec, *rehearsal.forms.values()) for chain in chains.findall(text))
    asked = dict.fromkeys(".".join(re.findall(r"\w+", chain)) for chain in found)
    return "".join(f"{name} = \n" for name in list(asked)[:_MOST_HINTS])


def _typed(typed: Mapping[str, str], element: str, place: int) -> str:
    is_here = typed.get("at:element") == element and typed.get("at:place", "0") == str(place)
    return typed.get("values", "") if is_here else ""
