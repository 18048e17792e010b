"""All pages of auditors, a module per part."""

from __future__ import annotations

from webapp.audit import (
    bundles,
    case_reads,
    cases,
    checking,
    compare,
    completeness,
    day,
    erasures,
    evaluation,
    exports,
    figures,
    findings,
    inquiries,
    proofs,
    record,
    replay,
    sample_notes,
    samples,
    takeouts,
)
from webapp.audit.area import blueprint

__all__ = [
    "blueprint",
    "bundles",
    "case_reads",
    "cases",
    "checking",
    "compare",
    "completeness",
    "day",
    "erasures",
    "evaluation",
    "exports",
    "figures",
    "findings",
    "inquiries",
    "proofs",
    "record",
    "replay",
    "sample_notes",
    "samples",
    "takeouts",
]
