"""The record keeps the old value of what was replaced, by its path."""

from __future__ import annotations

from engine.model.changes import replaced


def test_the_first_submission_replaces_nothing() -> None:
    assert replaced(None, {"biaya": 5}) == {}
    assert replaced({"biaya": None}, {"biaya": 5}) == {}


def test_only_what_is_different_is_told() -> None:
    old = {"judul": "A", "rincian": [{"target": "71,40", "satuan": "%"}, {"target": "80"}]}
    new = {"judul": "A", "rincian": [{"target": "73,00", "satuan": "%"}, {"target": "80"}]}
    assert replaced(old, new) == {"rincian.0.target": "71,40"}


def test_rows_that_went_away_are_told_whole() -> None:
    assert replaced({"rincian": [1, 2, 3]}, {"rincian": [1]}) == {"rincian.1": 2, "rincian.2": 3}


def test_a_value_of_another_kind_is_told_whole() -> None:
    assert replaced({"x": [1]}, {"x": {"y": 1}}, "memeriksa") == {"memeriksa.x": [1]}
