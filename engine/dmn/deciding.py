"""Takes decisions: those a decision requires first, each once, then itself (DMN 1.5, 6 and 10.4)."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.dmn.evaluate import Evaluation
from engine.dmn.policies import result_of
from engine.dmn.prepared import ReadDecision, read_decision
from engine.dmn.steps import DecisionFailed, Steps
from engine.dmn.tables import TableRun
from engine.dmn.values import plain
from engine.errors import Sentence, say
from engine.model.decision import Decision


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A decision that was taken, and by which rules (from 1; None where it is an expression)."""

    decision: str
    name: str
    rules: tuple[int, ...] | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The result as a JSON value, and every decision that was taken for it, in that order."""

    value: Any
    taken: tuple[Taken, ...]

    def to_json(self) -> dict[str, Any]:
        """Give it as the record keeps it."""
        return {
            "result": self.value,
            "decided": [
                [one.decision, one.name, None if one.rules is None else list(one.rules)] for one in self.taken
            ],
        }


class Decisions:
    """Decisions by id, shared between threads; the cells of one are read when it is first taken."""

    def __init__(self, decisions: Mapping[str, Decision]) -> None:
        """Take decisions that were found to be sound."""
        self._decisions = decisions
        self._read: dict[str, ReadDecision] = {}

    def decide(self, decision: str, names: Mapping[str, Any], steps: Steps | None = None) -> Answer:
        """Take a decision with these variables; DecisionFailed says why there is no answer."""
        steps = steps or Steps()
        known: dict[str, Any] = {}
        seen = ChainMap(known, dict(names))
        taken = []
        result: Any = None
        try:
            for one in in_order(self._decisions, decision):
                value, rules = self._one(one, seen, steps)
                result = plain(value, steps)
                known.update(_called(one, result))
                taken.append(Taken(decision=one.id, name=one.name, rules=rules))
        except RecursionError:
            raise DecisionFailed(say("a value is nested too deeply")) from None
        return Answer(value=result, taken=tuple(taken))

    def has(self, decision: str) -> bool:
        """Tell whether a decision is here, with all that it requires."""
        needed = {name for one in in_order(self._decisions, decision) for name in one.requires}
        return {decision, *needed} <= self._decisions.keys()

    def source_of(self, decision: str) -> str:
        """Give the expressions a decision looks at, and those of the decisions it requires, line by line."""
        lines: list[str] = []
        for one in in_order(self._decisions, decision):
            lines += [column.expression for column in one.table.inputs] if one.table else [one.expression]
        return "\n".join(filter(None, lines))

    def reads(self, decision: str, variable: str, key: str) -> bool:
        """Tell whether a decision, or one it requires, asks for a variable's value under a key."""
        for one in in_order(self._decisions, decision):
            for name, keys in self._cells_of(one).asked.items():
                of_it = {"_".join(asked.split()) for asked in keys}
                if "_".join(name.split()) == variable and (not key or of_it & {"", key}):
                    return True
        return False

    def _one(
        self, decision: Decision, names: Mapping[str, Any], steps: Steps
    ) -> tuple[Any, tuple[int, ...] | None]:
        read = self._cells_of(decision)
        if decision.table is None or read.cells is None:
            return Evaluation(names, steps).value(read.expression), None
        run = TableRun(decision, decision.table, read.cells, names, steps)
        return result_of(run, run.hits())

    def _cells_of(self, decision: Decision) -> ReadDecision:
        read = self._read.get(decision.id)
        if read is None:
            read = self._read[decision.id] = read_decision(decision, _unsound)
        return read


def in_order(decisions: Mapping[str, Decision], wanted: str) -> Iterator[Decision]:
    """Give what a decision requires, then the decision; each once. What is missing is passed over."""
    done: set[str] = set()
    waiting = [wanted]
    while waiting:
        decision = decisions.get(waiting[-1])
        missing = [] if decision is None else [one for one in decision.requires if one not in done]
        missing = [one for one in missing if one not in waiting]
        if missing:
            waiting.append(missing[0])
            continue
        done.add(waiting.pop())
        if decision is not None:
            yield decision


def _called(decision: Decision, result: Any) -> dict[str, Any]:  # noqa: ANN401 - a JSON value
    """Give a result the names by which others may ask for it: of its outputs, its id, its variable."""
    names: dict[str, Any] = {}
    outputs = decision.table.outputs if decision.table is not None else ()
    for output in outputs:
        if output.name:
            names[output.name] = result.get(output.name) if isinstance(result, dict) else result
    return names | {decision.id: result, decision.name: result, decision.variable or decision.id: result}


def _unsound(sentence: Sentence) -> None:
    raise DecisionFailed(sentence)
