"""What every command prints. Apart from ``opening``: a file is looked at without loading the database."""

from __future__ import annotations

import sys


def counted(count: int, noun: str) -> str:
    """Count something: 1 case, 2,000 cases."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def tell(words: str) -> None:
    """Print a line at once, also into a pipe; what of an altered record is no text is shown by its bytes."""
    sys.stdout.write(words.encode(errors="backslashreplace").decode() + "\n")
    sys.stdout.flush()
