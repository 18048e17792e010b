"""The state of an instance as one text: variables, rounds, and the open tasks. Nothing finished is in it.

It is JSON with short arrays, written and read by this module only; a state that came from outside
must never be loaded.
"""

from __future__ import annotations

import json
from operator import itemgetter
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.instances import Instances, runs_of, untouched_of
from engine.bpmn.live import LiveInstance
from engine.bpmn.live_scope import LivePool, LiveSubprocess
from engine.bpmn.live_task import LiveTask
from engine.bpmn.variables import Variables

FORMAT = 1
SERIALIZER = "1.5"  # of SpiffWorkflow 3.2.0, whose specs the tasks name

_dumps = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def state_text(instance: LiveInstance) -> str:
    """Write the state; ``variables`` stand last, so that the rest is a small head."""
    head = {
        "format": FORMAT,
        "serializer": SERIALIZER,
        "serial": instance.serial,
        "rounds": instance.rounds,
        **_kept_beside(instance),
    }
    if instance.undelivered:
        head["undelivered"] = instance.undelivered
    return (
        f"{_dumps(head)[:-1]},{_tokens(instance)}{_subprocesses(instance)}{_instances(instance)}"
        f',"variables":{instance.variables.json_text()}}}'
    )


def _tokens(workflow: Any) -> str:  # noqa: ANN401 - an instance or subprocess
    """Write the tokens: first what stands for subprocesses that repeat, written once until touched."""
    tasks = workflow.tasks.values()
    changed = [task for task in tasks if not task.text]
    started = TaskState.STARTED
    for task in [one for one in changed if one._state == started and one.owner and not one.internal_data]:
        task.text = _dumps(_task(task))
    texts = [task.text for task in tasks if task.text]
    untouched = untouched_of(changed)
    told = {task.id for task in untouched}
    rows = [_task(task) for task in changed if not task.text and task.id not in told]
    if rows:
        texts.append(_dumps(rows)[1:-1])
    runs = f',"untouched":{_dumps(runs_of(untouched))}' if untouched else ""
    return f'"tasks":[{",".join(texts)}]{runs}'


def _instances(instance: LiveInstance) -> str:
    """Write what multi-instance activities hold, from texts that are made once.

    None stands in a subprocess that has kept its text: their tokens have internal data.
    """
    texts = [
        f'"{task.id}":{task.instances.json_text()}'
        for workflow in instance.workflows()
        if not workflow.text
        for task in workflow.tasks.values()
        if task.instances is not None
    ]
    return f',"instances":{{{",".join(texts)}}}' if texts else ""


def _task(task: LiveTask) -> list[Any]:
    row: list[Any] = [
        task.id,
        task.task_spec.name,
        task.state,
        task.came_from,
        task.round,
        task.iteration,
        task.group,
        task.owner,
        task.internal_data,
        task.data,
    ]
    while not row[-1]:
        row.pop()
    return row


def _subprocesses(instance: LiveInstance) -> str:
    texts = [subprocess.text or _subprocess(subprocess) for subprocess in instance.subprocesses.values()]
    return f',"subprocesses":[{",".join(texts)}]' if texts else ""


def _subprocess(subprocess: LiveSubprocess | LivePool) -> str:
    """Write a subprocess; one of a thousand whose tokens stand as they stood is not written anew."""
    where: dict[str, Any] = (
        {"pool": subprocess.spec.name, "parent": subprocess.id}
        if isinstance(subprocess, LivePool)
        else {"parent": subprocess.parent_task.id}
    )
    kept = {
        **where,
        **_variables(subprocess.variables),
        **({"own": subprocess.own} if subprocess.own else {}),
        **_kept_beside(subprocess),
    }
    text = f"{_dumps(kept)[:-1]},{_tokens(subprocess)}}}"
    if subprocess.variables is None and not any(task.internal_data for task in subprocess.tasks.values()):
        subprocess.text = text
    return text


def _variables(own: Variables | None) -> dict[str, Any]:
    """Write what a called process or a pool has of its own."""
    return {} if own is None else {"variables": own, **({"set": sorted(own.changed)} if own else {})}


def _kept_beside(workflow: Any) -> dict[str, Any]:  # noqa: ANN401 - an instance or subprocess
    kept = {"done": workflow.done, "conversation": workflow.conversation}
    return {name: value for name, value in kept.items() if value}


def _load_beside(workflow: Any, kept: dict[str, Any]) -> None:  # noqa: ANN401 - an instance or subprocess
    workflow.done = kept.get("done", [])
    workflow.conversation = kept.get("conversation", {})


def variables_of(state: str) -> dict[str, Any]:
    """Give the variables kept in a state."""
    variables: dict[str, Any] = json.loads(state)["variables"] if state else {}
    return variables


def load_state(instance: LiveInstance, state: str) -> None:
    """Fill an empty instance."""
    kept = json.loads(state)
    if kept["format"] != FORMAT or kept["serializer"] != SERIALIZER:
        raise ValueError(kept["format"], kept["serializer"])
    instance.variables = Variables(kept["variables"])
    instance.rounds = kept["rounds"]
    instance.undelivered = kept.get("undelivered", [])
    _load_beside(instance, kept)
    held = kept.get("instances", {})
    _load_tokens(instance, kept, held)
    # Written in the order they were opened: the parent of an inner one is there before it.
    for inner in kept.get("subprocesses", ()):
        _load_subprocess(instance, inner, held)
    instance.serial = kept["serial"]


def _load_tokens(workflow: Any, kept: dict[str, Any], held: dict[str, Any]) -> None:  # noqa: ANN401
    for row in sorted(kept["tasks"], key=itemgetter(0)):  # in the order they came
        task = _load_task(workflow, row)
        own = held.get(str(task.id))
        if own is None and "results" in task.internal_data:  # as 0.1 wrote it
            own = {"items": task.internal_data.pop("items"), "results": task.internal_data.pop("results")}
        if own is not None:
            task.instances = Instances(own["items"], own["results"], own.get("item", ""))
    for owner, round_, id_, iteration, count in kept.get("untouched", ()):
        spec = workflow.spec.task_specs[workflow.tasks[owner].task_spec.task_spec]
        for number in range(count):
            task = LiveTask(workflow, spec, id_=id_ + number)
            task._state = TaskState.READY
            task.owner, task.round, task.iteration = owner, round_, iteration + number


def _load_task(workflow: Any, row: list[Any]) -> LiveTask:  # noqa: ANN401 - an instance or subprocess
    row = row + [0] * (10 - len(row))
    id_, name, state, came_from, round_, iteration, group, owner, internal, own = row
    task = LiveTask(workflow, workflow.spec.task_specs[name], id_=id_)
    task._state = state
    task.came_from = came_from or ""
    task.round, task.iteration, task.group, task.owner = round_, iteration, group, owner
    task.internal_data = internal or {}
    task.data = own or {}
    if state == TaskState.READY and not task.task_spec.for_people:
        workflow.top_workflow.ready.append(task)
    if state == TaskState.WAITING:
        task.waits()
    return task


def _load_subprocess(instance: LiveInstance, kept: dict[str, Any], held: dict[str, Any]) -> None:
    subprocess: LiveSubprocess | LivePool
    own = kept.get("variables")
    variables = None if own is None else Variables(own)
    if variables is not None:
        variables.changed.update(kept.get("set", variables))
    if "pool" in kept:
        spec = instance.process_spec(kept["pool"])
        subprocess = LivePool(kept["parent"], spec, instance, variables or Variables())
    else:
        parent = instance.waits_at(kept["parent"])
        subprocess = LiveSubprocess(instance.subprocess_specs[parent.task_spec.spec], parent, variables)
    subprocess.own = kept.get("own", {})
    instance.subprocesses[kept["parent"]] = subprocess
    _load_beside(subprocess, kept)
    _load_tokens(subprocess, kept, held)
