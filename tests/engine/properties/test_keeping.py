"""What fails is kept by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.properties.drawing import Block
from tests.engine.properties.keeping import found, keeping

KEPT = '{"by hand": {"block": ["user", 1, []], "acts": []}}'


def fail(path: Path, *numbers: int) -> None:
    with keeping("case", path) as keeper:
        for number in numbers:
            try:
                with keeper.trying(Block("user", number), [number]):
                    raise ZeroDivisionError  # noqa: TRY301 - as an example fails
            except ZeroDivisionError:
                if number == numbers[-1]:
                    raise


def test_the_last_example_that_failed_is_kept_and_how_to_try_it_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "found.json"
    path.write_text(KEPT)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            fail(path, 3, 2)
    assert list(found("diagram", path).values()) == [(Block("user", 1), [])]
    [(name, kept)] = found("case", path).items()
    assert kept == (Block("user", 2), [2])
    assert f"pytest tests/engine/properties -k {name.split()[-1]}" in capsys.readouterr().out


def test_what_goes_well_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    path.write_text(KEPT)
    with keeping("case", path) as keeper, keeper.trying(Block("user", 1), []):
        pass
    assert path.read_text() == KEPT
