"""Actions: each writes the record, and nothing else commits."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ACTIONS = sorted((ROOT / "engine" / "actions").glob("*.py"))

# What takes an engine and an actor, writes, and leaves no event, each with its reason.
SILENT: Mapping[str, str] = {
    "drafts.stage": "a draft in the making: autosave writes no event",
    "drafts.unstage": "the same",
    "drafts.keep_typed": "the same: what was typed is kept when something stands in the way",
    "drafts.typing_kept": "the same",
    "batches.survey_draft": "looking at open cases changes nothing",
    "batches.survey_version": "the same",
    "batches.replay_draft": "playing the past in memory changes nothing",
    "tasks.see": "opening a page is no act; that it was opened only ends the time to withdraw",
    "suggestions.see_answers": "reading an answer is no act; it only ends its being shown as new",
    "rehearsals.take_step": "a rehearsal leaves no record; that it began is on record",
    "rehearsals.step_back": "the same",
    "rehearsals.end_rehearsal": "the same",
    "takeouts.ask_for_bundle": "a file is only asked for: each time it is taken is on record",
    "takeouts.ask_for_log": "the same",
    "erasures.drop_files": "a part of erasing, which is on record",
    "takeouts.drop": "removes a copy that was made for the actor alone",
    "administering.administering": "not an action: it opens the transaction of one",
    "loading.refusals": "not an action: it records that another one was refused",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, Function))


def called(function: Function, modules: set[str]) -> set[str]:
    """Name what it calls: functions, those of a module of engine/actions, and the store's transaction."""
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    names = {func.id for func in calls if isinstance(func, ast.Name)}
    reached = [func for func in calls if isinstance(func, ast.Attribute)]
    if any(func.attr == "transaction" for func in reached):
        names.add("store.transaction")
    return names | {func.attr for func in reached if ast.unparse(func.value) in modules}


def imported_actions(path: Path) -> set[str]:
    imports = (
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
    )
    return {name.name for node in imports if node.module == "engine.actions" for name in node.names}


def is_action(function: Function) -> bool:
    arguments = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
    return not function.name.startswith("_") and {"engine", "actor"} <= arguments


CALLS: dict[str, set[str]] = {}
for _path in ACTIONS:
    _modules = imported_actions(_path)
    for _function in functions(_path):
        CALLS.setdefault(_function.name, set()).update(called(_function, _modules))
CALLS["refusals"] = set()  # what it writes is that an attempt was refused


def reaches(name: str, sought: str) -> bool:
    """Follow the calls within engine/actions."""
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        here = ahead.pop()
        if sought in CALLS[here]:
            return True
        seen.add(here)
        ahead += [there for there in CALLS[here] if there in CALLS and there not in seen]
    return False


@pytest.mark.parametrize("path", ACTIONS, ids=lambda path: path.stem)
def test_every_action_appends_an_event(path: Path) -> None:
    actions = [function.name for function in functions(path) if is_action(function)]
    writing = [name for name in actions if reaches(name, "store.transaction")]
    silent = [f"{path.stem}.{name}" for name in writing if not reaches(name, "Line")]
    assert [name for name in silent if name not in SILENT] == []


def test_only_the_store_commits() -> None:
    commits = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for package in ("engine", "webapp")
        for path in sorted((ROOT / package).rglob("*.py"))
        if path != ROOT / "engine/storage/transaction.py" and "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and is_commit(node)
    ]
    assert commits == []


def is_commit(node: ast.Attribute) -> bool:
    of_a_database = ast.unparse(node.value).endswith(("connection", "conn", "engine", "store"))
    return node.attr in {"commit", "begin_nested"} or (node.attr == "begin" and of_a_database)
