"""What a fault run found out, a line each: kept in ``var/faults.txt`` and printed by ``make faults``."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).parents[2] / "var" / "faults.txt"


class Report:
    """The figures of one run."""

    def __init__(self, run: str) -> None:
        """Take its name."""
        self._run = run
        self._figures: dict[str, object] = {}

    def tell(self, **figures: object) -> None:
        """Add figures by name; an underscore is read as a space."""
        self._figures |= figures

    def write(self) -> None:
        """Append the line."""
        told = ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in self._figures.items())
        FILE.parent.mkdir(exist_ok=True)
        with FILE.open("a") as file:
            file.write(f"{self._run}: {told}\n")
