"""The changes of decision tables: hit policy, columns, rules, cells; all else of a DMN file by its path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.bpmn.diff.elements import Both
from engine.bpmn.diff.nodes import Node, is_reordered, pairs, raw_differences, summary
from engine.bpmn.diff.reading_decisions import read_decision_file
from engine.bpmn.diff.side import Part, Side
from engine.bpmn.diff.words import About, change, plain, short, some
from engine.errors import Sentence, say
from engine.model.difference import Change, ChangeKind

_FEW = ("", "-")  # cells that say nothing
Columns = list[tuple[Node | None, Node | None]]


@dataclass(frozen=True)
class _Of:
    """A decision, and the step that takes it."""

    called: Sentence
    about: About

    def change(
        self,
        kind: ChangeKind,
        what: Sentence,
        before: Sentence | None = None,
        after: Sentence | None = None,
    ) -> Change:
        return change(kind, "decision", what, self.about, before, after)


def decision_changes(both: Both) -> Iterator[Change]:
    """Give the changes of all DMN files."""
    for file in dict.fromkeys((*both.old.decisions, *both.new.decisions)):
        old, new = both.old.decisions.get(file), both.new.decisions.get(file)
        if old == new:
            continue
        of = _Of(say("file %(file)s", file=file), {"element": "", "name": file})
        if old is None or new is None:
            kind = ChangeKind.ADDED if old is None else ChangeKind.REMOVED
            yield of.change(kind, of.called)
        before, after = read_decision_file(old), read_decision_file(new)
        if before is None or after is None:
            yield of.change(ChangeKind.CHANGED, of.called, _unread(before), _unread(after))
        else:
            yield from _file(both, of, before, after)


def _unread(read: dict[str, Node] | None) -> Sentence:
    return say("cannot be read") if read is None else say("can be read")


def _file(both: Both, file: _Of, before: dict[str, Node], after: dict[str, Node]) -> Iterator[Change]:
    for id_ in dict.fromkeys((*before, *after)):
        old, new = before.get(id_), after.get(id_)
        one = new or old
        if one is None or (old is not None and new is not None and old.form == new.form):
            continue
        of = _of(both, id_, one) if id_ else file
        if old is None or new is None:
            if id_:
                yield of.change(ChangeKind.ADDED if old is None else ChangeKind.REMOVED, of.called)
            continue
        yield from _decision(of, old, new)


def _of(both: Both, id_: str, node: Node) -> _Of:
    name = short(node.attributes.get("name") or id_)
    task = _task_of(both.new, id_) or _task_of(both.old, id_)
    called = say("decision “%(name)s”", name=name)
    if task is None:
        return _Of(called, {"element": "", "name": name})
    return _Of(called, {**both.about(task), "name": name})


def _task_of(side: Side, decision: str) -> Part | None:
    """Find the business rule task that takes a decision, however it says so."""
    rules = (part for part in side.parts.values() if part.node.tag == "businessRuleTask")
    return next((part for part in rules if decision in _values(part.node)), None)


def _values(node: Node) -> Iterator[str]:
    yield from node.attributes.values()
    for child in node.children:
        yield from _values(child)


def _decision(of: _Of, old: Node, new: Node) -> Iterator[Change]:
    before, after = old.first("decisionTable"), new.first("decisionTable")
    if before is not None and after is not None:
        yield from _table(of, before, after)
        old, new = _beside(old, before), _beside(new, after)
    yield from _rest(of, of.called, old, new)


def _without(node: Node, *tags: str) -> Node:
    return replace(node, children=tuple(child for child in node.children if child.tag not in tags))


def _beside(node: Node, table: Node) -> Node:
    return replace(node, children=tuple(child for child in node.children if child is not table))


def _rest(of: _Of, called: Sentence, old: Node, new: Node) -> Iterator[Change]:
    for raw in raw_differences(old, new):
        where = " / ".join(
            one.rpartition("}")[2].removeprefix("@") for one in raw.path if one not in {"#", "text"}
        )
        what = (
            say("%(aspect)s of %(what)s", aspect=_KNOWN.get(where) or plain(where), what=called)
            if where
            else called
        )
        yield of.change(ChangeKind.CHANGED, what, some(raw.before), some(raw.after))


_KNOWN = {
    "name": say("Name"),
    "hitPolicy": say("Hit policy"),
    "aggregation": say("Aggregation"),
    "label": say("Label"),
    "inputExpression": say("Expression"),
    "inputExpression / typeRef": say("Kind"),
    "typeRef": say("Kind"),
    "inputValues": say("Allowed values"),
    "outputValues": say("Allowed values"),
    "defaultOutputEntry": say("Value if no rule applies"),
    "description": say("Note"),
    "annotationEntry": say("Note"),
    "literalExpression": say("Expression"),
}


def _table(of: _Of, old: Node, new: Node) -> Iterator[Change]:
    columns: dict[str, Columns] = {}
    for tag in ("input", "output", "annotation"):
        found = pairs(
            [child for child in old.children if child.tag == tag],
            [child for child in new.children if child.tag == tag],
        )
        columns[tag] = found
        for before, after in found:
            yield from _column(of, before, after)
        if is_reordered(found, [child for child in old.children if child.tag == tag]):
            yield of.change(
                ChangeKind.MOVED,
                say("Order of the columns of %(what)s", what=of.called),
                _titles(old, tag),
                _titles(new, tag),
            )
    yield from _rules(of, old, new, columns)
    yield from _rest(
        of,
        of.called,
        _without(old, "input", "output", "annotation", "rule"),
        _without(new, "input", "output", "annotation", "rule"),
    )


def _titles(table: Node, tag: str) -> Sentence:
    return plain(", ".join(_title(child) for child in table.children if child.tag == tag))


def _title(column: Node) -> str:
    expression = column.inner("inputExpression", "text")
    return (
        column.attributes.get("label")
        or column.attributes.get("name")
        or (expression.text if expression is not None else "")
        or column.tag
    )


def _column(of: _Of, before: Node | None, after: Node | None) -> Iterator[Change]:
    one = after or before
    if one is None or (before is not None and after is not None and before.form == after.form):
        return
    called = say("column “%(column)s” of %(what)s", column=short(_title(one)), what=of.called)
    if before is None or after is None:
        kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED
        said = plain(summary(one))
        yield of.change(kind, called, None if before is None else said, None if after is None else said)
        return
    yield from _rest(of, called, before, after)


_ENTRIES = {"input": "inputEntry", "output": "outputEntry", "annotation": "annotationEntry"}


def _rules(of: _Of, old: Node, new: Node, columns: dict[str, Columns]) -> Iterator[Change]:
    befores = [child for child in old.children if child.tag == "rule"]
    afters = [child for child in new.children if child.tag == "rule"]
    numbers = {id(rule): number for number, rule in enumerate(befores, 1)}
    numbers |= {id(rule): number for number, rule in enumerate(afters, 1)}
    found = pairs(befores, afters)
    for before, after in found:
        one = after or before
        if one is None:
            continue
        called = say("rule %(number)s of %(what)s", number=numbers[id(one)], what=of.called)
        if before is None or after is None:
            said = plain(_row(one))
            kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED
            yield of.change(kind, called, None if before is None else said, None if after is None else said)
        elif before.form != after.form:
            yield from _rule(of, called, (before, after), (old, new), columns)
    if is_reordered(found, befores):
        what = say("Order of the rules of %(what)s", what=of.called)
        kept = [numbers[id(before)] for before, after in found if before is not None and after is not None]
        yield of.change(
            ChangeKind.MOVED,
            what,
            plain(", ".join(map(str, sorted(kept)))),
            plain(", ".join(map(str, kept))),
        )


def _row(rule: Node) -> str:
    cells = [child for child in rule.children if child.tag in _ENTRIES.values()]
    return " | ".join(_cell(cell) or "-" for cell in cells)


def _cell(entry: Node) -> str:
    text = entry.first("text")
    return text.text if text is not None else entry.text


def _rule(
    of: _Of,
    called: Sentence,
    rules: tuple[Node, Node],
    tables: tuple[Node, Node],
    columns: dict[str, Columns],
) -> Iterator[Change]:
    """Compare two rules column by column, also where a column came or went in between."""
    for tag, entry in _ENTRIES.items():
        cells = [[child for child in rule.children if child.tag == entry] for rule in rules]
        heads = [[child for child in table.children if child.tag == tag] for table in tables]
        places = [{id(head): place for place, head in enumerate(several)} for several in heads]
        nothing = Node(tag=entry)
        for pair in columns[tag]:
            column = pair[1] or pair[0]
            old, new = (
                _at(cells[side], places[side].get(id(head)), nothing) for side, head in enumerate(pair)
            )
            says_nothing = None in pair and _cell(old) in _FEW and _cell(new) in _FEW
            if column is None or says_nothing or old.form == new.form:
                continue
            place = say("%(rule)s, column “%(column)s”", rule=called, column=short(_title(column)))
            yield from _rest(of, place, old, new)
        beyond = [Node(tag="rule", children=tuple(cells[side][len(heads[side]) :])) for side in (0, 1)]
        yield from _rest(of, called, *beyond)
    yield from _rest(of, called, *(_without(rule, *_ENTRIES.values()) for rule in rules))


def _at(cells: list[Node], place: int | None, nothing: Node) -> Node:
    return cells[place] if place is not None and place < len(cells) else nothing
