"""The position strip says in a line, and in words, where a case stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from engine.model.definition import Lane, Step
from webapp.drawing.marks import MarkState
from webapp.drawing.strip import Strip, draw_strip

LANES = tuple(
    Lane(element=f"lane_{r}", name=r.capitalize(), role=r) for r in ("kadin", "sekdin", "kasub", "staf")
)
ROLES = ["kadin", *["kasub"] * 3, "staf", *["kasub"] * 4, "sekdin", "kadin", "kasub", "staf"]
DONE, OPEN, RETURNED = MarkState.DONE, MarkState.OPEN, MarkState.RETURNED


def steps(count: int = 13) -> tuple[Step, ...]:
    return tuple(
        Step(
            element=f"s{n}",
            number=n,
            name=f"Langkah ke-{n}",
            activity="",
            role=ROLES[(n - 1) % 13],
            form_key=None,
            standard_time=None,
        )
        for n in range(1, count + 1)
    )


def second_round() -> Strip:
    states = {f"s{n}": DONE for n in range(1, 9)} | {"s9": OPEN, "s10": RETURNED}
    return draw_strip(LANES, steps(), states, "s9")


def wide(strip: Strip) -> etree._Element:
    root = etree.fromstring(strip.markup)
    return next(node for node in root if node.get("class") == "strip-wide")


def classes(root: etree._Element, first: str) -> list[str]:
    found = (str(node.get("class", "")) for node in root.iter())
    return [name.removeprefix(f"{first} ") for name in found if name.startswith(f"{first} ")]


def test_every_step_has_the_state_it_is_in() -> None:
    assert classes(wide(second_round()), "at") == ["done"] * 8 + ["here", "returned"] + ["waiting"] * 3


def test_the_way_back_is_dashed_and_the_rest_is_as_it_was_gone() -> None:
    assert classes(wide(second_round()), "way") == ["done"] * 8 + ["returned"] + ["waiting"] * 3


def test_it_says_in_words_what_it_shows() -> None:
    strip = second_round()
    assert strip.heading == "Step 9 of 13"
    assert strip.text == (
        "Step 9 of 13: Langkah ke-9, with Kasub. Done: 1–8. Open now: 9. Returned: 10. Not yet: 11–13."
    )
    root = etree.fromstring(strip.markup)
    assert (root.get("role"), root.get("aria-label")) == ("img", strip.text)


def test_on_phones_only_the_open_step_has_its_number() -> None:
    root = etree.fromstring(second_round().markup)
    narrow = next(node for node in root if node.get("class") == "strip-narrow")
    assert [node.text for node in narrow.iter("text") if node.get("class") == "dot-number"] == ["9"]


@pytest.mark.parametrize(("current", "first", "last"), [("s1", 1, 13), ("s20", 14, 26), ("s40", 28, 40)])
def test_of_many_steps_those_around_the_current_are_shown(current: str, first: int, last: int) -> None:
    strip = draw_strip(LANES, steps(40), {current: OPEN}, current)
    shown = [node.text for node in wide(strip).iter("text") if node.get("class") == "dot-number"]
    assert shown == [str(n) for n in range(first, last + 1)]
    assert "of 40" in strip.heading


def test_steps_side_by_side_are_both_open() -> None:
    strip = draw_strip(LANES, steps(3), {"s1": DONE, "s2": OPEN, "s3": OPEN}, "s2")
    assert classes(wide(strip), "at") == ["done", "here", "here"]
    assert classes(wide(strip), "way") == ["done", "waiting"]


def test_a_finished_case_has_no_current_step() -> None:
    strip = draw_strip(LANES, steps(), {f"s{n}": DONE for n in range(1, 14)}, None)
    assert (strip.heading, strip.text) == ("13 steps", "13 steps. Done: 1–13.")
    assert set(classes(wide(strip), "way")) == {"done"}


def test_hostile_names_are_only_words() -> None:
    lanes = (Lane(element="l", name="<script>&", role="kadin"),)
    assert "<script>" not in draw_strip(lanes, steps(1), {}, "s1").markup


def test_without_steps_there_is_nothing_to_draw() -> None:
    assert draw_strip(LANES, (), {}, None).markup == ""


def test_a_step_outside_every_lane_is_still_drawn() -> None:
    assert classes(wide(draw_strip((), steps(2), {}, None)), "at") == ["waiting", "waiting"]


@pytest.mark.parametrize(
    ("states", "current", "ahead", "heading"),
    [
        ({"s1": OPEN}, "s1", ["s1", "s2", "s3", "s4"], "Step 1 of 4"),
        ({"s1": DONE, "s2": OPEN}, "s2", ["s2", "s3"], "Step 2, at most 1 more step"),
        ({"s1": DONE, "s4": OPEN}, "s4", ["s4"], "Step 4, the last one"),
        ({"s1": DONE, "s4": OPEN}, "s4", ["s1", "s4"], "Step 4"),  # it can be sent back
        ({"s1": DONE, "s2": DONE, "s3": DONE, "s4": OPEN}, "s4", ["s4"], "Step 4 of 4"),
        ({"s1": DONE, "s4": OPEN}, "s4", None, "Step 4 of 4"),  # nobody knows
    ],
)
def test_where_the_sop_branches_the_steps_that_can_follow_are_counted(
    states: dict[str, MarkState], current: str, ahead: list[str] | None, heading: str
) -> None:
    assert draw_strip(LANES, steps(4), states, current, ahead).heading == heading


def test_steps_that_a_case_does_not_come_to_are_not_said_to_follow() -> None:
    strip = draw_strip(LANES, steps(4), {"s1": DONE, "s4": OPEN}, "s4", ["s4"])
    assert classes(wide(strip), "at") == ["done", "off", "off", "here"]
    said = strip.text
    assert said.endswith("Done: 1. Open now: 4. Not in this case: 2\u20133.")


def test_what_is_open_beside_it_is_counted_once_however_many_do_it() -> None:
    """A step that several do at once (multi-instance) is one step; a parallel one is another to come."""
    both = {"s1": DONE, "s2": OPEN, "s3": OPEN}
    strip = draw_strip(LANES, steps(5), both, "s2", ["s2", "s3", "s4"])
    assert strip.heading == "Step 2, at most 2 more steps"
    strip = draw_strip(LANES, steps(5), both | {"s3": DONE}, "s2", ["s2", "s4"])
    assert strip.heading == "Step 2, at most 1 more step"


def test_a_step_is_never_one_of_fewer_than_its_number() -> None:
    gaps = tuple(replace(one, number=one.number + 1) for one in steps(13))
    states = {f"s{n}": DONE for n in range(1, 13)} | {"s13": OPEN}
    assert draw_strip(LANES, gaps, states, "s13").heading == "Step 14"
