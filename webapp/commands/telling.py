"""What every command prints. Apart from ``opening``: a file is looked at without loading the database."""

from __future__ import annotations

import sys


def tell(words: str) -> None:
    """Print a line at once, also into a pipe."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
