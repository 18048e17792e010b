"""Where a case stands, read from its state: what it has entered, and its open tokens.

Two cases that stand alike are judged alike, so that ten thousand cost little more than a few.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from engine.bpmn.flow import CHILD, SPLIT

_LISTENER = ".listener"
# Places in the row of a token: see ``state``.
_ID, _SPEC, _STATE, _CAME_FROM, _GROUP, _OWNER, _INTERNAL = 0, 1, 2, 3, 6, 7, 8
# Of what a token carries, that which says what it is doing rather than with which values.
_DOING = ("job", "undoing", "undone", "seen", "first")


class Token(NamedTuple):
    """One open token."""

    spec: str  # name of what it stands at
    state: int  # SpiffWorkflow's TaskState
    came_from: str
    beside: bool  # it stands with others: an activity with its events, or the events of a gateway
    owned: bool  # one of several that another token stands for
    doing: tuple[str, ...]

    @property
    def element(self) -> str:
        """Give the element as the file has it."""
        name = self.spec.removesuffix(_LISTENER)
        if name != self.spec:
            return name.rpartition("/")[2]
        return name.removesuffix(SPLIT).removesuffix(CHILD)

    @property
    def listens(self) -> bool:
        """Tell whether it only waits for what begins something beside the flow."""
        return self.spec.endswith(_LISTENER)


class Scope(NamedTuple):
    """The case itself, another process of it, or an open subprocess."""

    at: str  # the element that stands for a subprocess; the name of another process; empty for the case
    is_pool: bool
    tokens: tuple[Token, ...]


class Standing(NamedTuple):
    """Where a case stands. Equal for cases that stand alike."""

    entered: tuple[tuple[str, int], ...]  # how often each element was entered; of events, armed
    scopes: tuple[Scope, ...]
    given_up: frozenset[str] = frozenset()  # services whose connector gave no answer, and is asked no more

    @property
    def tokens(self) -> Iterator[Token]:
        """Give every token."""
        return (token for scope in self.scopes for token in scope.tokens)

    def counts(self) -> Mapping[str, int]:
        """Give how often each element was entered."""
        return dict(self.entered)

    def open(self) -> Counter[str]:
        """Count the tokens at each element, several that one stands for as that one."""
        return Counter(token.element for token in self.tokens if not token.owned)


def standing_of(state: str, given_up: frozenset[str] = frozenset()) -> Standing:
    """Read where a case stands from its state; which of its services were given up is not in it."""
    kept = json.loads(state)
    names: dict[int, str] = {}
    scopes = []
    for scope in (kept, *kept.get("subprocesses", ())):
        names |= {row[_ID]: row[_SPEC] for row in scope["tasks"]}
        scopes.append(_scope(scope, names))
    return Standing(tuple(sorted(kept["rounds"].items())), tuple(scopes), given_up)


def _scope(kept: Mapping[str, Any], names: Mapping[int, str]) -> Scope:
    tokens = sorted(map(_token, kept["tasks"]))
    if "pool" in kept:
        return Scope(kept["pool"], is_pool=True, tokens=tuple(tokens))
    at = names.get(kept["parent"], "").removesuffix(CHILD) if "parent" in kept else ""
    return Scope(at, is_pool=False, tokens=tuple(tokens))


def _token(row: list[Any]) -> Token:
    row = row + [0] * (_INTERNAL + 1 - len(row))
    doing = row[_INTERNAL] or {}
    return Token(
        row[_SPEC],
        row[_STATE],
        row[_CAME_FROM] or "",
        bool(row[_GROUP]),
        bool(row[_OWNER]),
        tuple(name for name in _DOING if name in doing),
    )
