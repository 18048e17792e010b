"""Two versions of a small diagram, and a case of the first that may go on in the second."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from engine.bpmn.guard import read_tree
from engine.bpmn.move import Judgement, judge
from engine.bpmn.move_facts import VersionFacts
from engine.bpmn.move_facts_read import version_facts
from engine.bpmn.names import BPMN, PEOPLE_TASKS, name_of
from engine.bpmn.standing import standing_of
from engine.bpmn.workflow import Runner
from engine.expressions.sandbox import Sandbox
from engine.forms.definition import FormDefinition
from engine.model.definition import Definition, Diagram, Document, Step
from tests.engine.bpmn.drawn import Case, spec_of

NO_FORMS: Mapping[str, FormDefinition] = {}


def steps_of(content: bytes, **changed: Step) -> tuple[Step, ...]:
    """Give a row of the table for each task for people, in the order of the file."""
    root = read_tree(content).getroot()
    found = root.iter(*(f"{{{BPMN}}}{kind}" for kind in sorted(PEOPLE_TASKS)))
    return tuple(
        changed.get(one.get("id", ""))
        or Step(
            element=one.get("id", ""),
            number=number,
            name=name_of(one),
            activity=name_of(one),
            role="staf",
            form_key=None,
            standard_time=None,
        )
        for number, one in enumerate(found, start=1)
    )


def facts_of(
    spec: str, steps: tuple[Step, ...], forms: Mapping[str, FormDefinition] = NO_FORMS
) -> VersionFacts:
    """Read what a version means that was never deployed."""
    about = Definition(
        process_id="p", name="P", document=Document(), lanes=(), steps=steps, diagram=Diagram()
    )
    return version_facts(spec, about, forms)


class Versions:
    """Two versions and a case of the first."""

    def __init__(self, sandbox: Sandbox, old: bytes, new: bytes) -> None:
        """Read both."""
        self.specs = {uuid4(): spec_of(content, sandbox) for content in (old, new)}
        self.old, self.new = self.specs
        self.contents = dict(zip(self.specs, (old, new), strict=True))
        self.steps: dict[UUID, tuple[Step, ...]] = {
            version: steps_of(content) for version, content in self.contents.items()
        }
        self.forms: dict[UUID, Mapping[str, FormDefinition]] = dict.fromkeys(self.specs, NO_FORMS)
        self.runner = Runner(sandbox, self.specs.__getitem__)
        self.case = Case(self.runner, self.old, cached=False)

    def facts(self, version: UUID) -> VersionFacts:
        """Read what a version means."""
        return facts_of(self.specs[version], self.steps[version], self.forms[version])

    def judged(self, **mapping: str) -> Judgement:
        """Judge the case where it stands."""
        return judge(standing_of(self.case.state), self.facts(self.old), self.facts(self.new), mapping)

    def move(self, **mapping: str) -> None:
        """Move the case, as the action does with its rows."""
        case = self.case
        since = dict.fromkeys(case.open, case.now)
        state = self.runner.move(case.saved, self.new, mapping=mapping, since=since, now=case.now)
        case.version = self.new
        case.open = [state.keys[key] for key in case.open]
        case._save(state.outcome)
