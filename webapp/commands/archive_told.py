"""What a check of an archive file came to, and findings of any check, as the shell tells them."""

from __future__ import annotations

import json

from engine.record.archive_check import Checked
from engine.record.findings import Findings
from webapp.commands.telling import counted, tell

_TOLD = ("number", "record", "until", "made_at", "made_by", "software")


def tell_archive(found: Checked, *, as_json: bool) -> None:
    """Print what the file holds, who signed it, and what is wrong."""
    if as_json:
        tell(json.dumps(_entry(found), ensure_ascii=False, indent=2))
        return
    facts = found.facts
    if facts:
        tell(
            f"Archive {facts.get('number')} of the record {facts.get('record')}, made on "
            f"{facts.get('made_at')}: cases that ended before {facts.get('until')}."
        )
        what = f"{counted(found.cases, 'case')}, {counted(found.events, 'event')}"
        tell(f"{what}, {found.erased:,} with their text erased.")
    if found.key:
        tell(f"Signed by the key with the fingerprint {found.key.fingerprint}")
        tell("Compare it with the one that the office published.")
    if found.erased:
        tell("Whether each erasure is on record, the database tells: alur audit verify.")
    tell_findings(found.findings, "the archive is not as it was made")


def tell_findings(findings: Findings, otherwise: str) -> None:
    """Print findings, and in one line what they come to."""
    for wrong in findings.listed:
        tell(f"- {wrong.sentence}")
    total, listed = findings.total, len(findings.listed)
    if total > listed:
        tell(f"- and {total - listed:,} more")
    tell(f"{counted(total, 'finding')}: {otherwise}." if total else "Nothing is wrong.")


def _entry(found: Checked) -> dict[str, object]:
    return {
        "ok": not found.findings.total,
        **{name: found.facts.get(name) for name in _TOLD},
        "key": found.key.line if found.key else None,
        "cases": found.cases,
        "events": found.events,
        "erased": found.erased,
        "wrong": found.findings.total,
        "findings": [dict(one.to_json()) for one in found.findings.listed],
    }
