"""What service tasks call: connectors by name, each with what it takes and what it answers.

A connector is any object with the attributes of ``Connector``. It is called outside of any
transaction, at least once per job: a worker that is killed during a call cannot know what became of
it. The key is the same for every call of one job; whoever receives it can tell a repetition by it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Protocol

from engine.errors import AlurError, Sentence, say
from engine.expressions.values import ValueRefused, json_native
from engine.model.job import Signature

MOST_RESULT = 200_000  # characters of an answer, as JSON


class Connector(Protocol):
    """One way to do something outside: also what a Python package offers as ``alur.connectors``."""

    @property
    def name(self) -> str:
        """Give the name that diagrams write."""

    @property
    def needed(self) -> Collection[str]:
        """Give the names of the inputs it cannot do without."""

    @property
    def optional(self) -> Collection[str]:
        """Give the names of the others."""

    def call(self, inputs: Mapping[str, Any], idempotency_key: str) -> Any:  # noqa: ANN401 - JSON value
        """Do it and give a JSON-native answer; CallFailed (or any other error) where it failed.

        It must end by itself within a minute: nobody waits longer for it.
        """


class CallFailed(AlurError):
    """A call that came to nothing: the sentence is read by administrators.

    ``code`` is what an error event of the diagram catches. ``final`` ones are not tried again.
    """

    def __init__(self, sentence: Sentence | str, *, code: str = "failed", final: bool = False) -> None:
        """Keep code and whether a further try makes sense."""
        super().__init__(sentence)
        self.code = code
        self.final = final


Connectors = Mapping[str, Connector]


def signatures(connectors: Connectors) -> dict[str, Signature]:
    """Give what each takes, for the check of a diagram."""
    return {
        name: Signature(needed=frozenset(one.needed), optional=frozenset(one.optional))
        for name, one in connectors.items()
    }


def call(connectors: Connectors, name: str, inputs: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401 - JSON value
    """Call a connector; its answer is checked before it may come near a case. Only CallFailed is raised."""
    connector = connectors.get(name)
    if connector is None:
        raise CallFailed(
            say("There is no connector %(name)s here.", name=name), code="no-connector", final=True
        )
    try:
        return _kept(connector.call(inputs, key))
    except CallFailed:
        raise
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:300]
        raise CallFailed(say("The connector failed: %(detail)s", detail=detail)) from error


def _kept(answer: Any) -> Any:  # noqa: ANN401 - whatever it gave
    try:
        native = json_native(answer)
        length = len(json.dumps(native, ensure_ascii=False).encode())
    except ValueRefused as refused:
        sentence = say("The answer cannot be kept: %(reason)s", reason=refused.sentence)
        raise CallFailed(sentence, code="answer", final=True) from None
    except UnicodeEncodeError:
        sentence = say("The answer cannot be kept: it holds what is no text.")
        raise CallFailed(sentence, code="answer", final=True) from None
    if length > MOST_RESULT:
        sentence = say("The answer is longer than %(most)s bytes.", most=MOST_RESULT)
        raise CallFailed(sentence, code="answer", final=True)
    return native
