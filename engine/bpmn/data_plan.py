"""What data moves when an activity begins and ends, read from the diagram (BPMN 2.0, 10.3.2 and 13.3.2).

The library knows data associations of another kind; ours are kept beside its specs as plain JSON:
per element the names it declares, and its moves in and out. A reference is ``[owner, variable]``;
the owner of a data store is "", that of a plain name None.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.bpmn.data_names import DataNames, Datum, declared_in, plain, usable
from engine.bpmn.names import (
    ACTIVITIES,
    EVENTS,
    SUBPROCESSES,
    bpmn,
    child_text,
    children,
    local_name,
    name_of,
    sop,
    text_of,
)
from engine.expressions.sandbox import words_of

Reference = list[str | None]
Plan = dict[str, Any]
_CONSUMERS = SUBPROCESSES | EVENTS | {"scriptTask", "businessRuleTask", "callActivity", "sendTask"}
_DRAWN = "__targetRef_placeholder"  # bpmn.io hangs an association that is only drawn on such a property


def data_plans(root: etree._Element) -> dict[str, Plan]:
    """Give the plan of every element that has one, by id; the nodes have ids."""
    names = DataNames(root)
    plans: dict[str, Plan] = {}
    for element in root.iter(bpmn("process"), *map(bpmn, sorted(ACTIVITIES | EVENTS))):
        plan = _Plan(names, element).read()
        if plan:
            plans[element.get("id", "")] = plan
    return plans


def moves_of(names: DataNames, element: etree._Element, local: str) -> Iterator[tuple[etree._Element, Plan]]:
    """Give the associations of one kind that move anything; what is only drawn moves nothing."""
    for association in children(element, local):
        if association not in names.moves:
            names.moves[association] = _move(names, association)
        move = names.moves[association]
        if move is not None:
            yield association, move


def expressions_of(association: etree._Element) -> list[etree._Element]:
    """Give the expressions of an association: its transformation, and where its assignments take from."""
    found = list(children(association, "transformation"))
    for assignment in children(association, "assignment"):
        found += children(assignment, "from")
    return found


def target_of(names: DataNames, association: etree._Element, assignment: etree._Element) -> Reference | None:
    """Give what an assignment sets, as a reference and the keys inside; None where that is not said."""
    text = child_text(assignment, "to")
    if not text:
        return _reference(names.datum(child_text(association, "targetRef")))
    known = _reference(names.datum(text))
    if known is not None:
        return known
    parts = text.split(".")
    return [None, *parts] if all(map(usable, parts)) else None


def running_moves(names: DataNames, element: etree._Element, local: str) -> list[tuple[etree._Element, Plan]]:
    """Give the associations of one kind that do something: what nobody reads need not be moved in."""
    found = list(moves_of(names, element, local))
    if local == "dataOutputAssociation" or _consumes(element):
        return found
    id_, used = element.get("id"), _used(names, element)
    return [pair for pair in found if {target[1] for target in _targets(pair[1]) if target[0] == id_} & used]


def _consumes(element: etree._Element) -> bool:
    """Tell whether something runs in the element that can ask for its inputs."""
    return (
        local_name(element) in _CONSUMERS or next(element.iterfind(f".//{sop('Service')}"), None) is not None
    )


def _used(names: DataNames, element: etree._Element) -> set[str]:
    """Give the inputs that what leaves the element, or its repetition, refers to."""
    used: set[str] = set()
    for association, move in moves_of(names, element, "dataOutputAssociation"):
        used |= {variable for owner, variable in move["from"] if owner == element.get("id") and variable}
        for expression in expressions_of(association):
            used |= words_of(text_of(expression))
    for loop in children(element, "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"):
        for part in loop.iterchildren("*"):
            datum = names.datum(text_of(part))
            used |= {datum.variable} if datum is not None else words_of(text_of(part))
    return used


def _targets(move: Plan) -> list[Reference]:
    return [target for target in (move["to"], *(to for _, to in move.get("assign", ()))) if target]


def _move(names: DataNames, association: etree._Element) -> Plan | None:
    sources = [names.datum(text_of(source)) for source in children(association, "sourceRef")]
    known = [reference for source in sources if (reference := _reference(source)) is not None]
    target = names.datum(child_text(association, "targetRef"))
    to = None if target is None or name_of(target.element) == _DRAWN else _reference(target)
    move: Plan = {"from": known, "to": to}
    computed = child_text(association, "transformation")
    assigned = [
        [child_text(assignment, "from"), target_of(names, association, assignment)]
        for assignment in children(association, "assignment")
    ]
    assigned = [pair for pair in assigned if pair[0] and pair[1]]
    if computed and to:
        move["compute"] = computed
    if assigned:
        move["assign"] = assigned
    if "compute" in move or assigned or (to and len(known) == 1):
        return move
    return None


def _reference(datum: Datum | None) -> Reference | None:
    return None if datum is None else [datum.owner, datum.variable]


class _Plan:
    """Reads the plan of one element."""

    def __init__(self, names: DataNames, element: etree._Element) -> None:
        self.names = names
        self.element = element
        self.id = element.get("id", "")
        self.table = names.table(element)

    def read(self) -> Plan:
        plan: Plan = {}
        if local_name(self.element) in SUBPROCESSES | {"process"}:
            scope = self._declared("dataObject", "dataObjectReference", "property")
            plan["own"] = [self.table.variable(one) for one in scope]
            if local_name(self.element) == "process":
                scope += self._declared("dataInput", "dataOutput")
            plan["scope"] = self.names.names(self.element, scope)
        if local_name(self.element) != "process":
            plan |= self._activity()
        return {key: value for key, value in plan.items() if value}

    def _activity(self) -> Plan:
        inputs = [move for _, move in running_moves(self.names, self.element, "dataInputAssociation")]
        outputs = [move for _, move in running_moves(self.names, self.element, "dataOutputAssociation")]
        plan: Plan = {"inputs": inputs, "outputs": outputs}
        plan["names"] = self.names.names(self.element, self._moved(inputs, outputs))
        plan["gives"] = self._results(plan["names"])
        for loop in children(self.element, "multiInstanceLoopCharacteristics"):
            self._repeat(plan, loop)
        if local_name(self.element) == "callActivity":
            plan["call"] = self._call(plan)
        return plan

    def _declared(self, *kinds: str) -> list[etree._Element]:
        return [one for one in declared_in(self.element) if local_name(one) in kinds]

    def _moved(self, inputs: list[Plan], outputs: list[Plan]) -> list[etree._Element]:
        """Give what is declared and takes part: a value nobody moves does not hide one around it."""
        variables = {variable for move in inputs for variable in self._sets(move)}
        for move in outputs:
            variables |= {variable for owner, variable in move["from"] if owner == self.id}
        words: set[str] = set()
        for move in outputs:
            words |= words_of(move.get("compute", ""))
            words = words.union(*(words_of(source) for source, _ in move.get("assign", ())))
        kinds = {"dataInput", "dataOutput"}
        if local_name(self.element) not in SUBPROCESSES:
            kinds.add("property")
        moved = []
        for one in self._declared(*kinds):
            own = self.names.names(self.element, [one])
            if (
                self.table.variable(one) in variables
                or (local_name(one) == "dataOutput" and words & own.keys())
                or (local_name(one) == "property" and name_of(one) != _DRAWN)
            ):
                moved.append(one)
        return moved

    def _sets(self, move: Plan) -> set[str]:
        return {target[1] for target in _targets(move) if target[0] == self.id and target[1]}

    def _results(self, names: dict[str, str]) -> dict[str, list[str]]:
        """Give the names under which an answer may hold the value of each output."""
        outputs = [self.table.variable(one) for one in self._declared("dataOutput")]
        return {
            variable: [name for name, known in names.items() if known == variable]
            for variable in outputs
            if variable in names.values()
        }

    def _repeat(self, plan: Plan, loop: etree._Element) -> None:
        """Part what belongs to all instances from what belongs to each (10.3.7)."""
        items = self._collection(loop, "loopDataInputRef")
        results = self._collection(loop, "loopDataOutputRef")
        outer: Plan = {
            "inputs": [move for move in plan["inputs"] if move["to"] in items],
            "outputs": [move for move in plan["outputs"] if any(one in results for one in move["from"])],
        }
        for kind in ("inputs", "outputs"):
            plan[kind] = [move for move in plan[kind] if move not in outer[kind]]
        own = {variable for owner, variable in [*items, *results] if owner == self.id}
        outer["names"] = {name: variable for name, variable in plan["names"].items() if variable in own}
        plan["names"] = {name: variable for name, variable in plan["names"].items() if variable not in own}
        plan["gives"] = {variable: names for variable, names in plan["gives"].items() if variable not in own}
        for key, local in (("item", "inputDataItem"), ("result", "outputDataItem")):
            for one in children(loop, local):
                outer[key] = self.table.variable(one)
                outer.setdefault("items_named", {}).update(self.names.names(self.element, [one]))
        plan["all"] = {**outer, "items": items, "results": results}

    def _collection(self, loop: etree._Element, local: str) -> list[Reference]:
        """Give what a loop goes through or leaves: the first of these that is known."""
        reference = child_text(loop, local)
        if not reference:
            return []
        datum = self.names.datum(reference)
        if datum is None:
            return [[None, plain(reference)]]
        known: list[Reference] = [[datum.owner, datum.variable]]
        if datum.owner == self.id:
            # Drawn without an association: the variable around it of that name.
            known += [[None, name] for name in (name_of(datum.element), datum.element.get("id")) if name]
        return known

    def _call(self, plan: Plan) -> Plan:
        """Match what a call gives and takes with what the called process declares (10.3.1)."""
        called = next(
            (
                process
                for process in self.element.getroottree().getroot().iterchildren(bpmn("process"))
                if process.get("id") == plain(self.element.get("calledElement"))
            ),
            None,
        )
        if called is None:
            return {}
        matched: Plan = {}
        for key, local, moves in (("given", "dataInput", "inputs"), ("taken", "dataOutput", "outputs")):
            theirs = [one for one in declared_in(called) if local_name(one) == local]
            pairs = self._pairs(self._declared(local), called, theirs, set(plan["names"].values()))
            matched[key] = pairs if plan[moves] else []
            matched[f"only_{key}"] = bool(pairs and theirs and plan[moves])
        return matched

    def _pairs(
        self,
        ours: list[etree._Element],
        called: etree._Element,
        theirs: list[etree._Element],
        moved: set[str],
    ) -> list[list[str]]:
        """Pair what both declare: by name or id, else by place where there are as many of each."""
        names, table = self.names.names(called, theirs), self.names.table(called)
        pairs: list[list[str]] = []
        for place, one in enumerate(ours):
            variable, called_so = self.table.variable(one), (name_of(one), one.get("id", ""))
            if variable not in moved:
                continue
            known = next((names[name] for name in called_so if name in names), "")
            if not known and len(ours) == len(theirs):
                known = table.variable(theirs[place])
            pairs.append([variable, known or called_so[0] or called_so[1]])
        return pairs
