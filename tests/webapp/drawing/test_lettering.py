"""Words are broken into lines before a browser sees them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webapp.drawing.lettering import shortened, width, wrapped

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(TEXTS, st.floats(40, 400), st.integers(1, 5))
def test_lines_are_never_wider_than_their_room(text: str, room: float, most: int) -> None:
    lines = wrapped(text, 14, room, most)
    assert len(lines) <= most
    assert all(width(line, 14) <= room or len(line) <= 2 for line in lines)


@given(TEXTS)
def test_nothing_is_lost_where_there_is_room(text: str) -> None:
    assert "".join("".join(wrapped(text, 14, 90, 1000)).split()) == "".join(text.split())


@given(TEXTS, st.floats(30, 300))
def test_a_line_is_cut_only_where_it_must_be(text: str, room: float) -> None:
    line = shortened(text, 14, room)
    assert line == text or line.endswith("…")
    assert width(line, 14) <= room


def test_words_stay_whole_where_they_can() -> None:
    assert wrapped("Memerintahkan penyusunan", 14, 106) == ("Memerintahkan", "penyusunan")


def test_a_wide_script_takes_more_room() -> None:
    assert width("指標", 14) > width("ab", 14)
    assert width("a\u0301", 14) == width("a", 14)
