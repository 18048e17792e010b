"""``python -m tests.conformance DIR``: every case of ``DIR/expected.json``, one line each that is not met."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from engine.bpmn.trace import Trace, TraceStatus, trace
from engine.expressions.sandbox import Sandbox
from tests.conformance.adapter import adapted

# What BPMN has and Alur refuses by name; a set may hold them.
MAY_BE_REFUSED = {"unsupported-gateway", "token-quantity", "unsupported-ad-hoc"}


def main(folder: Path) -> int:
    """Run the set; 1 where a case is not met."""
    met, refused, wrong = 0, 0, []
    sandbox = Sandbox(workers=1)
    for test in json.loads((folder / "expected.json").read_text()):
        content, at_once = adapted((folder / test["file"]).read_bytes())
        for case in test["cases"]:
            ran = _run(content, at_once, case, sandbox)
            found = _found(ran, at_once)
            if _is_met(ran, found, case["expected"]):
                met += 1
            elif ran.status is TraceStatus.REFUSED and {one.code for one in ran.findings} <= MAY_BE_REFUSED:
                refused += 1
            else:
                why = ran.error.message if ran.error else ", ".join(ran.waiting_at)
                told = f"expected {case['expected']}, found {found} ({ran.status.value}: {why})"
                wrong.append(f"{test['file']} with {case['input']!r}: {told}")
    sandbox.close()
    for line in wrong:
        print(line)
    print(f"{met} met, {refused} refused by name, {len(wrong)} not met")
    return 1 if wrong else 0


def _run(content: bytes, at_once: tuple[str, ...], case: dict[str, Any], sandbox: Sandbox) -> Trace:
    given = {"test": case["input"], "integerVariable": case["integerVariable"], "log": []}
    return trace(content, variables=given | dict.fromkeys(at_once), sandbox=sandbox)


def _found(ran: Trace, at_once: tuple[str, ...]) -> list[str]:
    found = sorted(ran.variables.get("log", []))
    if at_once and set(at_once) <= set(ran.waiting_at):
        found.append("EXECUTION_parallel")
    return found


def _is_met(ran: Trace, found: list[str], expected: list[str]) -> bool:
    if expected == ["ERROR_deployment"]:
        return ran.status is TraceStatus.REFUSED
    if expected == ["ERROR"]:
        return ran.status in (TraceStatus.REFUSED, TraceStatus.FAILED)
    if "ERROR_runtime" in expected:
        rest = [token for token in expected if token != "ERROR_runtime"]
        return ran.status is TraceStatus.FAILED and found == rest
    return ran.status is not TraceStatus.REFUSED and found == expected


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
