"""A decision of an SOP as it was read from its DMN file (DMN 1.5, 7 and 8): texts, not yet trees.

Stored with the version that uses it, shown in the library as a table, run by ``engine.dmn``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class HitPolicy(StrEnum):
    """What becomes of the rules that apply (DMN 1.5, 8.2.8)."""

    UNIQUE = "UNIQUE"  # at most one may apply
    FIRST = "FIRST"  # the first one counts
    ANY = "ANY"  # several may apply, all with the same result
    PRIORITY = "PRIORITY"  # the result that stands first among the allowed values
    COLLECT = "COLLECT"  # all results, in no particular order
    RULE_ORDER = "RULE ORDER"  # all results, in the order of the rules
    OUTPUT_ORDER = "OUTPUT ORDER"  # all results, in the order of the allowed values

    @property
    def gives_list(self) -> bool:
        """Tell whether several rules may count."""
        return self in {HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER}


class Aggregation(StrEnum):
    """What COLLECT makes of the results it found."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


@dataclass(frozen=True, kw_only=True)
class InputColumn:
    """What a table looks at. ``type`` is FEEL's name of it, empty for any."""

    expression: str
    label: str = ""
    type: str = ""
    allowed: str = ""  # unary tests


@dataclass(frozen=True, kw_only=True)
class OutputColumn:
    """What a table gives. ``allowed`` are values in their order of priority."""

    name: str = ""
    label: str = ""
    type: str = ""
    allowed: str = ""
    default: str = ""  # where no rule applies


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One row: a unary test per input, an expression per output, what the author noted."""

    conditions: tuple[str, ...]
    results: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A decision table."""

    hit_policy: HitPolicy
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[Rule, ...]
    aggregation: Aggregation | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision: a table, or an expression (``table`` is None)."""

    id: str
    name: str
    file: str  # it was read from
    variable: str = ""  # by which decisions that require it call its result
    requires: tuple[str, ...] = ()  # ids of decisions that are taken first
    words: tuple[str, ...] = ()  # names of more than one word that its expressions may use
    table: Table | None = None
    expression: str = ""
