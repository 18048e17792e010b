"""Deploys, starts and traces every absurd file, or those named, each in a child; prints what it took.

The children are forked when everything is imported, so that each costs only what its file does.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import Any
from uuid import uuid4

from engine.bpmn.diff import read_side, work_by_role
from engine.bpmn.guard import read_tree
from engine.bpmn.lint import lint, main_process
from engine.bpmn.parse import read_spec
from engine.bpmn.trace import TraceStatus, trace
from engine.bpmn.workflow import Runner
from engine.errors import ProcessFailed, Refused
from engine.expressions.sandbox import Sandbox
from tests.engine.attacks.files import FILES
from tests.engine.bpmn.drawn import Case, diagram, flows, start_end, tasks

_MOST_SECONDS = 60  # of CPU: the kernel ends what hangs
_MOST_ADDRESSES = 2 * 2**30


def _deployed(content: bytes, sandbox: Sandbox) -> tuple[str, str]:
    """Give the spec, or the codes of what is wrong."""
    try:
        tree = read_tree(content)
        problems = lint(tree, sandbox=sandbox).problems
        if problems:
            return "", " ".join(sorted({one.code for one in problems}))
        return read_spec(tree, main_process(tree).get("id") or ""), ""
    except Refused as refused:
        return "", " ".join(sorted({one.code for one in refused.findings}))


def _started(spec: str, sandbox: Sandbox) -> str:
    try:
        Case(Runner(sandbox, lambda _version: spec), uuid4()).start()
    except ProcessFailed as failed:
        return str(failed)
    return "runs"


def _compared(content: bytes) -> None:
    """Say what a draft of it changes about an ordinary SOP, as its page does before anybody approves."""
    try:
        draft = read_side(content)
    except Refused:
        return
    assert all(0 <= int(place) < 10**7 for place in draft.places.values())  # the numbers the page shows
    work_by_role(_ORDINARY, draft)
    work_by_role(draft, _ORDINARY)


_ORDINARY = read_side(diagram(start_end(), tasks("a"), flows("start", "a", "end")))


def _judged(name: str) -> dict[str, Any]:
    content = FILES[name][0]()
    sandbox = Sandbox(workers=1)
    before = _cpu()
    spec, came = _deployed(content, sandbox)
    deployed = _cpu() - before
    if spec:
        came = _started(spec, sandbox)
    started = _cpu() - before - deployed
    traced = trace(content, sandbox=sandbox)
    ended = _cpu()
    _compared(content)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sandbox.close()
    return {
        "name": name,
        "came": came,
        "deployed": deployed,
        "started": started,
        "traced": ended - before - deployed - started,
        "compared": _cpu() - ended,
        "agrees": (traced.status is TraceStatus.REFUSED) is (not spec),
        "peak": peak,
    }


def _cpu() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime


def _in_child(name: str) -> None:
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_ADDRESSES, _MOST_ADDRESSES))
        try:
            sys.stdout.write(json.dumps(_judged(name)) + "\n")
            sys.stdout.flush()
        finally:
            os._exit(0)
    os.waitpid(child, 0)


if __name__ == "__main__":
    for each in sys.argv[1:] or FILES:
        _in_child(each)
