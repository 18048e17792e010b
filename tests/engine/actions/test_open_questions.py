"""Open questions are answered in the draft: it is drawn anew, and the record says who answered what."""

from __future__ import annotations

import json
import tracemalloc
from uuid import UUID

import pytest

from engine.actions.draft_contents import restore_content
from engine.actions.open_questions import Answering, answer_question
from engine.actions.process_drafts import DraftChange, DraftMoved, save_draft
from engine.actions.submissions import submit
from engine.errors import Conflict, Invalid, NotFound, Refused
from engine.model.event import EventKind
from engine.model.question import OTHERWISE
from engine.queries.library import sop_page
from engine.queries.open_questions import questions_page
from engine.queries.process_drafts import draft_page
from tests.engine.bpmn.test_questions import asked, lane_of
from tests.offices import Office
from tests.revising import draft


def questioned(office: Office, content: bytes | None = None) -> UUID:
    """Hold a draft that carries questions: at its second revision."""
    one = draft(office)
    change = DraftChange(revision=1, bpmn=content or asked())
    save_draft(office.engine, office.people["putu"], one, change)
    return one


def give(office: Office, one: UUID, key: str, answer: str, given: str = "", revision: int = 2) -> None:
    answering = Answering(answer=answer, given=given)
    answer_question(office.engine, office.people["putu"], one, revision, key, answering)


def content_of(office: Office, one: UUID) -> bytes:
    return draft_page(office.engine, office.people["putu"], "izin", one).draft.bpmn.encode()


def test_an_answer_draws_the_draft_anew_and_is_on_record(office: Office) -> None:
    one = questioned(office)
    give(office, one, "siapa", "staf")
    assert lane_of(content_of(office, one), "memeriksa") == ["lane_staf"]
    stream = draft_page(office.engine, office.people["putu"], "izin", one).draft.process
    event = office.events(stream)[-1]
    said = json.loads(event.payload)
    assert event.kind is EventKind.QUESTION_ANSWERED
    assert event.actor == office.people["putu"].person
    assert (said["question"], said["before"], said["answer"]) == ("siapa", "", "staf")


def test_a_version_carries_its_questions_and_the_step_has_the_role_of_the_answer(office: Office) -> None:
    one = questioned(office)
    give(office, one, "siapa", "staf")
    number = submit(office.engine, office.people["putu"], one, 3)[1]
    definition = sop_page(office.engine, office.people["budi"], "izin", number).definition
    assert [one.answered for one in definition.questions] == ["staf", "", "", ""]
    assert definition.step("memeriksa").role == "staf"
    assert sop_page(office.engine, office.people["budi"], "izin", 1).definition.questions == ()


def test_questions_stay_where_they_are_and_an_answer_may_be_changed(office: Office) -> None:
    one, putu = questioned(office), office.people["putu"]
    give(office, one, "siapa", "staf")
    page = questions_page(office.engine, putu, "izin", one)
    assert [question.key for question in page.questions] == ["siapa", "tolak", "waktu", "nama"]
    give(office, one, "siapa", "kasub", revision=3)
    assert lane_of(content_of(office, one), "memeriksa") == ["lane_kasub"]
    restore_content(office.engine, putu, one, 4, 2)
    assert questions_page(office.engine, putu, "izin", one).questions[0].is_open


def test_a_time_that_is_typed_must_be_one(office: Office) -> None:
    one = questioned(office)
    for given in ("", "soon", "PT0M", "-P1D"):
        with pytest.raises(Invalid):
            give(office, one, "waktu", "lain", given)
    give(office, one, "waktu", "lain", "P3D")
    assert b'standardTime="P3D"' in content_of(office, one)


@pytest.mark.parametrize("answer", ["", "nobody", "tolak"])
def test_only_an_answer_of_the_question_is_taken(office: Office, answer: str) -> None:
    with pytest.raises(Invalid):
        give(office, questioned(office), "siapa", answer)


def test_what_is_gone_from_the_diagram_cannot_be_answered_but_settled_otherwise(office: Office) -> None:
    one = questioned(office, asked().replace(b'lane="lane_staf"', b'lane="gone"'))
    with pytest.raises(Conflict):
        give(office, one, "siapa", "staf")
    give(office, one, "siapa", OTHERWISE)
    with pytest.raises(NotFound):
        give(office, one, "unasked", "staf", revision=3)


def test_an_answer_to_what_somebody_changed_meanwhile_is_not_taken(office: Office) -> None:
    one = questioned(office)
    give(office, one, "siapa", "staf")
    with pytest.raises(DraftMoved):
        give(office, one, "siapa", "kasub")
    assert lane_of(content_of(office, one), "memeriksa") == ["lane_staf"]


@pytest.mark.parametrize("by", ["budi", "lina", "agus", "dewi", "tono"])
def test_only_process_owners_answer(office: Office, by: str) -> None:
    one = questioned(office)
    with pytest.raises(NotFound):
        answer_question(office.engine, office.people[by], one, 2, "siapa", Answering(answer="staf"))
    with pytest.raises(NotFound):
        questions_page(office.engine, office.people[by], "izin", one)


def swelling(times: int, longer: int) -> bytes:
    """Give a file in which an answer puts a long text in the place of a letter that stands in it often."""
    place = f"<bpmn:documentation>{'q' * times}</bpmn:documentation><bpmn:extensionElements>".encode()
    content = asked().replace(
        b'from="Permohonan" to="Surat permohonan"', b'from="q" to="%s"' % (b"p" * longer)
    )
    step = content.index(b'id="mengajukan"')
    at = content.index(b"<bpmn:extensionElements>", step)
    return content[:at] + place + content[at + len(b"<bpmn:extensionElements>") :]


@pytest.mark.parametrize(("times", "longer"), [(5000, 19_000), (110, 19_000)])
def test_an_answer_makes_no_diagram_larger_than_any_that_is_read(
    office: Office, times: int, longer: int
) -> None:
    one = questioned(office, swelling(times, longer))
    before = content_of(office, one)
    tracemalloc.start()
    with pytest.raises(Refused):
        give(office, one, "nama", "ganti")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 60_000_000
    assert content_of(office, one) == before


def test_an_answer_keeps_to_what_a_file_may_say(office: Office) -> None:
    """A name may have as many characters as one that is uploaded, whoever wrote it."""
    long = asked().replace(b'from="Permohonan" to="Surat permohonan"', b'from="a" to="%s"' % (b"p" * 19_000))
    one = questioned(office, long)
    with pytest.raises(Refused):
        give(office, one, "nama", "ganti")
