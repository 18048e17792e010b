"""What is typed becomes clean values, or problems that say what to correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Invalid, Refused
from engine.forms.context import FormContext
from engine.forms.definition import FormDefinition
from engine.forms.schema import validator
from engine.forms.submission import Submission, clean
from tests.costs import cost
from tests.engine.forms.sample import (
    GOOD_ROW,
    INDICATORS,
    KASUB,
    PHOTO,
    REVIEW,
    SCAN,
    SD,
    SMP,
    component,
    form,
    good,
    rows,
    surroundings,
)

FORM = form()


def accepted(raw: Mapping[str, Sequence[str]], context: FormContext | None = None) -> Submission:
    return clean(FORM, raw, context or surroundings())


def problems(
    raw: Mapping[str, Sequence[str]],
    context: FormContext | None = None,
    definition: FormDefinition = FORM,
) -> dict[str, str]:
    with pytest.raises(Invalid) as invalid:
        clean(definition, raw, context or surroundings())
    return {problem.field: str(problem.sentence) for problem in invalid.value.problems}


def test_clean_values_are_jsons_own() -> None:
    raw = good(
        nomor=["005/UND/2026"],
        acara=["  Baris satu\r\nBaris dua  "],
        tahun=["2.027"],
        tanggal=["24/11/2026"],
        pukul=["9.05"],
        mulai=["24-11-2026 09.00"],
        setuju=["true"],
        sifat=["Rahasia"],
        alasan=[" Sebab \t\n lain "],
        peserta=[SMP, SD, SD],
        pembuat=[KASUB],
    )
    submission = accepted(raw, surroundings(staged={"lampiran": [SCAN]}))
    assert submission.values == {
        "hal": "Undangan rapat",
        "nomor": "005/UND/2026",
        "acara": "Baris satu\nBaris dua",
        "tahun": 2027,
        "tanggal": "2026-11-24",
        "pukul": "09:05",
        "mulai": "2026-11-24T09:00:00+07:00",
        "setuju": True,
        "sifat": "Rahasia",
        "alasan": "Sebab lain",
        "peserta": [SD, SMP],
        "pembuat": KASUB,
        "lampiran": [SCAN],
        "indikator": [
            {
                "indikator": "Persentase SD",
                "satuan": "%",
                "target": 92.5,
                "kesimpulan": "Dipakai",
                "catatan": "",
            }
        ],
    }
    assert submission.shared == {"tabel": submission.values["indikator"]}
    assert submission.assigned == {"membuat_undangan": [KASUB]}


def test_what_may_be_empty_is_empty_by_its_type() -> None:
    values = accepted(good()).values
    assert (values["nomor"], values["tahun"], values["setuju"], values["peserta"]) == ("", None, False, [])
    assert (values["sifat"], values["lampiran"], values["pembuat"]) == (None, [], None)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("hal", " ", "Not filled in yet. Write for example “Undangan rapat”."),
        ("hal", "x" * 1001, "This has 1001 characters. Shorten it to 1000."),
        ("hal", "a\0b", "It holds characters that cannot be kept. Type it again without them."),
        ("acara", "a\ud800", "It holds characters that cannot be kept. Type it again without them."),
        ("nomor", "5/und", "This does not have the expected form. Check it against the description."),
        ("tahun", "tahun ini", "This is not a number. Write digits, for example 12."),
        ("tahun", "2026,5", "This must be a whole number. Write it without decimals."),
        ("tahun", "1999", "This is too small. Write at least 2000."),
        ("tanggal", "22-11-2026", "22-11-2026 is a Sunday. Choose a working day."),
        ("tanggal", "2026-11-21", "21-11-2026 is a Saturday. Choose a working day."),
        ("tanggal", "25-12-2026", "25-12-2026 is a holiday. Choose a working day."),
        ("tanggal", "besok", "This is not a date. Write day, month and year, for example 24-11-2026."),
        ("tanggal", "9" * 5000, "This is too long. Write at most 60 characters."),
        ("pukul", "jam 9 pagi", "Write hours and minutes, for example 09.00."),
        ("mulai", "24-11-2026", "Write date and time, for example 24-11-2026 09.00."),
        ("sifat", "Sangat rahasia", "“Sangat rahasia” is not among the options: Biasa, Rahasia."),
        ("pembuat", SD, "This answer is no longer among the options. Choose again."),
        ("pembuat", "Budi", "“Budi” is not among the options: Rahmat, Kasubbag, Siti, Staf."),
        ("peserta", KASUB, "This answer is no longer among the options. Choose again."),
        ("peserta", "Bidang SMA", "“Bidang SMA” is not among the options: Bidang SD, Bidang SMP."),
        (
            "indikator.0.target",
            "x",
            "This is not a number. Write digits, with a comma before decimals: 1.234,5.",
        ),
        ("indikator.0.target", "1,234", "This has too many decimals. Write at most 2 after the comma."),
        ("indikator.0.target", "", "Not filled in yet. This cannot be left empty."),
        ("indikator.0.satuan", "x" * 21, "This has 21 characters. Shorten it to 20."),
    ],
)
def test_a_problem_says_how_to_put_it_right(name: str, text: str, sentence: str) -> None:
    assert problems(good() | {name: [text]}) == {name: sentence}


def test_problems_stand_in_the_order_of_the_form() -> None:
    raw = {"pukul": ["x"], "tahun": ["x"], **rows(("", "", "x"), ("", "", "1"))}
    assert list(problems(raw)) == [
        "hal",
        "tahun",
        "pukul",
        "indikator.0.indikator",
        "indikator.0.target",
        "indikator.1.indikator",
    ]


def test_empty_rows_are_dropped_and_gaps_do_no_harm() -> None:
    raw = {"hal": ["x"], **rows((), GOOD_ROW)}
    raw |= {name.replace(".1.", ".40."): texts for name, texts in raw.items() if ".1." in name}
    assert len(accepted(raw).values["indikator"]) == 2


def test_a_list_that_must_have_rows_says_so() -> None:
    assert problems({"hal": ["x"], **rows(("", " "))}) == {
        "indikator": "Not filled in yet. Add at least one row."
    }


def test_a_cell_may_be_required_by_another_of_its_row() -> None:
    raw = {"hal": ["x"], **rows((*GOOD_ROW[:3], "Diperbaiki"))}
    assert list(problems(raw)) == ["indikator.0.catatan"]


def test_too_many_rows_are_a_problem_and_cheap() -> None:
    raw = {"hal": ["x"], **rows(*[GOOD_ROW] * 3000)}
    seconds, found = cost(lambda: problems(raw))
    assert found == {"indikator": "3000 rows are more than the 500 that fit."}
    assert seconds < 1


def test_what_was_pasted_but_not_taken_in_is_not_lost() -> None:
    assert list(problems(good() | {"indikator.paste": ["a\tb"]})) == ["indikator.paste"]


def test_a_hidden_field_is_neither_required_nor_kept() -> None:
    assert accepted(good(alasan=["x"])).values["alasan"] == ""
    assert list(problems(good(sifat=["Rahasia"]))) == ["alasan"]


def test_a_hidden_list_changes_no_shared_variable() -> None:
    hidden = form([component("checkbox", "tanpa"), {**INDICATORS, "conditional": {"hide": "=tanpa"}}])
    assert clean(hidden, {"tanpa": ["true"]}, surroundings()).shared == {}


def test_one_file_is_not_two() -> None:
    assert list(problems(good(), surroundings(staged={"lampiran": [SCAN, PHOTO]}))) == ["lampiran"]


def test_what_is_read_only_comes_from_the_server() -> None:
    fixed = form([component("number", "versi", readonly=True, properties={"prefill": "round"})])
    assert clean(fixed, {"versi": ["99"]}, surroundings()).values == {"versi": 1}


def test_a_refusal_needs_its_notes() -> None:
    review = form(REVIEW)
    assert list(problems({"keputusan": ["Tidak"]}, definition=review)) == ["catatan"]
    assert list(problems({}, definition=review)) == ["keputusan"]
    assert clean(review, {"keputusan": ["Ya"]}, surroundings()).values == {"keputusan": "Ya", "catatan": ""}


def test_names_nobody_knows_are_ignored() -> None:
    raw = good() | {
        "csrf_token": ["x"],
        "indikator.0.gaji": ["1"],
        "indikator.x.target": ["1"],
        "jabatan": ["x"],
    }
    assert accepted(raw).values == accepted(good()).values


NAMES = ["hal", "nomor", "tahun", "tanggal", "pukul", "mulai", "setuju", "sifat", "peserta", "pembuat"]
CELLS = [f"indikator.{row}.{column}" for row in range(3) for column in ("indikator", "target", "kesimpulan")]


@given(
    st.dictionaries(
        st.sampled_from([*NAMES, *CELLS, "indikator.0", "indikator", "indikator.-1.target"]),
        st.lists(st.one_of(st.text(max_size=12), st.sampled_from(["1.5", "24-11-2026", SD])), max_size=3),
    )
)
def test_whatever_is_typed_is_clean_or_has_problems(raw: dict[str, list[str]]) -> None:
    try:
        values = clean(FORM, raw, surroundings()).values
    except Invalid as invalid:
        fits = len(invalid.problems) > 0
    else:
        fits = validator(FORM).is_valid(values)
    assert fits


def test_a_table_of_twelve_rows_costs_little() -> None:
    raw = {"hal": ["x"], **rows(*[GOOD_ROW] * 12)}
    accepted(raw)
    assert cost(lambda: accepted(raw))[0] < 0.02  # a tenth of it on a quiet machine


MEASURED = {
    "type": "dynamiclist",
    "path": "ukuran",
    "label": "Ukuran",
    "components": [
        component("textfield", "satuan"),
        component("textfield", "target", properties={"numberIf": "satuan=%", "example": "92,50"}),
    ],
}


@pytest.mark.parametrize(
    ("unit", "target"), [("%", "92,50"), ("%", "≥ 90"), ("%", ""), ("Predikat", "BB"), ("", "seratus")]
)
def test_a_target_is_a_number_only_where_its_unit_asks_for_one(unit: str, target: str) -> None:
    raw = {"ukuran.0.satuan": [unit], "ukuran.0.target": [target]}
    clean(form([MEASURED]), raw, surroundings())


def test_a_percentage_in_words_is_told_how_to_be_written() -> None:
    raw = {"ukuran.0.satuan": ["%"], "ukuran.0.target": ["seratus"]}
    with pytest.raises(Invalid) as refused:
        clean(form([MEASURED]), raw, surroundings())
    (problem,) = refused.value.problems
    assert problem.field == "ukuran.0.target"
    assert str(problem.sentence) == (
        "“seratus” holds no number. With Satuan % write digits, for example 92,50."
    )


def test_a_number_is_asked_for_only_beside_a_field_that_exists() -> None:
    with pytest.raises(Refused):
        form([component("textfield", "target", properties={"numberIf": "satuan=%"})])
