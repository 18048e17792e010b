"""A sample is drawn by its seed alone, and again by anybody."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from engine.model.sampling import draw, population_digest

NUMBERS = [f"{number:03}/IK/2026" for number in range(1, 101)]


def test_the_same_seed_draws_the_same_whatever_the_order() -> None:
    assert draw("2026", NUMBERS, 10) == draw("2026", reversed(NUMBERS), 10)
    assert draw("2026", NUMBERS, 10) != draw("2027", NUMBERS, 10)


def test_it_is_drawn_as_it_is_described() -> None:
    ranked = sorted(NUMBERS, key=lambda one: hashlib.sha256(b"benih\n" + one.encode()).hexdigest())
    assert draw("benih", NUMBERS, 25) == ranked[:25]


def test_every_case_is_drawn_about_equally_often() -> None:
    drawn = [number for seed in range(2_000) for number in draw(str(seed), NUMBERS, 10)]
    counts = [drawn.count(number) for number in NUMBERS]
    assert min(counts) > 130
    assert max(counts) < 270


@given(st.sets(st.text(min_size=1, max_size=12)), st.integers(1, 60), st.text(max_size=10))
def test_so_many_are_drawn_as_there_are_and_none_twice(numbers: set[str], size: int, seed: str) -> None:
    found = draw(seed, numbers, size)
    assert len(found) == len(set(found)) == min(size, len(numbers))
    assert set(found) <= numbers


def test_what_it_was_drawn_from_has_a_name() -> None:
    text = "".join(f"{number}\n" for number in sorted(NUMBERS))
    assert population_digest(reversed(NUMBERS)) == hashlib.sha256(text.encode()).digest()
