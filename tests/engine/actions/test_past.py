"""The past through a draft: what the answers on record would have come to."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from engine.actions import batch_slices, batches, drafts
from engine.actions.deployment import Package
from engine.actions.process_drafts import DraftChange, save_draft, start_draft
from engine.actions.submissions import submit
from engine.actions.withdrawal import withdraw
from engine.errors import NotFound
from engine.ids import new_id
from engine.model.batch import BatchState
from engine.model.event import EventKind
from engine.model.past import Outcome
from engine.queries.library import sop_page
from engine.queries.past import kept_in
from tests.engine.actions.test_batches import ASKED, worked
from tests.offices import Office, scan
from tests.revisions import (
    changed,
    izin,
    with_a_check_before_archiving,
    with_a_check_before_examining,
    with_more_time,
)


def finished(office: Office, *decisions: str) -> UUID:
    """Work a case to its end, through as many rounds as it takes."""
    case = office.start(year=2027, knowingly=True).instance
    for decision in decisions or ("Ya",):
        office.complete(case, "mengajukan", "joko", ASKED)
        notes = {} if decision == "Ya" else {"catatan": "Terlalu mahal"}
        office.complete(case, "memeriksa", "rina", {"keputusan": decision, **notes})
    archive = office.open_task(case, "mengarsipkan").id
    drafts.stage(office.engine, office.people["joko"], archive, scan("Arsip"), {})
    office.complete(case, "mengarsipkan", "joko", {"lokasi": "Lemari 3"})
    assert office.kinds(case)[-1] == EventKind.CASE_FINISHED
    return case


def draft_of(office: Office, package: Package) -> UUID:
    putu = office.people["putu"]
    draft = start_draft(office.engine, putu, "izin", 1, new_id())
    change = DraftChange(revision=1, bpmn=package.bpmn, forms=package.forms)
    save_draft(office.engine, putu, draft, change)
    return draft


def played(office: Office, package: Package) -> dict[str, Any]:
    """Play all cases through a draft; gives the counts by outcome, and reasons."""
    batch = batches.replay_draft(office.engine, office.people["putu"], draft_of(office, package))
    done = worked(office, batch)
    assert done.state is BatchState.DONE, done.result
    groups = done.result["groups"].values()
    told = {one["outcome"]: (one["count"], one["reason"]) for one in groups}
    counted: Counter[str] = Counter()
    for one in groups:
        counted[one["outcome"]] += one["count"]
    return {"told": told, "counted": dict(counted), "kept": done.result["kept"]}


def counts(office: Office, package: Package) -> dict[str, int]:
    counted: dict[str, int] = played(office, package)["counted"]
    return counted


def test_what_changes_no_way_changes_nothing(office: Office) -> None:
    finished(office)
    finished(office, "Tidak", "Ya")
    opened = office.start(knowingly=True).instance
    office.complete(opened, "mengajukan", "joko", ASKED)
    assert counts(office, with_more_time()) == {"same": 3}


def test_a_new_step_is_something_never_asked_before(office: Office) -> None:
    finished(office)
    came = office.start(knowingly=True).instance
    office.complete(came, "mengajukan", "joko", ASKED)
    told = played(office, with_a_check_before_archiving())["told"]
    assert told["asked"] == (
        1,
        {"why": "It would come to the new step %(step)s.", "values": {"step": "Memastikan kelengkapan"}},
    )
    so_far = {"why": "It would have gone the same way up to the step where it stands."}
    assert told["same"] == (1, so_far)
    assert counts(office, with_a_check_before_examining()) == {"asked": 2}


def test_a_field_that_must_be_filled_now_is_told_where_it_was_left_empty(office: Office) -> None:
    finished(office)
    package = izin()
    form = json.loads(package.forms["mengarsipkan"])
    field = {"type": "textfield", "id": "rak", "key": "rak", "label": "Nomor rak"}
    form["components"].append({**field, "validate": {"required": True}})
    asking = replace(package, forms={**package.forms, "mengarsipkan": json.dumps(form)})
    ((count, reason),) = played(office, asking)["told"].values()
    assert count == 1
    assert reason["values"] == {"step": "Mengarsipkan izin", "field": "Nomor rak"}


def test_another_condition_leads_elsewhere(office: Office) -> None:
    finished(office)
    strict = changed(
        izin(),
        (
            'memeriksa["keputusan"] == "Ya"',
            'memeriksa["keputusan"] == "Ya" and mengajukan["biaya"] &lt; 1000',
        ),
        (
            'memeriksa["keputusan"] == "Tidak"',
            'memeriksa["keputusan"] == "Tidak" or mengajukan["biaya"] &gt;= 1000',
        ),
    )
    ((count, reason),) = played(office, strict)["told"].values()
    assert count == 1
    assert reason["values"] == {"at": "Mengajukan izin", "step": "Mengarsipkan izin"}


def test_where_no_condition_is_true_it_stalls(office: Office) -> None:
    finished(office)
    narrow = changed(
        izin(),
        ('memeriksa["keputusan"] == "Ya"', 'memeriksa["keputusan"] == "Ya" and mengajukan["biaya"] &lt; 1'),
    )
    ((outcome, (count, reason)),) = played(office, narrow)["told"].items()
    assert (outcome, count) == ("stalls", 1)
    assert reason["why"].startswith("No condition behind the gateway")


def test_what_was_taken_back_is_not_played(office: Office) -> None:
    case = office.start(knowingly=True).instance
    office.complete(case, "mengajukan", "joko", ASKED)
    withdraw(office.engine, office.people["joko"], office.tasks(case)[0].id)
    assert counts(office, with_more_time()) == {"same": 1}


def test_kept_cases_are_told_by_themselves_at_every_draft(office: Office) -> None:
    first, second = finished(office), finished(office, "Tidak", "Ya")
    putu = office.people["putu"]
    batches.keep_case(office.engine, putu, second, wanted=True)
    batches.keep_case(office.engine, putu, second, wanted=True)
    kept = played(office, with_a_check_before_archiving())["kept"]
    assert list(kept) == [second.hex]
    assert kept[second.hex][:2] == ["002/IZ/2026", "asked"]
    process = office.engine.versions.get(office.tasks(first)[0].version).process
    assert office.kinds(process).count(EventKind.CASE_KEPT) == 1
    batches.keep_case(office.engine, putu, second, wanted=False)
    assert played(office, with_more_time())["kept"] == {}


def test_kept_cases_are_played_through_whatever_is_submitted(office: Office) -> None:
    case, putu, lina = finished(office), office.people["putu"], office.people["lina"]
    batches.keep_case(office.engine, putu, case, wanted=True)
    draft = draft_of(office, with_a_check_before_archiving())
    number = submit(office.engine, putu, draft, 2)[1]
    version = next(one.id for one in sop_page(office.engine, putu, "izin").versions if one.number == number)
    [waiting] = kept_in(office.engine, lina, version)
    assert (waiting.number, waiting.outcome) == ("001/IZ/2026", None)
    while batch_slices.work(office.engine):
        pass
    [told] = kept_in(office.engine, lina, version)
    assert told.outcome is Outcome.ASKED
    with pytest.raises(NotFound):
        kept_in(office.engine, office.people["joko"], version)


def test_nothing_of_the_cases_is_touched(office: Office) -> None:
    case = finished(office)
    before = (office.kinds(case), office.tasks(case))
    played(office, with_a_check_before_archiving())
    assert (office.kinds(case), office.tasks(case)) == before


def test_only_owners_play_the_past(office: Office) -> None:
    draft = draft_of(office, with_more_time())
    case = finished(office)
    for name in ("joko", "agus", "dewi", "lina"):
        with pytest.raises(NotFound):
            batches.replay_draft(office.engine, office.people[name], draft)
        with pytest.raises(NotFound):
            batches.keep_case(office.engine, office.people[name], case, wanted=True)
