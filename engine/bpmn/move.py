"""Judges whether a running case may move to another version, where it stands.

What has been done must be true of the new version too, and everything the case waits at must be there. What
lies before it may be as different as it likes. Nothing is written, nothing is run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import move_reasons as reasons
from engine.bpmn.move_branches import branches
from engine.bpmn.move_facts import ElementFacts, Part, VersionFacts, differing
from engine.bpmn.move_reasons import Judgement
from engine.bpmn.move_ways import WaysTaken
from engine.bpmn.standing import Scope, Standing, Token

__all__ = ["Judgement", "Mapped", "judge"]

Mapped = Mapping[str, str]  # open element -> element of the new version
NONE: Mapped = MappingProxyType({})
_WAITING_KINDS = frozenset({"intermediateCatchEvent", "receiveTask", "startEvent"})


def judge(standing: Standing, old: VersionFacts, new: VersionFacts, mapping: Mapped = NONE) -> Judgement:
    """Judge a case by where it stands."""
    judging = _Judging(standing, old, new, mapping)
    return next(filter(None, judging.hindrances()), None) or judging.free()


class _Judging:
    def __init__(self, standing: Standing, old: VersionFacts, new: VersionFacts, mapping: Mapped) -> None:
        self.standing, self.old, self.new = standing, old, new
        self.open = standing.open()
        self.mapping = {one: to for one, to in mapping.items() if one in self.open and one != to}
        self.ways = WaysTaken(standing, old)

    def hindrances(self) -> Iterator[Judgement | None]:
        """Give everything that stands against it, the plainest first."""
        for step, to in self.mapping.items():
            yield self._mapped(step, to)
        for scope in self.standing.scopes:
            yield from self._scope(scope)
        for element in sorted(self.ways.done, key=self._order):
            yield self._done(element)
        for source, target in sorted(self.ways.taken(), key=lambda way: self._order(way[1])):
            yield self._way(source, target)

    def free(self) -> Judgement:
        """Say what moving would mean, where nothing stands against it."""
        for step, to in self.mapping.items():
            return reasons.becomes(self.old.name_of(step), self.new.name_of(to))
        if not self._differs_ahead():
            return reasons.no_difference()
        failed = sorted(element for element in self.open if self._is_given_up(element))
        if failed:
            return reasons.asked_again(self.old.name_of(failed[0]))
        following = {target for element in self.open for target in self._next_steps(element)}
        new = sorted(
            (one for one in following if one not in self.old.elements), key=self.new.steps.__getitem__
        )
        return reasons.comes_to(self.new.name_of(new[0])) if new else reasons.can_move()

    def _order(self, element: str) -> tuple[int, str]:
        return self.old.steps.get(element, len(self.old.steps) + 1), element

    # -- what is open

    def _mapped(self, step: str, to: str) -> Judgement | None:
        old, new = self.old.elements.get(step), self.new.elements.get(to)
        fits = (
            old is not None
            and new is not None
            and old.for_people
            and new.for_people
            and not old.repeats
            and not new.repeats
            and old.scope == new.scope
            and to not in self.open
            and list(self.mapping.values()).count(to) <= 1
            and branches(self.old, step) == branches(self.new, to)
        )
        return None if fits else reasons.cannot_map(self.old.name_of(step), self.new.name_of(to))

    def _scope(self, scope: Scope) -> Iterator[Judgement | None]:
        process = self._process(scope)
        if scope.at and not scope.is_pool:
            yield self._inside(scope.at)
        elif scope.is_pool and scope.at not in self.new.pools:
            yield reasons.waits_and_gone(scope.at)
        yield self._handlers(process)
        yield self._declared(process)
        if not scope.at and self.old.pools != self.new.pools:
            different = min(self.old.pools ^ self.new.pools)
            yield reasons.watched_otherwise(different)
        for token in scope.tokens:
            if not token.listens:
                yield self._token(token)

    def _process(self, scope: Scope) -> str:
        if scope.is_pool:
            return scope.at
        return self.old.elements[scope.at].inner if scope.at else self.old.process

    def _inside(self, element: str) -> Judgement | None:
        old, new = self.old.elements[element], self.new.elements.get(element)
        name = self.old.name_of(element)
        if new is None or new.kind != old.kind or new.inner != old.inner or new.scope != old.scope:
            return reasons.inside_changed(name)
        return (
            None if self.old.whole(old.inner) == self.new.whole(new.inner) else reasons.inside_changed(name)
        )

    def _handlers(self, process: str) -> Judgement | None:
        different = self.old.handlers(process) ^ self.new.handlers(process)
        if not different:
            return None
        element = min(different).split(" ")[0]
        facts = self.old if element in self.old.elements else self.new
        return reasons.watched_otherwise(facts.name_of(element))

    def _declared(self, process: str) -> Judgement | None:
        new = self.new.declared.get(process, {})
        for name, variable in self.old.declared.get(process, {}).items():
            if new.get(name) != variable:
                return reasons.declared_otherwise(name)
        return None

    def _token(self, token: Token) -> Judgement | None:
        old = self.old.elements.get(token.element)
        if old is None or token.element in self.mapping:
            return None if old is not None else reasons.waits_and_gone(token.element)
        new = self.new.elements.get(token.element)
        if old.kind == "boundaryEvent":
            return self._beside(old, new, token)
        name = self.old.name_of(token.element)
        if new is None:
            gone = reasons.open_and_gone(name, token.element)
            return gone if old.for_people else reasons.waits_and_gone(name)
        if old.repeats or token.owned or not {"job", "undoing", "undone", "seen"}.isdisjoint(token.doing):
            return self._under_way(old, new, token, name)
        return self._waiting(old, new, token, name)

    def _under_way(self, old: ElementFacts, new: ElementFacts, token: Token, name: str) -> Judgement | None:
        if self._is_given_up(token.element):
            fits = new.calls and not new.repeats and new.scope == old.scope
            return None if fits else reasons.given_up_and_other(name)
        if self._same_everywhere(old, new):
            return None
        asks = old.calls and not old.repeats and not token.owned
        return reasons.asks_and_changed(name) if asks else reasons.several_changed(name)

    def _is_given_up(self, element: str) -> bool:
        """Tell whether a service stands at its connector's door for good: it may ask another one instead."""
        one = self.old.elements.get(element)
        return one is not None and element in self.standing.given_up and not one.repeats

    def _waiting(self, old: ElementFacts, new: ElementFacts, token: Token, name: str) -> Judgement | None:
        if old.for_people:
            fits = new.for_people and not new.repeats and new.scope == old.scope
            return None if fits else reasons.open_and_other(name, token.element)
        if old.kind != new.kind or old.scope != new.scope or new.repeats:
            return reasons.waits_and_changed(name)
        if old.is_join and token.state == TaskState.WAITING:
            return None if self._joins(token) else reasons.joined_otherwise(name)
        if old.inner:  # told where its scope is looked at; what stands at its edge waits too
            return None if self._same_edges(old, new) else reasons.inside_changed(name)
        if old.kind in _WAITING_KINDS:
            same = old.awaited == new.awaited and self._same_edges(old, new)
            return None if same else reasons.waits_and_changed(name)
        return None if self._same_everywhere(old, new) else reasons.waits_and_changed(name)

    def _joins(self, token: Token) -> bool:
        """Tell whether those that have come would be waited for, and as many others as before."""
        old, new = self.old.inputs.get(token.spec, ()), self.new.inputs.get(token.spec, ())
        return token.came_from in new and len(old) == len(new)

    def _beside(self, old: ElementFacts, new: ElementFacts | None, token: Token) -> Judgement | None:
        """Judge an event at the edge of an activity. It is made anew at a task for people that is open.

        Likewise at a service that is tried again.
        """
        activity = self.old.elements[old.attached]
        waits_beside = token.state == TaskState.WAITING and token.beside
        begins_anew = activity.for_people or self._is_given_up(activity.element)
        if begins_anew and not activity.repeats and waits_beside:
            return None
        same = new is not None and old.awaited == new.awaited and old.interrupting == new.interrupting
        return None if same else reasons.waits_and_changed(self.old.name_of(old.element))

    def _same_edges(self, old: ElementFacts, new: ElementFacts) -> bool:
        return old.beside == new.beside and all(
            self.old.elements[one].awaited == self.new.elements[one].awaited
            and self.old.elements[one].interrupting == self.new.elements[one].interrupting
            for one in old.beside
        )

    def _same_everywhere(self, old: ElementFacts, new: ElementFacts) -> bool:
        but_ways = [part for part in Part if part is not Part.WAYS]
        if differing(old, new, but_ways) is not None or not self._same_edges(old, new):
            return False
        return not old.inner or self.old.whole(old.inner) == self.new.whole(new.inner)

    # -- what has been done

    def _done(self, element: str) -> Judgement | None:
        old, new = self.old.elements[element], self.new.elements.get(element)
        name = self.old.name_of(element)
        if new is None:
            return reasons.done_and_gone(name)
        part = differing(old, new)
        return None if part is None else reasons.done_and_changed(name, part)

    def _way(self, source: str, target: str) -> Judgement | None:
        asked = [asks for to, asks in self.old.elements[source].ways if to == target]
        if any((target, asks) in self.new.elements[source].ways for asks in asked):
            return None
        only_open = target not in self.ways.done
        if only_open and target in self.mapping:
            return None
        between = self._new_between(source, target)
        steps = [one for one in between if one in self.new.steps]
        if not between:
            return reasons.went_otherwise(self.old.name_of(source), self.old.name_of(target))
        if not steps:
            return reasons.past(self.new.name_of(between[0]))
        first = self.new.name_of(steps[0])
        if only_open and self._mapped(target, steps[0]) is None:
            return reasons.just_past(self.old.name_of(target), first, target, steps[0])
        return reasons.past(first)

    def _new_between(self, source: str, target: str) -> list[str]:
        """Give the new elements on the shortest way from one to the other; none where there is no way."""
        before: dict[str, str] = {source: ""}
        queue = [source]
        for element in queue:
            for to in self._onwards(self.new, element):
                if to not in before:
                    before[to] = element
                    queue.append(to)
        found: list[str] = []
        element = before.get(target, "")
        while element and element != source:
            if element not in self.old.elements:
                found.insert(0, element)
            element = before[element]
        return found

    # -- what lies ahead

    def _onwards(self, facts: VersionFacts, element: str) -> list[str]:
        one = facts.elements.get(element)
        return [] if one is None else [*(to for to, _ in one.ways), *one.beside]

    def _next_steps(self, element: str) -> Iterator[str]:
        """Give the steps that follow directly, through what is no step."""
        seen: set[str] = set()
        queue = self._onwards(self.new, self.mapping.get(element, element))
        for to in queue:
            if to in seen:
                continue
            seen.add(to)
            if to in self.new.steps:
                yield to
            else:
                queue += self._onwards(self.new, to)

    def _differs_ahead(self) -> bool:
        ahead = self._ahead(self.old)
        if ahead != self._ahead(self.new):
            return True
        return any(not _alike(self.old.elements[one], self.new.elements[one]) for one in ahead)

    def _ahead(self, facts: VersionFacts) -> set[str]:
        """Give what the case may still come to, what is open included."""
        # Whatever may begin at any time, or undo what was done, may still come.
        free = [
            one.element
            for one in facts.elements.values()
            if one.handler or (one.kind == "startEvent" and one.scope in {*facts.pools, facts.process})
        ]
        queue = [*self.open, *(one for one in free if one not in self.ways.entered)]
        seen: set[str] = set()
        for element in queue:
            one = facts.elements.get(element)
            if one is None or element in seen:
                continue
            seen.add(element)
            queue += self._onwards(facts, element)
            if one.inner:
                queue += [inner.element for inner in facts.inside(one.inner)]
        return seen


def _alike(old: ElementFacts, new: ElementFacts) -> bool:
    return (
        differing(old, new) is None
        and old.shown == new.shown
        and old.ways == new.ways
        and old.beside == new.beside
        and old.interrupting == new.interrupting
    )
