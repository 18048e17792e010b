"""What is to become of open cases is chosen before a draft is in force."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.actions import batches
from engine.actions.move_choices import keep_choice
from engine.errors import NotFound
from engine.model.event import EventKind
from engine.queries import open_cases
from tests.engine.actions.test_batches import cases, groups, moved_by, revised, surveyed, worked
from tests.offices import Office
from tests.revising import approved, draft, submitted, today
from tests.revisions import with_more_time


def of_draft(office: Office, one: UUID) -> dict[str, str]:
    """Look at the open cases for a draft; gives the keys of the groups by where cases stand."""
    survey = worked(office, batches.survey_draft(office.engine, office.people["putu"], one, {}))
    return {at: group["key"] for at, group in groups(survey).items()} | {"survey": survey.id.hex}


def test_the_last_choice_stands_and_is_on_record(office: Office) -> None:
    case, _ = cases(office, asked=1, examined=1)
    one = draft(office)
    found = of_draft(office, one)
    putu, survey = office.people["putu"], UUID(hex=found["survey"])
    keep_choice(office.engine, putu, "izin", survey, frozenset({found["mengajukan"], found["memeriksa"]}))
    keep_choice(office.engine, putu, "izin", survey, frozenset({found["memeriksa"], "unknown"}))
    page = open_cases.for_draft(office.engine, putu, "izin", one)
    assert page.with_reason_to_move == {found["memeriksa"]}
    assert page.choice is not None
    process = office.engine.versions.get(office.tasks(case)[0].version).process
    assert office.kinds(process).count(EventKind.CASES_CHOSEN) == 2


def test_it_is_chosen_for_what_waits_for_approval_too(office: Office) -> None:
    cases(office, asked=1, examined=1)
    number, putu = submitted(office), office.people["putu"]
    survey = surveyed(office, number)
    keep_choice(office.engine, putu, "izin", survey.id, frozenset())
    assert open_cases.for_version(office.engine, putu, "izin", number).with_reason_to_move == frozenset()
    approved(office, number, today(office))
    page = open_cases.for_version(office.engine, putu, "izin", number)
    assert page.with_reason_to_move == frozenset()
    assert page.choosable == {one["key"] for one in groups(survey).values()}
    moved_by(office, survey, number, "mengajukan")  # what was chosen before binds nobody


def test_nobody_chooses_where_there_is_no_draft(office: Office) -> None:
    cases(office, asked=1, examined=0)
    survey = surveyed(office, revised(office, with_more_time()))
    with pytest.raises(NotFound):
        keep_choice(office.engine, office.people["putu"], "izin", survey.id, frozenset())
    number = submitted(office)
    for name in ("joko", "lina"):
        with pytest.raises(NotFound):
            keep_choice(office.engine, office.people[name], "izin", surveyed(office, number).id, frozenset())
