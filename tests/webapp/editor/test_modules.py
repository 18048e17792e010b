"""What the editor reads it writes again, and it speaks both languages."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest
from lxml import etree

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


def test_a_standard_time_is_a_number_and_a_unit() -> None:
    assert ask("times", ["PT10M", "PT2H", "P4D", "PT1H30M", "P1W", ""]) == [
        "PT10M",
        "PT2H",
        "P4D",
        "PT90M",
        None,
        None,
    ]
