"""Small diagrams in one line per element, and an instance that is run by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar
from uuid import UUID, uuid4

from engine.bpmn.guard import read_tree
from engine.bpmn.lint import main_process, problems_of
from engine.bpmn.parse import read_spec
from engine.bpmn.trail import Happening
from engine.bpmn.workflow import Outcome, Runner
from engine.dmn.files import NO_DECISIONS, ReadDecisions
from engine.expressions.sandbox import Sandbox
from engine.model.instance import Saved
from engine.model.job import Job, JobKey
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.model.wait import Wait, WaitKey

Key = TypeVar("Key", TaskKey, TimerKey, JobKey, WaitKey)
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:sop="urn:alur:sop:1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="whole_file">'
)


def diagram(
    *body: str, process: str = "p", attributes: str = 'isExecutable="true"', beside: str = "", after: str = ""
) -> bytes:
    """Draw one process; ``beside`` and ``after`` stand outside it."""
    inside = "\n".join(body)
    whole = f'<bpmn:process id="{process}" {attributes}>\n{inside}\n</bpmn:process>'
    return f"{_HEAD}{beside}{whole}{after}</bpmn:definitions>".encode()


def element(kind: str, id_: str, inside: str = "", /, **attributes: str) -> str:
    """Draw one element."""
    about = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<bpmn:{kind} id="{id_}"{about}>{inside}</bpmn:{kind}>'


def flow(source: str, target: str, condition: str = "", id_: str = "") -> str:
    """Draw one flow, named by its ends."""
    asked = (
        f"<bpmn:conditionExpression><![CDATA[{condition}]]></bpmn:conditionExpression>" if condition else ""
    )
    return element("sequenceFlow", id_ or f"{source}_{target}", asked, sourceRef=source, targetRef=target)


def flows(*chain: str) -> str:
    """Draw the flows of a chain of elements."""
    return "".join(flow(source, target) for source, target in pairwise(chain))


def tasks(*ids: str, kind: str = "userTask") -> str:
    """Draw tasks named like their ids."""
    return "".join(element(kind, id_, name=id_.capitalize()) for id_ in ids)


def script(id_: str, source: str) -> str:
    """Draw a script task."""
    return element("scriptTask", id_, f"<bpmn:script><![CDATA[{source}]]></bpmn:script>")


def logs(*ids: str) -> str:
    """Draw script tasks that write their id into the variable ``log``."""
    return "".join(script(id_, f'log.append("{id_}")') for id_ in ids)


def service(id_: str, connector: str = "post", inside: str = "", **inputs: str) -> str:
    """Draw a service task; its inputs are expressions by name."""
    given = "".join(
        f'<sop:input name="{name}"><![CDATA[{expression}]]></sop:input>'
        for name, expression in inputs.items()
    )
    own = f'<sop:Service connector="{connector}">{given}</sop:Service>'
    extension = f"<bpmn:extensionElements>{own}</bpmn:extensionElements>"
    return element("serviceTask", id_, extension + inside, name=id_.capitalize())


def start_end() -> str:
    """Draw the two events every process has."""
    return element("startEvent", "start") + element("endEvent", "end")


def timer(kind: str, text: str) -> str:
    """Draw a timer definition."""
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"


def codes(content: bytes, sandbox: Sandbox, **sop: Any) -> set[str]:
    """Give the codes of everything the lint finds."""
    return {finding.code for finding in problems_of(read_tree(content), sandbox=sandbox, **sop)}


def spec_of(content: bytes, sandbox: Sandbox, decisions: ReadDecisions = NO_DECISIONS) -> str:
    """Read a diagram for running; it must pass the lint."""
    tree = read_tree(content)
    assert problems_of(tree, sandbox=sandbox, decisions=decisions) == ()
    return read_spec(tree, main_process(tree).get("id") or "", decisions)


@dataclass
class Case:
    """One instance with the row an action would keep of it."""

    runner: Runner
    version: UUID
    id: UUID = field(default_factory=uuid4)
    guard: int = 0
    now: datetime = MONDAY
    cached: bool = True  # False: every step starts from the state text alone
    outcome: Outcome | None = None
    open: list[TaskKey] = field(default_factory=list)
    timers: dict[TimerKey, datetime] = field(default_factory=dict)
    jobs: dict[JobKey, Job] = field(default_factory=dict)
    waits: dict[WaitKey, Wait] = field(default_factory=dict)
    history: list[Any] = field(default_factory=list)

    def start(self, **variables: Any) -> Case:
        """Open it."""
        outcome = self.runner.start(version=self.version, instance=self.id, variables=variables, now=self.now)
        self._save(outcome)
        return self

    def complete(
        self,
        which: str | TaskKey,
        submitted: Mapping[str, Any] | None = None,
        shared: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Complete a task: this, or the first open one of an element (so in all that follows)."""
        key = _found(which, self.open)
        outcome = self.runner.complete(
            self.saved, key, submitted=submitted or {}, shared=shared or {}, now=self.now
        )
        self.open.remove(key)
        return self._save(outcome)

    def send_back(self, which: str | TaskKey, to: str) -> Outcome:
        """Send an open task back to an earlier one."""
        key = _found(which, self.open)
        outcome = self.runner.send_back(self.saved, key, to=to, now=self.now)
        self.open.remove(key)
        return self._save(outcome)

    def amend(self, **changes: Any) -> Outcome:
        """Correct what finished steps entered."""
        return self._save(self.runner.amend(self.saved, changes=changes, now=self.now))

    def assign(self, key: TaskKey | TimerKey | JobKey | WaitKey, name: str, value: Any) -> Outcome:  # noqa: ANN401 - JSON value
        """Correct a variable where it is known at something that waits."""
        return self._save(self.runner.assign(self.saved, key, name=name, value=value, now=self.now))

    def ask_again(self, which: str | JobKey) -> Outcome:
        """Work out anew what a connector gets."""
        key = _found(which, self.jobs)
        return self._save(self.runner.ask_again(self.saved, key, now=self.now))

    def fire(self, which: str | TimerKey) -> Outcome:
        """Let the time of a timer come."""
        key = _found(which, self.timers)
        self.now = max(self.now, self.timers[key])
        return self._save(self.runner.fire(self.saved, key, now=self.now))

    def answer(self, which: str | JobKey, result: Any) -> Outcome:  # noqa: ANN401 - JSON value
        """Let the connector of a waiting job answer."""
        key = _found(which, self.jobs)
        return self._save(self.runner.job_done(self.saved, key, result=result, now=self.now))

    def fail(self, which: str | JobKey, code: str) -> Outcome | None:
        """Let a waiting job fail for good; None where nobody catches it."""
        key = _found(which, self.jobs)
        outcome = self.runner.job_failed(self.saved, key, code=code, now=self.now)
        return None if outcome is None else self._save(outcome)

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    @property
    def state(self) -> str:
        """Give the state as the row keeps it."""
        assert self.outcome is not None
        return self.outcome.state

    @property
    def finished(self) -> bool:
        """Tell whether it ended."""
        assert self.outcome is not None
        return self.outcome.finished

    @property
    def variables(self) -> dict[str, Any]:
        """Give the variables."""
        assert self.outcome is not None
        return self.outcome.variables

    @property
    def open_elements(self) -> list[str]:
        """Give the elements of the open tasks."""
        return sorted(key.element for key in self.open)

    def seen(self, what: Happening) -> list[str]:
        """Give the elements to which something happened, in order."""
        return [item.element for item in self.history if item.what is what]

    def deliver(self, which: str | WaitKey, payload: Mapping[str, Any]) -> Outcome:
        """Deliver a message or signal from outside to an element that waits."""
        waits = [wait.key for wait in sorted(self.waits.values(), key=lambda wait: wait.begins)]
        key = _found(which, waits)
        return self._save(self.runner.deliver(self.saved, key, payload=payload, now=self.now))

    @property
    def saved(self) -> Saved:
        """Give what the case's row has."""
        return Saved(id=self.id, version=self.version, guard=self.guard, state=self.state)

    def _save(self, outcome: Outcome) -> Outcome:
        self.guard += 1
        self.outcome = outcome
        for closed in outcome.closed:
            self.open.remove(closed)
        self.open += outcome.opened
        for cleared in outcome.timers_cleared:
            del self.timers[cleared]
        self.timers |= dict(outcome.timers_set)
        for gone in outcome.waits_cleared:
            del self.waits[gone]
        self.waits |= {wait.key: wait for wait in outcome.waits_set}
        for over in outcome.jobs_cleared:
            del self.jobs[over]
        self.jobs |= {job.key: job for job in outcome.jobs_set}
        self.history += outcome.trail
        if self.cached:
            self.runner.keep(self.id, self.guard, outcome)
        if outcome.finished:
            assert (outcome.state, self.open, self.timers, self.jobs) == ("", [], {}, {})
        return outcome


def _found(which: str | Key, among: Iterable[Key]) -> Key:
    return next(key for key in among if key.element == which) if isinstance(which, str) else which
