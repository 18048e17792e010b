"""README says of BPMN what the tests prove, and nothing else."""

from __future__ import annotations

from tests.supported import README, readme_with, table


def test_the_table_of_what_runs_is_made_from_the_tests() -> None:
    text = README.read_text()
    assert text == readme_with(text, table()), "run python -m tests.supported"


def test_no_row_is_without_proof() -> None:
    for line in table().splitlines()[2:]:
        _, _, proved, count, _ = (part.strip() for part in line.split("|"))
        assert proved
        assert int(count) > 0
