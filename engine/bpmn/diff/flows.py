"""A way that leads elsewhere, told once at the step it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.diff.elements import Both
from engine.bpmn.diff.labels import end
from engine.bpmn.diff.words import change, short
from engine.errors import say
from engine.model.difference import Change, ChangeKind


def with_goals(both: Both, changes: Iterable[Change]) -> Iterator[Change]:
    """Say "the way after A is now to X (before to B)" instead of the goal of a flow."""
    for one in changes:
        part = both.new.parts.get(one.element)
        before = both.old.parts.get(one.element)
        is_goal = (
            one.aspect == "flow"
            and part is not None
            and before is not None
            and part.node.tag == before.node.tag == "sequenceFlow"
            and part.says("sourceRef") == before.says("sourceRef")
            and part.says("targetRef") != before.says("targetRef")
        )
        if not is_goal or part is None or before is None:
            yield one
            continue
        source = end(both.new, part.says("sourceRef"))
        what = (
            say("The way “%(name)s” after %(step)s", name=short(part.name), step=source)
            if part.name
            else say("The way after %(step)s", step=source)
        )
        yield change(
            ChangeKind.CHANGED,
            "flow",
            what,
            both.about(part),
            before=say("to %(step)s", step=end(both.old, before.says("targetRef"))),
            after=say("to %(step)s", step=end(both.new, part.says("targetRef"))),
            brief=say("the way “%(name)s”", name=short(part.name)) if part.name else say("way"),
        )
