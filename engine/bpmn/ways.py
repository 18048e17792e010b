"""The ways between the steps of a file, whatever anybody answers.

Each element is looked at once, however many steps lead to it: also a draft that no lint has seen is read
at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from lxml import etree

from engine.bpmn.drawing import calls_in, target_of_call
from engine.bpmn.names import PEOPLE_TASKS, SUBPROCESSES, bpmn, children, local_name
from engine.bpmn.normalise_events import beginnings, begins_implicitly, caught_links, link_name, throws_link
from engine.model.rows import Onward

# Ways between steps grow with their square where each leads to each. So many are those of 300 such steps,
# more than a table can have in an order that anybody would see; a long file in one line has a few thousand.
MOST_LOOKS = 100_000

_AT = "at"  # a token comes to an element
_BEHIND = "behind"  # it leaves it
_BESIDE = "beside"  # it leaves it, or what it stands in, by a boundary event


class _Place(NamedTuple):
    element: str
    where: str = _AT
    called: bool = False  # in a called process, as one call sees it: its end leads to no other call


_END = _Place("")


class Ways:
    """A file, to be asked where its steps lead."""

    def __init__(self, tree: etree._ElementTree) -> None:
        """Look once at every element."""
        root = tree.getroot()
        self._elements = {one.get("id", ""): one for one in root.iter() if one.get("id")}
        self._targets: dict[str, list[str]] = {}
        for flow in root.iter(bpmn("sequenceFlow")):
            self._targets.setdefault(flow.get("sourceRef", ""), []).append(flow.get("targetRef", ""))
        self._beside: dict[str, list[str]] = {}
        for event in root.iter(bpmn("boundaryEvent")):
            self._beside.setdefault(event.get("attachedToRef", ""), []).append(event.get("id", ""))
        self._links = caught_links(root)
        self._calls = {
            process: [one.get("id", "") for one in calls] for process, calls in calls_in(root).items()
        }
        self._passed = {id_ for id_ in self._calls if id_ not in self._elements}
        self._find_passed()

    def between(
        self, steps: Sequence[str], processes: Iterable[etree._Element]
    ) -> tuple[dict[str, Onward], list[str]]:
        """Give where each step leads, and what the processes begin with: in the order that the steps have.

        What only a boundary event leads to comes last. Where there are more ways than can be followed, both
        are empty.
        """
        first = [[_Place(one.get("id", "")) for one in beginnings(process)] for process in processes]
        roots = [_Place(step, where) for step in steps for where in (_BEHIND, _BESIDE)]
        back = self._back(chain(roots, *first))
        reached = _reached(back, [one for one in back if self._is_step(one)])
        if reached is None:
            return {}, []
        order = {step: at for at, step in enumerate(steps)}

        def sorted_steps(found: set[str]) -> list[str]:
            return sorted(order.keys() & found, key=order.__getitem__)

        onward = {}
        for step in steps:
            behind, beside = (reached.get(_Place(step, where), set()) for where in (_BEHIND, _BESIDE))
            to = (*sorted_steps(behind), *sorted_steps(beside - behind))
            onward[step] = Onward(to=to, ends="" in behind | beside)
        begun = (set().union(*(reached.get(one, set()) for one in places)) for places in first)
        return onward, [step for those in begun for step in sorted_steps(those)]

    def _is_step(self, place: _Place) -> bool:
        element = self._elements.get(place.element)
        return element is not None and place.where == _AT and local_name(element) in PEOPLE_TASKS

    def _back(self, roots: Iterable[_Place]) -> dict[_Place, dict[_Place, None]]:
        """Give all places that can be reached, each with those that lead to it."""
        back: dict[_Place, dict[_Place, None]] = {one: {} for one in roots}
        todo = list(back)
        while todo:
            place = todo.pop()
            for following in self._following(place):
                if following not in back:
                    back[following] = {}
                    todo.append(following)
                back[following][place] = None
        return back

    def _find_passed(self) -> None:
        """Find the called processes that one can come through without any step."""
        waiting: dict[str, list[_Place]] = {}
        todo = [_Place(id_, called=True) for id_ in self._calls]
        seen = set(todo)
        while todo:
            place = todo.pop()
            following = list(self._following(place))
            element = self._elements.get(place.element)
            local = "" if element is None else local_name(element)
            if local == "process" and place.where == _BEHIND:
                self._passed.add(place.element)
                following = waiting.pop(place.element, [])
            elif element is not None and local == "callActivity" and place.where == _AT:
                behind = _Place(place.element, _BEHIND, called=True)
                if target_of_call(element) not in self._passed:
                    waiting.setdefault(target_of_call(element), []).append(behind)
            todo += [one for one in following if one not in seen]
            seen.update(following)

    def _following(self, place: _Place) -> Iterable[_Place]:
        element = self._elements.get(place.element)
        if element is None or self._is_step(place):
            return []
        if place.where == _AT:
            return self._at(element, place)
        return self._behind(element, place) if place.where == _BEHIND else self._around(element, place)

    def _at(self, element: etree._Element, place: _Place) -> Iterable[_Place]:
        behind = _Place(place.element, _BEHIND, place.called)
        if local_name(element) == "callActivity":
            process = target_of_call(element)
            return [_Place(process, called=True), *([behind] if process in self._passed else [])]
        inside = [_Place(id_, called=place.called) for id_ in self._inside(element)]
        return inside if inside or local_name(element) == "process" else [behind]

    def _behind(self, element: etree._Element, place: _Place) -> Iterable[_Place]:
        if local_name(element) == "process":
            calls = [] if place.called else self._calls.get(place.element, [])
            return [_Place(call, _BEHIND) for call in calls] or [_END]
        targets = self._targets.get(place.element, [])
        goal = self._links.get((element.getparent(), link_name(element))) if throws_link(element) else None
        following = [_Place(one, called=place.called) for one in (*targets, goal) if one]
        scope = element.getparent()
        if following or scope is None:
            return following or [_END]
        return [_Place(scope.get("id", ""), _BEHIND, place.called)]

    def _around(self, element: etree._Element, place: _Place) -> Iterable[_Place]:
        """Give the boundary events of an element, and of every subprocess it stands in."""
        yield from (_Place(event, _BEHIND) for event in self._beside.get(place.element, ()))
        outer = next(element.iterancestors(*map(bpmn, SUBPROCESSES)), None)
        if outer is not None:
            yield _Place(outer.get("id", ""), _BESIDE)

    def _inside(self, element: etree._Element) -> list[str]:
        """Give what a subprocess or process begins with; nothing for anything else."""
        if local_name(element) not in {"process", *SUBPROCESSES}:
            return []
        return [one.get("id", "") for one in (*children(element, "startEvent"), *begins_implicitly(element))]


def _reached(
    back: dict[_Place, dict[_Place, None]], goals: Iterable[_Place]
) -> dict[_Place, set[str]] | None:
    """Give the steps that can be reached from each place, "" being an end; None where it takes too long."""
    todo = [(one, one.element) for one in (*goals, _END)]
    reached = {place: {step} for place, step in todo}
    looks = 0
    while todo:
        place, step = todo.pop()
        before = back.get(place, {})
        looks += len(before)
        if looks > MOST_LOOKS:
            return None
        for source in before:
            known = reached.setdefault(source, set())
            if step not in known:
                known.add(step)
                todo.append((source, step))
    return reached
