"""Messages between the processes of a case, and to the outside (BPMN 2.0, 8.3.11, 13.5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.catching import happen, is_unmoved, waits_for
from engine.bpmn.correlation import expected, fits, keys_of, process_of, remember_keys
from engine.bpmn.definitions import Message, parts_of
from engine.bpmn.live_task import LiveTask
from engine.bpmn.receiving import KEYS
from engine.bpmn.scope import scope_of
from engine.bpmn.trail import Happening
from engine.bpmn.variables import deep_copy
from engine.errors import ProcessFailed
from engine.model.wait import Channel, Thrown

MOST_KEPT = 1000  # messages that nobody has taken yet


def send(task: LiveTask, message: Message, payload: Mapping[str, Any] | None = None) -> None:
    """Send a message: to the one that waits for it in the case, else it is kept until one does.

    One that no element of the case's processes takes leaves the case. ``payload`` is what the
    diagram says it carries; without it only a process that the message begins is given anything,
    a copy of the sender's variables, as a called process is.
    """
    top = task.workflow.top_workflow
    variables = scope_of(task)
    keys = keys_of(task, message, variables if payload is None else payload)
    remember_keys(task, keys)
    carried = {name: value for values in keys.values() for name, value in values.items()}
    told = {"name": message.name, "payload": payload, "correlation": carried}
    top.record(Happening.THROWN, task, {name: value for name, value in told.items() if value})
    catches = [part for part in top.spec.catches if part.meets(message)]
    if not catches:
        top.thrown.append(_thrown(task, message, payload or {}, carried))
        return
    sent = {
        "message": message.facts,
        "payload": payload,
        "keys": keys,
        "process": process_of(task).spec.name,
    }
    if payload is None and any(part.meets(message) for part in top.spec.opening_messages):
        sent["variables"] = {name: deep_copy(value) for name, value in variables.items()}
    top.undelivered.append(sent)
    deliver_kept(top)
    while len(top.undelivered) > MOST_KEPT:
        top.let_go(task, top.undelivered.pop(0)["message"]["name"])


def _thrown(
    task: LiveTask, message: Message, payload: Mapping[str, Any], correlation: Mapping[str, Any]
) -> Thrown:
    return Thrown(
        channel=Channel.MESSAGE,
        name=message.name,
        element=task.task_spec.element,
        round=task.round,
        payload=payload,
        correlation=correlation,
    )


def deliver_kept(live: Any) -> bool:  # noqa: ANN401 - an instance; its module imports this one
    """Give the first message that is waited for to its receiver; False where none is."""
    _expect_anew(live)
    receivers = _receivers(live) if live.undelivered else []
    for at, sent in enumerate(live.undelivered if receivers else ()):
        if _deliver(sent, receivers):
            del live.undelivered[at]
            return True
    return False


class _Receiver(NamedTuple):
    """A definition of an event that waits, and what a message must carry for it."""

    task: LiveTask
    place: int
    part: Message
    wanted: Mapping[str, Any]


def _receivers(live: Any) -> list[_Receiver]:  # noqa: ANN401 - an instance
    return [
        _Receiver(task, place, part, live.wanted(task, place))
        for task in live.waiting()
        for place, part in waits_for(task, Message)
        if is_unmoved(task)
    ]


def _deliver(sent: Mapping[str, Any], receivers: list[_Receiver]) -> bool:
    message = Message(**sent["message"])
    fitting = [one for one in receivers if one.part.meets(message) and fits(one.wanted, sent["keys"])]
    if not fitting:
        return False
    # A drawn flow says who it is for. A message goes to an instance that waits before it begins
    # another one, and to another process before the sender's own.
    task, place, part, _ = min(
        fitting,
        key=lambda one: (
            not one.part.is_linked(message),
            not one.part.is_for(message),
            _opens(one.task),
            process_of(one.task).spec.name == sent["process"],
            one.task.id,
        ),
    )
    take_keys(task, {key: sent["keys"][key] for key in part.keys if key in sent["keys"]})
    happen(task, place, sent["payload"] or (sent.get("variables") if _opens(task) else None))
    return True


def _expect_anew(live: Any) -> None:  # noqa: ANN401 - an instance
    """Let what waits ask for what its process knows by now: the key of a first message, its data (8.3.2)."""
    for task in list(live.correlated.values()):
        if task.state != TaskState.WAITING or task.id not in task.workflow.tasks:
            del live.correlated[task.id]
            continue
        for place, part in waits_for(task, Message):
            wanted = expected(task, part)
            if wanted != live.wanted(task, place):
                live.clear_wait(task, place)
                live.set_wait(task, place, Channel.MESSAGE, part.name, wanted)


def take_keys(task: LiveTask, keys: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep the correlation keys of a received message with the process that receives, or that it begins."""
    if not _opens(task):
        remember_keys(task, keys)
    elif keys:
        task.internal_data[KEYS] = {key: dict(values) for key, values in keys.items()}


def keys_from_outside(task: LiveTask, place: int, payload: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Find the correlation keys in a message from outside, without those that its content lacks.

    ProcessFailed where looking took too long: what it carries is not known then.
    """
    message = parts_of(task.task_spec.event_definition)[place]
    found: dict[str, dict[str, Any]] = {}
    for key in message.keys if isinstance(message, Message) else ():
        try:
            found |= keys_of(task, message, payload, only=key)
        except ProcessFailed as failed:
            if failed.failure.timed_out:
                raise
    return found


def _opens(task: LiveTask) -> bool:
    return getattr(task.task_spec, "opens", None) is not None
