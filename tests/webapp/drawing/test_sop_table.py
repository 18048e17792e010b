"""The official table: symbols in the columns of the roles, arrows that meet at the cells' edges."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from lxml import etree

from engine.model.definition import (
    Definition,
    Diagram,
    Document,
    Lane,
    NeededDocument,
    NextSteps,
    StandardTime,
    Step,
    TimeUnit,
)
from webapp.drawing.sop_table import SopRow, role_columns, sop_rows, standard_time_words

LANES = tuple(Lane(element=f"lane_{r}", name=r.capitalize(), role=r) for r in ("kadin", "sekdin", "kasub"))
TEMPLATES = Path(__file__).parents[3] / "webapp" / "templates"


def to(*elements: str, answer: str | None = None, ends: bool = False) -> NextSteps:
    return NextSteps(answer=answer, elements=elements, ends=ends)


def a_process(*steps: tuple[str, tuple[NextSteps, ...]]) -> Definition:
    return Definition(
        process_id="p",
        name="P",
        document=Document(),
        lanes=LANES,
        diagram=Diagram(),
        steps=tuple(
            Step(
                element=f"s{n}",
                number=n,
                name=f"Langkah {n}",
                activity=f"Kegiatan <{n}>",
                role=role,
                form_key=None,
                standard_time=None,
                inputs=(NeededDocument(name="a", printed="Disposisi"), NeededDocument(name="b", printed="")),
                next=following,
            )
            for n, (role, following) in enumerate(steps, 1)
        ),
    )


def review() -> Definition:
    return a_process(
        ("kasub", (to("s2"),)),
        ("sekdin", (to("s3", answer="Ya"), to("s1", answer="Tidak"))),
        ("kadin", (to(ends=True),)),
    )


def drawing(row: SopRow, column: int) -> etree._Element:
    return etree.fromstring(row.cells[column].drawing)


def symbol(row: SopRow) -> tuple[int, str]:
    """Find the column of a row's symbol and its shape."""
    for place in range(len(row.cells)):
        for node in drawing(row, place).iter():
            if node.get("class") == "symbol":
                return place, "capsule" if node.get("rx") else str(node.tag)
    raise AssertionError


def lines(row: SopRow, column: int) -> set[tuple[str, ...]]:
    found = drawing(row, column).iter("line")
    return {tuple(str(node.get(side)) for side in ("x1", "y1", "x2", "y2")) for node in found}


def test_each_row_has_one_symbol_in_the_column_of_its_role() -> None:
    assert [symbol(row) for row in sop_rows(review())] == [(2, "capsule"), (1, "polygon"), (0, "capsule")]


def test_a_step_between_is_a_box() -> None:
    process = a_process(("kadin", (to("s2"),)), ("kadin", (to("s3"),)), ("kadin", (to(ends=True),)))
    assert [symbol(row)[1] for row in sop_rows(process)] == ["capsule", "rect", "capsule"]


def test_a_hand_over_leaves_below_bends_under_the_border_and_comes_down() -> None:
    first, second, _third = sop_rows(review())
    assert ("50%", "50%", "50%", "100%") in lines(first, 2)
    assert {("50%", "0%", "50%", "7"), ("0%", "7", "50%", "7")} <= lines(second, 2)
    assert {("50%", "7", "50%", "50%"), ("50%", "7", "100%", "7")} <= lines(second, 1)


def test_a_way_back_leaves_at_the_side_and_comes_in_from_the_side() -> None:
    first, second, _third = sop_rows(review())
    assert {("50%", "50%", "100%", "50%")} <= lines(second, 1)
    assert {("0%", "50%", "92%", "50%"), ("92%", "0%", "92%", "50%")} <= lines(second, 2)
    assert {("92%", "50%", "92%", "100%"), ("50%", "50%", "92%", "50%")} <= lines(first, 2)


def test_a_way_back_stays_clear_of_the_hand_over_beside_it() -> None:
    """Row 1 hands over to the left, so row 2 comes back at its right; and the other way round."""
    mirrored = a_process(
        ("kadin", (to("s2"),)), ("sekdin", (to("s3", answer="Ya"), to("s1", answer="Tidak"))), ("kasub", ())
    )
    channels = [
        {line[0] for line in lines(sop_rows(process)[0], column) if line[0] == line[2]} - {"50%"}
        for process, column in ((review(), 2), (mirrored, 0))
    ]
    assert channels == [{"92%"}, {"8%"}]


@pytest.mark.parametrize("seed", range(20))
def test_no_arrow_runs_through_a_symbol(seed: int) -> None:
    chance = random.Random(seed)
    roles = [chance.choice(["kadin", "sekdin", "kasub"]) for _ in range(8)]
    ways = [(to(f"s{chance.randint(1, 8)}", answer="Ya"), to(f"s{min(n + 2, 8)}")) for n in range(8)]
    for row in sop_rows(a_process(*zip(roles, ways, strict=True))):
        place, _shape = symbol(row)
        for x, y, to_x, to_y in lines(row, place):
            if y == to_y == "50%":
                assert "50%" in {x, to_x}
            elif x == to_x == "50%":
                assert "50%" in {y, to_y}


def test_the_answers_stand_beside_the_diamond() -> None:
    words = [node.text for node in drawing(sop_rows(review())[1], 1).iter("text")]
    assert words == ["Ya", "Tidak"]


def test_answers_that_leave_together_say_where_each_leads() -> None:
    rows = sop_rows(
        a_process(
            ("kadin", (to("s2"),)),
            ("kasub", (to("s4", answer="Ya"), to("s1", answer="Tidak"))),
            ("kadin", (to("s4"),)),
            ("kadin", (to(ends=True),)),
        )
    )
    assert [node.text for node in drawing(rows[1], 2).iter("text")] == ["Ya → 4, Tidak → 1"]


@pytest.mark.parametrize("goal", [1, 3, 5, 6])
def test_a_way_past_rows_is_unbroken_from_row_to_row(goal: int) -> None:
    rows = [("kasub", (to(f"s{n + 1}"),)) for n in range(1, 6)] + [("kasub", (to(ends=True),))]
    rows[2] = ("kasub", (to("s4", answer="Ya"), to(f"s{goal}", answer="Lain")))
    drawn = sop_rows(a_process(*rows))
    upright = [
        {(x, y, end) for x, y, to_x, end in lines(row, 2) if x == to_x and x in {"8%", "92%"}}
        for row in drawn
    ]
    for above, below in pairwise(upright):
        assert {x for x, _y, end in above if end == "100%"} == {x for x, y, _end in below if y == "0%"}


def test_lines_meet_at_the_edges_of_columns() -> None:
    process = a_process(("kadin", (to("s2"),)), ("kasub", (to("s1", ends=True),)))
    first, second = sop_rows(process)
    assert ("50%", "7", "100%", "7") in lines(second, 0)
    assert ("0%", "7", "100%", "7") in lines(second, 1)
    assert ("0%", "7", "50%", "7") in lines(second, 2)
    assert ("50%", "50%", "50%", "100%") in lines(first, 0)


def test_every_symbol_is_also_said() -> None:
    words = [next(cell.words for cell in row.cells if cell.words) for row in sop_rows(review())]
    assert words == [
        "start or end; to step 2",
        "decision; Ya: to step 3; Tidak: to step 1",
        "start or end; to the end",
    ]


def test_an_answer_that_ends_the_case_is_written_out() -> None:
    process = a_process(("kadin", (to("s2", answer="Ya"), to(answer="Tidak", ends=True))), ("kadin", ()))
    [row, _last] = sop_rows(process)
    assert "Tidak: end" in "".join(drawing(row, 0).itertext())


def test_a_step_outside_every_lane_has_a_column_of_its_own() -> None:
    process = a_process(("kadin", (to("s2"),)), ("auditor", ()))
    assert role_columns(process) == ["Kadin", "Sekdin", "Kasub", ""]
    assert symbol(sop_rows(process)[1])[0] == 3


def test_it_is_a_real_table_with_a_row_per_step() -> None:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    environment.install_null_translations()  # type: ignore[attr-defined]
    macros = environment.get_template("drawing/_sop_table.html").module
    process = review()
    markup = macros.sop_table(sop_rows(process), role_columns(process), "Unsur prosedur")  # type: ignore[attr-defined]
    table = etree.fromstring(markup).find("table")
    assert table is not None
    assert table.findtext("caption") == "Unsur prosedur"
    assert [th.text for th in table.iterfind("tbody/tr/th")] == [f"Kegiatan <{n}>" for n in (1, 2, 3)]
    assert {len(row) for row in table.iterfind("tbody/tr")} == {9}
    assert "style=" not in markup


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (None, ""),
        (StandardTime(value=10, unit=TimeUnit.MINUTE), "10 minutes"),
        (StandardTime(value=60, unit=TimeUnit.MINUTE), "1 hour"),
        (StandardTime(value=90, unit=TimeUnit.MINUTE), "1 hour 30 minutes"),
        (StandardTime(value=4, unit=TimeUnit.WORKING_DAY), "4 days"),
    ],
)
def test_a_standard_time_is_said_as_an_sop_prints_it(time: StandardTime | None, words: str) -> None:
    assert standard_time_words(time) == words
