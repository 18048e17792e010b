"""Answers of the sandbox kept by what was asked: an expression gives the same for the same values."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from engine.expressions.sandbox import Sandbox, Share, words_of

_MOST = 20_000  # answers that are kept
_LONGEST = 2_000  # characters of the values asked with, of those that are

_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Remembering(Share):
    """A share of a sandbox for going through many cases of the same SOPs; what failed is asked again."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Take the sandbox that answers what was never asked."""
        super().__init__(sandbox, at_once=1)
        self._answers: dict[tuple[str, str], str] = {}

    def share(self) -> Remembering:
        """Give itself to every version: nobody else is kept waiting by it."""
        return self

    def evaluate(self, source: str, names: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the value
        """Give the value of one expression, as ``Sandbox.evaluate``."""
        return self._answered(super().evaluate, source, names)

    def execute(self, source: str, names: Mapping[str, Any]) -> dict[str, Any]:
        """Run a script, as ``Sandbox.execute``."""
        changed: dict[str, Any] = self._answered(super().execute, source, names)
        return changed

    def _answered(
        self, ask: Callable[[str, Mapping[str, Any]], Any], source: str, names: Mapping[str, Any]
    ) -> Any:  # noqa: ANN401 - the value
        used = _written({name: names[name] for name in sorted(words_of(source)) if name in names})
        asked = (source, used)
        kept = self._answers.get(asked)
        if kept is not None:
            return json.loads(kept)
        value = ask(source, names)
        if len(used) <= _LONGEST:
            if len(self._answers) >= _MOST:
                self._answers.clear()
            self._answers[asked] = _written(value)
        return value
