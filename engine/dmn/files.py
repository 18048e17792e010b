"""All DMN files of one process together: their decisions by id, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.dmn.deciding import in_order
from engine.dmn.limits import MOST_FILES, MOST_FINDINGS
from engine.dmn.prepared import read_decision
from engine.dmn.reader import DmnFile, read_file
from engine.errors import Finding, Refused, Sentence, say
from engine.model.decision import Decision, HitPolicy, Table
from engine.xml_guard import read_bytes


@dataclass(frozen=True, kw_only=True)
class ReadDecisions:
    """Decisions by id. The element of a finding is the decision; of a file as a whole, its name."""

    decisions: Mapping[str, Decision]
    findings: tuple[Finding, ...] = ()
    asked: Mapping[str, Mapping[str, AbstractSet[str]]] = field(
        default_factory=dict
    )  # decision -> variables -> keys

    @property
    def unreadable(self) -> list[Finding]:
        """Give what is wrong with files as a whole."""
        return [one for one in self.findings if one.element not in self.decisions]

    def unknown(self, decision: Decision, known: AbstractSet[str]) -> list[str]:
        """Give what a decision asks for and neither the case (``known``) nor a required decision has."""
        there = set(known)
        for one in (self.decisions[name] for name in decision.requires if name in self.decisions):
            there |= {one.id, one.name, one.variable}
            there |= {output.name for output in (one.table.outputs if one.table is not None else ())}
        asked = self.asked.get(decision.id, {})
        return [name for name in asked if name not in there and "_".join(name.split()) not in there]

    def of(self, wanted: Iterable[str]) -> dict[str, Decision]:
        """Give these decisions, with all that they require."""
        return {one.id: one for name in wanted for one in in_order(self.decisions, name)}

    def problems(self, wanted: str) -> list[Finding]:
        """Give what is wrong with a decision and those it requires."""
        needed = self.of([wanted]).keys()
        return [one for one in self.findings if one.element in needed]


_BETWEEN = frozenset({"decision-missing", "decision-ring"})
NO_DECISIONS = ReadDecisions(decisions={})


def read_decisions(files: Mapping[str, bytes]) -> ReadDecisions:
    """Read files by name, and check every decision in them."""
    decisions: dict[str, Decision] = {}
    findings: list[Finding] = []
    asked: dict[str, Mapping[str, AbstractSet[str]]] = {}
    for name, content in files.items():
        try:
            file = read_file(name, content)
        except Refused as refused:
            findings += [replace(one, element=name) for one in refused.findings]
            continue
        for decision in file.decisions:
            if decision.id in decisions:
                file.find("decision-twice", decision, _twice(decision, decisions[decision.id]))
            decisions.setdefault(decision.id, decision)
            asked[decision.id] = _check(file, decision)
        findings += file.findings[:MOST_FINDINGS]
    findings += _requirements(decisions)
    return ReadDecisions(decisions=decisions, findings=tuple(findings), asked=asked)


def problems_in(name: str, files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Give what is wrong with one of several files, which may require decisions of the others."""
    own, whole = read_decisions({name: files[name]}), read_decisions(files)
    alone = tuple(one for one in own.findings if one.code not in _BETWEEN)
    return alone + tuple(
        one for one in whole.findings if one.code in _BETWEEN and one.element in own.decisions
    )


def read_folder(folder: Path) -> dict[str, bytes]:
    """Read the DMN files of a folder, by name; Refused where there are too many, or one cannot be read."""
    paths = sorted(folder.glob("*.dmn"))
    if len(paths) > MOST_FILES:
        sentence = say(
            "The folder has %(found)s files of decisions; at most %(most)s are read",
            found=len(paths),
            most=MOST_FILES,
        )
        finding = Finding(code="too-many-files", element="", name="", sentence=sentence)
        raise Refused((finding,), sentence)
    return {path.name: read_bytes(path) for path in paths}


def _twice(decision: Decision, other: Decision) -> Sentence:
    return say(
        "The decision %(decision)s stands in %(file)s and in %(other)s: ids must differ",
        decision=decision.id,
        file=decision.file,
        other=other.file,
    )


def _check(file: DmnFile, decision: Decision) -> Mapping[str, AbstractSet[str]]:
    """Find what is wrong with a decision; give the variables it asks for."""

    def told(sentence: Sentence) -> None:
        file.find("decision-cell", decision, sentence)

    if decision.table is not None:
        _columns(file, decision, decision.table)
    return read_decision(decision, told).asked


def _columns(file: DmnFile, decision: Decision, table: Table) -> None:
    names = [output.name for output in table.outputs]
    wrong: list[Sentence] = []
    if not names:
        wrong.append(say("it has no output"))
    elif len(names) > 1 and ("" in names or len(set(names)) < len(names)):
        wrong.append(say("each of several outputs needs a name of its own"))
    if table.aggregation is not None and (len(names) > 1 or table.hit_policy is not HitPolicy.COLLECT):
        wrong.append(say("only a table with COLLECT and one output can aggregate"))
    if table.hit_policy in {HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER} and not any(
        output.allowed for output in table.outputs
    ):
        wrong.append(say("its hit policy needs allowed values for an output, in their order"))
    for number, rule in enumerate(table.rules, 1):
        if (len(rule.conditions), len(rule.results)) != (len(table.inputs), len(names)):
            wrong.append(say("rule %(rule)s has not one cell per column", rule=number))
            break
    for reason in wrong:
        file.find(
            "decision-table",
            decision,
            say("The table %(decision)s: %(reason)s", decision=decision.name, reason=reason),
        )


def _requirements(decisions: Mapping[str, Decision]) -> list[Finding]:
    """Find required decisions that are missing, and rings of them."""
    found = []
    for decision in decisions.values():
        for required in decision.requires:
            if required not in decisions:
                sentence = say(
                    "The decision %(decision)s requires %(required)s, which is in none of the files",
                    decision=decision.name,
                    required=required[:80],
                )
                found.append(_finding("decision-missing", decision, sentence))
    for decision in _never_taken(decisions):
        sentence = say(
            "The decision %(decision)s requires itself, or others that require each other",
            decision=decision.name,
        )
        found.append(_finding("decision-ring", decision, sentence))
    return found


def _never_taken(decisions: Mapping[str, Decision]) -> list[Decision]:
    """Give the decisions that wait for a ring: what is left when all others are taken one after the other."""
    needed_by: dict[str, list[str]] = {}
    open_: dict[str, int] = {}
    for decision in decisions.values():
        needed = [name for name in decision.requires if name in decisions]
        open_[decision.id] = len(needed)
        for name in needed:
            needed_by.setdefault(name, []).append(decision.id)
    ready = [name for name, count in open_.items() if not count]
    while ready:
        taken = ready.pop()
        del open_[taken]
        for name in needed_by.get(taken, ()):
            open_[name] -= 1
            if not open_[name]:
                ready.append(name)
    return [decisions[name] for name in open_]


def _finding(code: str, decision: Decision, sentence: Sentence) -> Finding:
    return Finding(code=code, element=decision.id, name=decision.name, sentence=sentence)
