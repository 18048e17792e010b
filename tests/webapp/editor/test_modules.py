"""What the editor reads it writes again, and it speaks both languages."""

from __future__ import annotations

import random
import re
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine.bpmn.routing import Box, routed
from engine.model.rows import Onward, flow_order
from tests.engine.model.test_rows import ORDERS, ways_of
from tests.webapp.editor.modules import ask

ROOT = Path(__file__).parents[3]
EVERYTHING = Path(__file__).with_name("everything.bpmn")
SCRIPTS = ROOT / "webapp/assets/js"
BPMN_IO = ROOT / "webapp/assets/node_modules"
DIAGRAMS = sorted(
    chain((ROOT / "processes").glob("*/*.bpmn"), (ROOT / "tests").rglob("*/process.bpmn"), [EVERYTHING])
)
_DI = "http://www.omg.org/spec/BPMN/20100524/DI"


def meaning(element: etree._Element) -> tuple[object, ...]:
    """Give all that a file says but where its shapes lie, and in which order attributes are written."""
    children = [meaning(one) for one in element.iterchildren("*") if etree.QName(one).namespace != _DI]
    return element.tag, sorted(element.attrib.items()), (element.text or "").strip(), children


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_nothing_of_a_diagram_is_lost_between_reading_and_writing(path: Path) -> None:
    before = path.read_text("utf-8")
    after = ask("roundTrip", before)
    assert after["warnings"] == []
    assert meaning(etree.fromstring(after["xml"].encode())) == meaning(etree.fromstring(before.encode()))


def test_every_word_of_the_extension_is_known_to_the_editor() -> None:
    schema = etree.parse(ROOT / "processes/sop.xsd")
    names = {one.get("name", "") for one in schema.iter("{*}element", "{*}attribute")}
    stands = EVERYTHING.read_text("utf-8")
    assert {name for name in names if not re.search(rf"[\s:]{name}[\s=>/]", stands)} == set(), (
        "everything.bpmn must have them"
    )


def test_editor_and_table_order_the_same_steps_alike() -> None:
    chance = random.Random(4)
    examples = [(ways_of(ways), list(begins)) for begins, ways, _order in ORDERS]
    drawn = [
        ({step: {"to": way.to, "ends": way.ends} for step, way in ways.items()}, begins)
        for ways, begins in examples
    ]
    graphs = [*drawn, *(graph(chance) for _ in range(300))]
    orders = ask("orders", [{"ways": list(ways.items()), "begins": begins} for ways, begins in graphs])
    for (ways, begins), order in zip(graphs, orders, strict=True):
        onward = {step: Onward(to=tuple(way["to"]), ends=way["ends"]) for step, way in ways.items()}
        assert order == flow_order(ways, onward, begins)


def graph(chance: random.Random) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Draw steps that lead to each other anyhow, also back, and those that a case may begin with."""
    steps = [f"s{number}" for number in range(chance.randint(1, 9))]
    ways = {
        step: {
            "to": chance.sample(steps, chance.randint(0, min(3, len(steps)))),
            "ends": chance.random() < 0.2,
        }
        for step in steps
    }
    return ways, chance.sample(steps, chance.randint(0, min(2, len(steps))))


def test_editor_and_engine_draw_the_same_flow_alike() -> None:
    chance = random.Random(9)
    drawings = [drawing(chance) for _ in range(200)]
    drawn = ask("routes", drawings)
    for one, way in zip(drawings, drawn, strict=True):
        source, target, *others = (Box(**box) for box in one["boxes"])
        lines = [tuple((x, y) for x, y in line) for line in one["lines"]]
        assert [tuple(point) for point in way] == list(routed(source, target, others, lines))


def drawing(chance: random.Random) -> dict[str, Any]:
    """Put some shapes on a sheet, in columns and rows as people do, and some lines."""
    cells = chance.sample([(column, row) for column in range(5) for row in range(4)], chance.randint(2, 12))
    sizes = [chance.choice([(118, 68), (50, 50), (36, 36)]) for _ in cells]
    boxes = [
        {"x": 141 * column - wide / 2, "y": 116 * row - high / 2, "width": wide, "height": high}
        for (column, row), (wide, high) in zip(cells, sizes, strict=True)
    ]
    corners = [
        [[chance.randrange(0, 600, 47), chance.randrange(0, 400, 29)] for _ in range(2)]
        for _ in range(chance.randint(0, 4))
    ]
    return {"boxes": boxes, "lines": [[one, [one[0], other[1]], other] for one, other in corners]}


def test_words_stand_in_both_languages() -> None:
    words: dict[str, list[str]] = ask("words")
    holes = re.compile(r"{[a-z]+}")
    for key, texts in words.items():
        indonesian, english = texts
        assert indonesian.strip(), key
        assert english.strip(), key
        assert set(holes.findall(indonesian)) == set(holes.findall(english)), key


def test_every_word_that_is_asked_for_is_there_and_no_other() -> None:
    words: dict[str, list[str]] = ask("words")
    sources = "\n".join(path.read_text("utf-8") for path in SCRIPTS.rglob("*.js") if path.name != "words.js")
    asked = re.findall(r'\bw\("([\w-]+)"', sources)
    begun = tuple(re.findall(r"\bw\(`([\w-]+)\$", sources))
    assert set(asked) - set(words) == set()
    named = set(asked) | set(re.findall(r'(?:label|words): "([\w-]+)"', sources))
    assert [key for key in words if key not in named and not key.startswith(begun)] == []


def test_what_menus_offer_has_indonesian_words() -> None:
    menus = (BPMN_IO / "bpmn-js/lib/features/replace/ReplaceOptions.js").read_text("utf-8")
    labels = [
        one
        for one in re.findall(r"label: '([^']+)'", menus)
        if not re.search("complex|ad-hoc", one, re.IGNORECASE)
    ]
    panels = (SCRIPTS.parent / "node_modules/bpmn-js/lib/features").glob("*/*Provider.js")
    labels += re.findall(r"translate\('([^']+)'\)", "\n".join(path.read_text("utf-8") for path in panels))
    said = ask("terms", labels)
    assert [one for one, own in zip(labels, said, strict=True) if one == own] == []


def test_conditions_are_chosen_where_they_are_one_comparison() -> None:
    pairs = [
        ('mereviu["keputusan"] == "Ya"', "radio"),
        ("mereviu['jumlah'] >= 3", "number"),
        ('mereviu["lengkap"] == True', "checkbox"),
        ('mereviu["keputusan"] == "Ya" and lain["x"] == 1', "radio"),
        ("len(daftar) > 3", "number"),
    ]
    assert ask("conditions", pairs) == [
        'mereviu["keputusan"] == "Ya"',
        'mereviu["jumlah"] >= 3',
        'mereviu["lengkap"] == True',
        None,
        None,
    ]


@pytest.mark.parametrize(("asks", "is_drawn"), [(1, True), (3, True), (None, False)])
def test_the_editor_waits_until_its_panel_is_drawn_but_not_for_ever(
    asks: int | None, *, is_drawn: bool
) -> None:
    assert ask("listens", asks) is is_drawn


def test_a_standard_time_is_a_number_and_a_unit() -> None:
    assert ask("times", ["PT10M", "PT2H", "P4D", "PT1H30M", "P1W", ""]) == [
        "PT10M",
        "PT2H",
        "P4D",
        "PT90M",
        None,
        None,
    ]


@pytest.mark.parametrize("status", [401, 403, 404, 413, 422])
def test_what_was_refused_is_not_sent_again_before_something_changes(status: int) -> None:
    told = ask("savings", {"answers": [{"status": status}, {"status": 200}], "acts": ["change", "wait"]})
    assert (told["sent"], told["states"][-1], told["waiting"]) == ([1], "refused", [])
    acts = ["change", "wait", "change", "wait"]
    again = ask("savings", {"answers": [{"status": status}, {"status": 200}], "acts": acts})
    assert (again["sent"], again["states"][-1], again["waiting"]) == ([1, 1], "saved", [])


def test_a_server_that_cannot_save_is_asked_again_less_and_less_often() -> None:
    answers = [{"status": 500}, {"status": 503}, {"status": 0}, {"status": 200}]
    told = ask("savings", {"answers": answers, "acts": ["change", "wait", "wait", "wait", "wait"]})
    assert told["waited"] == [1500, 2000, 4000, 8000]
    assert [one for one in told["states"] if one not in {"saving", "changed"}] == [
        "failing",
        "failing",
        "offline",
        "saved",
    ]


def test_several_saves_at_once_are_no_conflict_with_oneself() -> None:
    acts = ["change", "save together with a change"]
    told = ask("savings", {"answers": [{"status": 200}] * 3, "acts": acts})
    assert told["sent"] == [1, 2], "each begins from what the one before saved"
    assert told["states"][-1] == "saved"


def test_what_is_typed_while_a_save_is_under_way_is_in_the_one_by_hand() -> None:
    acts = ["change", "save, type and save"]
    told = ask("savings", {"answers": [{"status": 200}] * 3, "acts": acts})
    assert told["sent"] == [1, 2]
    assert told["states"][-1] == "saved"
    assert told["waiting"] == []


def test_what_was_typed_just_now_is_saved_once() -> None:
    told = ask("savings", {"answers": [{"status": 200}] * 2, "acts": ["type", "save", "wait"]})
    assert told["sent"] == [1]
    assert told["states"] == ["changed", "saving", "saved"]


def test_a_diagram_that_cannot_be_written_once_can_be_saved_later() -> None:
    acts = ["break", "change", "wait", "mend", "save"]
    told = ask("savings", {"answers": [{"status": 200}], "acts": acts})
    assert told["told"] == [{"reason": "cannot be written"}]
    assert (told["sent"], told["states"][-1]) == ([1], "saved")


def test_only_what_somebody_else_saved_is_a_conflict() -> None:
    theirs = {"status": 409, "body": {"revision": 5, "bpmn": "theirs"}}
    told = ask("savings", {"answers": [theirs], "acts": ["change", "wait", "change", "wait"]})
    assert (told["states"][-1], told["conflicts"], told["waiting"]) == ("conflict", [5], [])
    closed = {"status": 409, "body": {"sentence": "This draft was discarded."}}
    told = ask("savings", {"answers": [closed], "acts": ["change", "wait", "change", "wait"]})
    assert (told["sent"], told["conflicts"], told["waiting"]) == ([1], [], [])
    assert told["told"] == [{"sentence": "This draft was discarded.", "status": 409}]
    form = {"status": 409, "body": {"revision": 5, "bpmn": "first"}}
    told = ask("savings", {"answers": [form, {"status": 200}], "acts": ["change", "wait"]})
    assert (told["sent"], told["states"][-1]) == ([1, 5], "saved")


_NEW = "Activity_0ab12cd"
_REPEATED = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:completionCondition>len({}) > 1</bpmn:completionCondition>"
    "</bpmn:multiInstanceLoopCharacteristics>"
)
_SCRIPT = '<bpmn:scriptTask id="s"><bpmn:script>x = {}</bpmn:script></bpmn:scriptTask>'
_MENTIONS = [
    ('caseTitle="Semua {tahun_berkas}"', f'caseTitle="Semua {{{_NEW}.nama}}"'),
    ('caseNumber="{urut}"', f'caseNumber="{{{_NEW}.nomor}}"'),
    ('about="menulis"', f'about="menulis {_NEW}"'),
    ('target="menunggu"', f'target="{_NEW}"'),
    ('notSameAs="mengirim"', f'notSameAs="{_NEW}"'),
    ('menulis["alamat"]', f'{_NEW}["alamat"]'),
    ("P3D", f'{_NEW}["sampai"]'),
    ('other:priority="3"', f'other:priority="{_NEW}"'),
    ('<other:Property name="a">b<', f'<other:Property name="a">{_NEW}<'),
    ("</bpmn:process>", f"{_SCRIPT.format(_NEW)}</bpmn:process>"),
    ("</bpmn:documentation>", f"</bpmn:documentation>{_REPEATED.format(_NEW)}"),
]


@pytest.mark.parametrize(("old", "new"), _MENTIONS, ids=[old for old, _ in _MENTIONS])
def test_an_id_is_kept_wherever_a_text_names_it(old: str, new: str) -> None:
    text = EVERYTHING.read_text("utf-8")
    assert text.count(old) == 1
    assert ask("mentions", {"id": _NEW, "text": text.replace(old, new)})
    assert not ask("mentions", {"id": _NEW, "text": text.replace(old, new.replace(_NEW, f"{_NEW}x"))})


def test_an_id_is_kept_where_a_form_names_it_but_not_for_a_flow_or_a_name() -> None:
    text = EVERYTHING.read_text("utf-8").replace(
        "</bpmn:process>",
        f'<bpmn:task id="{_NEW}" name="{_NEW}" />'
        f'<bpmn:sequenceFlow id="flow" sourceRef="menulis" targetRef="{_NEW}" /></bpmn:process>',
    )
    assert not ask("mentions", {"id": _NEW, "text": text, "forms": {"lain": '{"prefill": "menulis.a"}'}})
    assert ask("mentions", {"id": _NEW, "text": text, "forms": {"lain": f'{{"prefill": "{_NEW}.a"}}'}})
