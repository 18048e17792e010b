"""What is said of a change: the sentence, whose work it is, and which shape it belongs to."""

from __future__ import annotations

import json

import pytest

from engine.bpmn.diff import differences, read_side, with_rows_together
from engine.bpmn.names import BPMN, SOP
from engine.model.difference import Change, ChangeKind
from tests.engine.bpmn.diff.comparing import PACKAGE, changes, said, side

LANE_OF_FORMAT = "<bpmn:flowNodeRef>membuat_format</bpmn:flowNodeRef>"
LANE_OF_UNDANGAN = "<bpmn:flowNodeRef>membuat_undangan</bpmn:flowNodeRef>"


def test_a_standard_time_is_said_as_people_do() -> None:
    (one,) = changes(('standardTime="P3D"', 'standardTime="P2D"'))
    assert str(one.sentence) == "Mereviu draft is now 2 working days (before 3 working days)"
    assert (one.kind, one.aspect, one.element, one.name, one.role) == (
        ChangeKind.CHANGED,
        "time",
        "mereviu_draft",
        "Mereviu draft",
        "sekdin",
    )
    assert (str(one.before), str(one.after)) == ("3 working days", "2 working days")


def test_a_first_standard_time_was_none_before() -> None:
    (one,) = changes(('formKey="mengarsipkan"', 'formKey="mengarsipkan" standardTime="P1D"'))
    assert str(one.sentence) == (
        "Mengantar dan mengarsipkan is now 1 working day (before without a standard time)"
    )


def test_a_step_in_another_lane_is_told_once_at_the_step() -> None:
    (one,) = changes((LANE_OF_FORMAT, ""), (LANE_OF_UNDANGAN, LANE_OF_UNDANGAN + LANE_OF_FORMAT))
    assert str(one.sentence) == "Membuat format data is now done by Staf (before by Kasub)"
    assert (one.kind, one.element, one.role, one.from_role) == (
        ChangeKind.MOVED,
        "membuat_format",
        "staf",
        "kasub",
    )


def test_a_way_that_leads_elsewhere_is_told_at_the_step_before() -> None:
    (one,) = changes(
        (
            'sourceRef="menghimpun_data" targetRef="menganalisis_data"',
            'sourceRef="menghimpun_data" targetRef="membuat_draft"',
        )
    )
    assert str(one.sentence) == (
        "The way after Menghimpun data is now to Membuat draft (before to Menganalisis data)"
    )
    assert (one.element, one.role) == ("ke_menganalisis_data", "kasub")


def test_a_new_step_is_told_with_its_place_time_and_ways() -> None:
    told = changes(
        (
            'sourceRef="menghimpun_data" targetRef="menganalisis_data"',
            'sourceRef="menghimpun_data" targetRef="memeriksa"',
        ),
        (
            '<bpmn:endEvent id="selesai"',
            (
                '<bpmn:userTask id="memeriksa" name="Memeriksa data"><bpmn:extensionElements>'
                '<sop:Task standardTime="PT2H"/></bpmn:extensionElements></bpmn:userTask>'
                '<bpmn:sequenceFlow id="baru" sourceRef="memeriksa" targetRef="menganalisis_data"/>'
                '<bpmn:endEvent id="selesai"'
            ),
        ),
        (LANE_OF_UNDANGAN, LANE_OF_UNDANGAN + "<bpmn:flowNodeRef>memeriksa</bpmn:flowNodeRef>"),
    )
    assert [(one.role, str(one.sentence)) for one in told if one.aspect != "number"] == [
        ("kasub", "The way after Menghimpun data is now to Memeriksa data (before to Menganalisis data)"),
        (
            "staf",
            (
                "New: step “Memeriksa data”: after Menghimpun data;"
                " Performer: Staf; Standard time: 2 working hours"
            ),
        ),
        ("staf", "New: the way from Memeriksa data to Menganalisis data"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'name="Mereviu draft"',
            'name="Meneliti draft"',
            "Name of Mereviu draft is now Meneliti draft (before Mereviu draft)",
        ),
        (
            "<bpmn:documentation>Mereviu draft Dokumen Indikator Kinerja<",
            "<bpmn:documentation>Mereviu draft Dokumen Indikator Kinerja dengan teliti<",
            (
                "Activity of Mereviu draft is now Mereviu draft Dokumen Indikator Kinerja dengan teliti"
                " (before Mereviu draft Dokumen Indikator Kinerja)"
            ),
        ),
        (
            'mereviu_draft["keputusan"] == "Tidak"',
            'mereviu_draft["keputusan"] != "Ya"',
            (
                "Condition of the way “Tidak” from Disetujui? to Membuat draft is now “Draft disetujui?” of"
                " Mereviu draft is not “Ya” (before “Draft disetujui?” of Mereviu draft is “Tidak”)"
            ),
        ),
        (
            '<sop:output name="Catatan reviu" printed="" required="false" source="form" />',
            "",
            (
                "Removed: Output of Mereviu draft: Catatan reviu"
                " (not printed in the table, may be left out, made from the form)"
            ),
        ),
        (
            '<sop:input name="Data" />',
            '<sop:input name="Data" required="false" />',
            "Obligation of Data, Menganalisis data is now may be missing (before must be there)",
        ),
        (
            "<sop:notes>SOP Pelaksanaan Kinerja</sop:notes>",
            "<sop:notes>Lihat SOP Rapat</sop:notes>",
            "Remarks of Rapat pembahasan is now Lihat SOP Rapat (before SOP Pelaksanaan Kinerja)",
        ),
        (
            'standardTime="P4D" delegableTo="staf"',
            'standardTime="P4D"',
            "Delegation of Menganalisis data is now none (before Staf)",
        ),
        (
            'returnTo="membuat_draft mereviu_draft"',
            'returnTo="membuat_draft"',
            (
                "Steps for returning of Menandatangani dokumen is now Membuat draft"
                " (before Membuat draft, Mereviu draft)"
            ),
        ),
        (
            'standardTime="PT1H" clock="started"',
            'standardTime="PT1H"',
            "Start of the clock of Menandatangani dokumen is now on arrival (before when somebody takes it)",
        ),
        ('number="" createdOn', 'number="7/2026" createdOn', "Number of the SOP is now 7/2026 (before none)"),
        ("<sop:equipment>Alat Tulis Kantor</sop:equipment>", "", "Removed: Equipment: Alat Tulis Kantor"),
        (
            '<sop:Lane role="kasub" />',
            '<sop:Lane role="staf" />',
            "Role of lane “Kasub” is now Staf (before Kasub)",
        ),
    ],
)
def test_each_aspect_has_its_words(old: str, new: str, sentence: str) -> None:
    assert said((old, new)) == [sentence]


def field_changes(change: str, new: object, path: tuple[object, ...]) -> tuple[Change, ...]:
    whole = json.loads(PACKAGE.forms["membuat_draft"])
    holder = whole
    for key in path:
        holder = holder[key]
    holder[change] = new
    return differences(side(), side(forms={**PACKAGE.forms, "membuat_draft": json.dumps(whole)}))


def test_a_field_that_becomes_required_is_told_with_its_form_and_role() -> None:
    (one,) = field_changes("validate", {"required": True}, ("components", 3))
    assert str(one.sentence) == (
        "field “Tanggapan atas catatan reviu” in the form of Membuat draft is now must be filled in"
        " (before may be left empty)"
    )
    assert (one.role, one.element, one.form, one.field) == (
        "kasub",
        "membuat_draft",
        "membuat_draft",
        "tanggapan_reviu",
    )


def test_a_new_field_and_another_order_are_told() -> None:
    whole = json.loads(PACKAGE.forms["mereviu_draft"])
    whole["components"] = [
        {"type": "textfield", "key": "baru", "label": "Baru"},
        *reversed(whole["components"]),
    ]
    told = differences(side(), side(forms={**PACKAGE.forms, "mereviu_draft": json.dumps(whole)}))
    assert [one.kind for one in told] == [ChangeKind.ADDED, ChangeKind.MOVED]
    assert str(told[0].sentence) == (
        "New: field “Baru” in the form of Mereviu draft: a line of text, may be left empty"
    )


def test_a_long_text_is_shown_where_it_differs() -> None:
    long = "kata " * 100
    before = read_side(PACKAGE.bpmn.replace(b"Menganalisis data dan", f"{long} awal".encode()))
    after = read_side(PACKAGE.bpmn.replace(b"Menganalisis data dan", f"{long} akhir".encode()))
    (one,) = differences(before, after)
    assert "awal" in str(one.sentence)
    assert "akhir" in str(one.sentence)
    assert len(str(one.sentence)) < 500


def test_changes_stand_by_role_in_the_order_of_the_lanes_then_by_step() -> None:
    told = changes(
        ('standardTime="P2D"', 'standardTime="P5D"'), ('standardTime="PT1H"', 'standardTime="PT3H"')
    )
    assert [(one.role, one.element) for one in told] == [
        ("kadin", "menandatangani"),
        ("kasub", "menyampaikan_format"),
        ("kasub", "membuat_draft"),
    ]


def test_steps_stand_by_their_row_whatever_their_place_in_the_file() -> None:
    told = changes(
        ('number="4" formKey="memerintahkan_undangan" standardTime="PT5M"',
         'number="4" formKey="memerintahkan_undangan" standardTime="PT15M"'),
        ('number="9" formKey="membuat_draft" standardTime="P2D"',
         'number="1" formKey="membuat_draft" standardTime="P3D"'),
    )  # fmt: skip
    assert [one.element for one in told if one.aspect == "time"] == [
        "membuat_draft",
        "memerintahkan_undangan",
    ]


def test_notes_are_told_by_the_lines_that_differ() -> None:
    (one,) = differences(side(), side(notes=PACKAGE.notes + "\nSatu baris lagi.\n"))  # type: ignore[arg-type]
    assert str(one.after) == "Satu baris lagi."
    assert one.before is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        "[" * 50_000,
        '{"components": 5}',
        '{"components": [5]}',
        '{"a": ' + "[" * 900 + "]" * 900 + "}",
    ],
)
def test_a_form_that_is_none_is_compared_all_the_same(text: str) -> None:
    told = differences(side(), side(forms={**PACKAGE.forms, "membuat_draft": text}))
    assert told
    assert {one.form for one in told} == {"membuat_draft"}
    back = differences(side(forms={**PACKAGE.forms, "membuat_draft": text}), side())
    assert {one.form for one in back} == {"membuat_draft"}
    same = side(forms={**PACKAGE.forms, "membuat_draft": text})
    assert differences(same, same) == ()


def test_a_value_of_json_is_no_other_that_python_takes_for_the_same() -> None:
    (one,) = field_changes("multiple", 1, ("components", 4))
    assert one.field == "draft"


def test_sentences_stay_readable_however_long_names_and_lists_are() -> None:
    def drawn(rows: range) -> bytes:
        steps = (
            f'<userTask id="t{at}" name="{"Langkah " * 400}{at}"><extensionElements>'
            f'<sop:Task number="{row}"/></extensionElements></userTask>'
            for at, row in enumerate(rows)
        )
        head = f'<definitions xmlns="{BPMN}" xmlns:sop="{SOP}"><process id="p">'
        return f"{head}{''.join(steps)}</process></definitions>".encode()

    told = differences(read_side(drawn(range(1, 301))), read_side(drawn(range(300, 0, -1))))
    assert len(told) == 300
    (one,) = with_rows_together(told)
    assert "and 280 more" in str(one.sentence)
    assert len(str(one.sentence)) < 10_000


NEW_STEP = """<bpmn:userTask id="memeriksa" name="Memeriksa data">
<bpmn:documentation>Memeriksa data yang dihimpun</bpmn:documentation><bpmn:extensionElements>
<sop:Task standardTime="PT2H" formKey="membuat_draft" delegableTo="staf" notSameAs="menghimpun_data">
<sop:input name="Data"/><sop:input name="Format" required="false" printed=""/>
<sop:output name="Berita acara" signed="true" accept=".pdf"/><sop:notes>Lihat SOP lain</sop:notes></sop:Task>
</bpmn:extensionElements></bpmn:userTask>
<bpmn:boundaryEvent id="lama" name="Terlambat" attachedToRef="memeriksa" cancelActivity="false">
<bpmn:timerEventDefinition><bpmn:timeDuration>P2DT3H</bpmn:timeDuration></bpmn:timerEventDefinition>
</bpmn:boundaryEvent><bpmn:sequenceFlow id="baru" sourceRef="memeriksa" targetRef="menganalisis_data"/>
"""
WITH_A_STEP = (
    (
        'sourceRef="menghimpun_data" targetRef="menganalisis_data"',
        'sourceRef="menghimpun_data" targetRef="memeriksa"',
    ),
    ('<bpmn:endEvent id="selesai"', f'{NEW_STEP}<bpmn:endEvent id="selesai"'),
    (LANE_OF_UNDANGAN, f"{LANE_OF_UNDANGAN}<bpmn:flowNodeRef>memeriksa</bpmn:flowNodeRef>"),
)
CARRIED = [
    ("Performer", "Staf"),
    ("Activity", "Memeriksa data yang dihimpun"),
    ("Input", "Data, Format (may be missing, not printed in the table)"),
    ("Standard time", "2 working hours"),
    ("Output", "Berita acara (with a signature, Kinds of files: .pdf)"),
    ("Remarks", "Lihat SOP lain"),
    ("Form", "Draft indikator kinerja"),
    ("Delegation", "Staf"),
    ("Steps of another person", "Menghimpun data"),
]


def test_a_step_that_is_new_or_gone_is_told_with_all_that_it_carries() -> None:
    come = next(one for one in changes(*WITH_A_STEP) if one.element == "memeriksa")
    assert [(str(one.what), str(one.value)) for one in come.details] == CARRIED
    gone = next(one for one in differences(side(*WITH_A_STEP), side()) if one.element == "memeriksa")
    assert gone.kind is ChangeKind.REMOVED
    assert [(str(one.what), str(one.value)) for one in gone.details] == CARRIED
    for _what, value in CARRIED:
        assert value in str(come.sentence)
        assert value in str(gone.sentence)


def test_an_event_that_is_new_is_told_with_what_it_waits_for() -> None:
    (one,) = [one for one in changes(*WITH_A_STEP) if one.element == "lama"]
    assert str(one.sentence) == (
        "New: event at a step “Terlambat”; Place: Memeriksa data; Effect on the step: what runs goes on;"
        " Timer event: Length of the timer: 2 days, 3 hours"
    )


def test_rows_that_only_move_on_are_one_line_and_nobodys_work() -> None:
    told = changes(*WITH_A_STEP)
    moved = [one for one in told if one.aspect == "number"]
    assert [one.element for one in moved][:2] == ["menganalisis_data", "membuat_draft"]
    assert (len(moved), {one.role for one in moved}) == (6, {""})
    lines = [one for one in with_rows_together(told) if one.aspect == "number"]
    assert [str(one.sentence) for one in lines] == ["Row numbers 8–13 become 9–14"]


def test_rows_that_change_places_are_told() -> None:
    told = changes(('number="6"', 'number="x"'), ('number="7"', 'number="6"'), ('number="x"', 'number="7"'))
    assert [str(one.sentence) for one in with_rows_together(told)] == ["Row numbers 6, 7 become 7, 6"]


def test_a_number_that_is_written_and_changes_no_row_is_one_line_too() -> None:
    told = changes(*((f'number="{number}"', "") for number in range(1, 14)))
    assert {one.aspect for one in told} == {"number"}
    assert {one.element for one in told} >= {"membuat_draft", "mengarsipkan"}
    assert [str(one.sentence) for one in with_rows_together(told)] == [
        "Row numbers are written otherwise at 13 steps; the rows stay"
    ]


def answers(*attributes: str) -> list[str]:
    question = '<sop:Question key="pelaksana-2" about="membuat_format" guess="kasub"'
    told = differences(*(side((question, f"{question} {one}")) for one in attributes))
    assert {one.role for one in told} == {""}
    return [str(one.sentence) for one in told]


def test_an_answer_is_told_in_the_words_of_question_and_answer() -> None:
    asked = "Siapa yang membuat format pengumpulan data?"
    assert answers("", 'answered="staf"') == [f"The question “{asked}” is answered: Staf"]
    assert answers('answered="staf"', 'answered="-"') == [
        f"Answer to the question “{asked}” is now settled otherwise (before Staf)"
    ]
    assert answers('answered="staf"', "") == [
        f"Answer to the question “{asked}” is now not answered yet (before Staf)"
    ]


def test_a_change_is_told_under_its_step_without_repeating_it() -> None:
    told = [*changes(*WITH_A_STEP), *changes(('standardTime="P3D"', 'standardTime="P2D"'))]
    said = [(one.role, one.row, one.at, str(one.brief or one.what)) for one in told if one.aspect != "number"]
    assert said == [
        ("kasub", 7, "Menghimpun data", "way"),
        ("staf", 8, "Memeriksa data", "step"),
        ("staf", 8, "Memeriksa data", "event at a step “Terlambat”"),
        ("staf", 8, "Memeriksa data", "the way to Menganalisis data"),
        ("sekdin", 10, "Mereviu draft", "Standard time"),
    ]


def test_what_decides_how_a_case_goes_comes_before_words() -> None:
    told = changes(
        ('name="Mereviu draft"', 'name="Meneliti draft"'),
        ('standardTime="P3D"', 'standardTime="P2D"'),
        (
            'sourceRef="mereviu_draft" targetRef="disetujui"',
            'sourceRef="mereviu_draft" targetRef="menandatangani"',
        ),
    )
    assert [one.aspect for one in told if one.at == "Meneliti draft"] == ["flow", "time", "name"]


def test_a_question_that_is_taken_out_or_asked_is_told_with_its_answers() -> None:
    whole = PACKAGE.bpmn.decode()
    start = whole.index('<sop:Question key="keputusan"')
    question = whole[start : whole.index("</sop:Question>", start) + len("</sop:Question>")]
    (gone,) = changes((question, ""))
    assert (gone.kind, gone.aspect) == (ChangeKind.REMOVED, "question")
    assert "Apakah hanya ada satu keputusan" in str(gone.what)
    assert "guess: Ya, hanya satu" in str(gone.sentence)
    (come,) = differences(side((question, "")), side())
    assert (come.kind, str(come.what)) == (ChangeKind.ADDED, str(gone.what))


def test_a_question_with_quotation_marks_is_quoted_with_inner_ones() -> None:
    asked = "Apakah hanya ada satu keputusan"
    (gone,) = (
        one
        for one in differences(side((asked, f"“Draft” {asked}")), side((asked, f"“Surat” {asked}")))
        if one.aspect == "question"
    )
    assert "“\u2018Surat\u2019 Apakah hanya ada satu keputusan" in str(gone.what)


def test_a_new_form_is_called_by_its_title() -> None:
    without = {key: form for key, form in PACKAGE.forms.items() if key != "membuat_draft"}
    (new,) = differences(side(forms=without), side())
    title = json.loads(PACKAGE.forms["membuat_draft"])["title"]
    assert str(new.brief) == f"form “{title}”"


def test_in_which_order_questions_stand_is_no_difference() -> None:
    whole = PACKAGE.bpmn.decode()
    start = whole.index('<sop:Question key="keputusan"')
    question = whole[start : whole.index("</sop:Question>", start) + len("</sop:Question>")]
    moved = whole.replace(question, "").replace("<sop:Question", f"{question}<sop:Question", 1)
    assert differences(side(), read_side(moved.encode(), forms=PACKAGE.forms, notes=PACKAGE.notes)) == ()


UNNAMED = """<bpmn:parallelGateway id="Gateway_0abc12"/>
<bpmn:sequenceFlow id="Flow_1" sourceRef="menghimpun_data" targetRef="Gateway_0abc12"/>
<bpmn:sequenceFlow id="Flow_2" sourceRef="Gateway_0abc12" targetRef="membuat_draft"/>
<bpmn:boundaryEvent id="Event_0xyz" attachedToRef="mereviu_draft">
<bpmn:timerEventDefinition/></bpmn:boundaryEvent>
"""


def test_what_has_no_name_is_named_by_what_is_near_and_never_by_its_id() -> None:
    told = changes(('<bpmn:endEvent id="selesai"', f'{UNNAMED}<bpmn:endEvent id="selesai"'))
    said = [str(one.sentence) for one in told if one.aspect in {"element", "flow"}]
    assert said == [
        "New: event at “Mereviu draft”; Place: Mereviu draft; Timer event: there",
        "New: the way from Menghimpun data to gateway, all ways after “Menghimpun data”",
        "New: gateway, all ways after “Menghimpun data”: after Menghimpun data",
        "New: the way from gateway, all ways after “Menghimpun data” to Membuat draft",
    ]


def test_ways_that_lead_to_each_other_are_named_in_the_end() -> None:
    flows = (
        '<sequenceFlow id="a" sourceRef="b" targetRef="b"/><sequenceFlow id="b" sourceRef="a" targetRef="a"/>'
    )
    head = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">'
    (one, other) = differences(
        read_side(f"{head}</process></definitions>".encode()),
        read_side(f"{head}{flows}</process></definitions>".encode()),
    )
    assert {one.element, other.element} == {"a", "b"}


@pytest.mark.parametrize(
    ("attribute", "value", "said"),
    [
        ("requiredIf", "keputusan=Tidak", "“Draft disetujui?” is “Tidak”"),
        ("prefill", "memerintahkan.tahun_indikator", "“Tahun indikator kinerja” of Memerintahkan penyusunan"),
        ("assigns", "membuat_format", "Membuat format data"),
        ("notBefore", "arrival", "the day on which the task came"),
        ("source", "people:staf", "people with the role Staf"),
    ],
)
def test_what_a_form_says_of_other_things_is_told_by_their_names(
    attribute: str, value: str, said: str
) -> None:
    whole = json.loads(PACKAGE.forms["mereviu_draft"])
    field = next(one for one in whole["components"] if one.get("key") == "catatan_reviu")
    field["properties"] = {attribute: value}
    before = json.loads(PACKAGE.forms["mereviu_draft"])
    next(one for one in before["components"] if one.get("key") == "catatan_reviu")["properties"] = {
        attribute: "lain"
    }
    forms = [{**PACKAGE.forms, "mereviu_draft": json.dumps(one)} for one in (before, whole)]
    (one,) = differences(*(side(forms=these) for these in forms))
    assert str(one.after) == said


def test_what_nobody_has_words_for_is_told_by_what_it_stands_in() -> None:
    (one,) = changes(('<sop:input name="Data" />', '<sop:input name="Data" tambahan="1" />'))
    assert str(one.sentence) == "Input / “tambahan” of Data, Menganalisis data is now 1 (before none)"
