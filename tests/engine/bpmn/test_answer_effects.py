"""What an answer changes is told before it is given, and where."""

from __future__ import annotations

import pytest

from engine.bpmn.answer_effects import Effect, EffectKind, Effects, Place
from engine.bpmn.questions import questions_in
from engine.bpmn.working_time import read_standard_time
from tests.engine.bpmn.test_questions import QUESTIONS, asked, give

TWO_HOURS = read_standard_time("PT2H")


def told(content: bytes, key: str, answer: str) -> tuple[Effect, ...]:
    question = next(one for one in questions_in(content) if one.key == key)
    chosen = question.answer(answer)
    assert chosen is not None
    return Effects(content).of(question, chosen)


@pytest.mark.parametrize(
    ("key", "answer", "effect"),
    [
        ("siapa", "kasub", Effect(kind=EffectKind.LANE, name="Kasub", is_so=True)),
        ("siapa", "staf", Effect(kind=EffectKind.LANE, name="Staf")),
        ("tolak", "ulang", Effect(kind=EffectKind.FLOW, name="Mengajukan izin", is_so=True, number="1")),
        ("waktu", "dua", Effect(kind=EffectKind.TIME, time=TWO_HOURS, is_so=True)),
        ("waktu", "tanpa", Effect(kind=EffectKind.TIME)),
        ("nama", "ganti", Effect(kind=EffectKind.TEXT, old="Permohonan", name="Surat permohonan")),
    ],
)
def test_what_an_answer_changes(key: str, answer: str, effect: Effect) -> None:
    assert told(asked(), key, answer) == (effect,)


def test_an_answer_that_was_given_is_how_it_is_drawn() -> None:
    content = give(asked(), "siapa", "staf")
    assert told(content, "siapa", "staf")[0].is_so
    assert not told(content, "siapa", "kasub")[0].is_so


def test_to_leave_it_changes_nothing_and_a_paper_is_shown() -> None:
    shows = QUESTIONS.replace(b'key="tetap"', b'key="tetap" shows="Notulen; Daftar hadir"')
    assert told(asked(), "nama", "tetap") == ()
    names = [one.name for one in told(asked().replace(QUESTIONS, shows), "nama", "tetap")]
    assert names == ["Notulen", "Daftar hadir"]


def test_where_a_question_is_about() -> None:
    content = asked()
    places = {one.key: Effects(content).places(one) for one in questions_in(content)}
    assert places["siapa"] == (Place(number="2", name="Memeriksa permohonan", lane="Kasub"),)
    assert [one.flow for one in places["tolak"]] == ["Tidak"]
    assert [one.name for one in places["nama"]] == ["Mengajukan izin", "Mengarsipkan izin"]


def test_what_is_gone_is_not_told() -> None:
    content = (
        asked().replace(b'about="memeriksa"', b'about="hilang"').replace(b'"lane_staf">', b'"hilang">', 1)
    )
    question = questions_in(content)[0]
    assert Effects(content).places(question) == ()
    assert Effects(content).of(question, question.answers[0])[0].name == "Kasub"
