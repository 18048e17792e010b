"""What a diagram says of how it runs, as plain facts: read from the file, and again from what will run.

The two readings share nothing but the shape of a fact, so that what one of them loses is seen.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class About(StrEnum):
    """What a fact is about."""

    NODE = "node"  # its kind
    FLOW = "flow"  # where it leads; its id where the file gives one
    CONDITION = "condition"  # where the flow leads, and what it asks
    DEFAULT = "default"  # where the flow leads
    EVENT = "event"  # the kind; of timers and conditions the text
    BOUNDARY = "boundary"  # the activity (of a handler the subprocess), and whether it is interrupted
    UNDOES = "undoes"  # the compensation event, and what undoes the activity
    REPETITION = "repetition"  # the kind and its expressions
    SCRIPT = "script"
    SERVICE = "service"  # the connector, or an input of it
    DECISION = "decision"  # its id, and the variable of the result
    INSIDE = "inside"  # the process an activity is made of


class Fact(NamedTuple):
    """One thing that is true of an element (of flows: of the element they come from)."""

    about: About
    element: str
    details: tuple[str, ...] = ()
