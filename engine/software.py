"""What wrote an event: this program, the engine under it, and the rules of normalising."""

from __future__ import annotations

VERSION = "0.2.0"
NORMALISER = 2  # 1 in 0.1.0 and 0.2.0
# alur / SpiffWorkflow / normaliser; a gate checks it against what is installed.
SOFTWARE = f"{VERSION}/3.2.0/{NORMALISER}"
