from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.expressions.sandbox import ExpressionFailed, Sandbox
from tests.costs import cost
from tests.slowness import kill_workers

REVIEW = {"mereviu_draft": {"keputusan": "Ya"}, "catatan": ["satu"]}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    pool = Sandbox(workers=2)
    yield pool
    pool.close()


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('mereviu_draft["keputusan"] == "Ya"', True),
        ('"dua" in catatan', False),
        ("1 if catatan else 2", 1),
        ("\n  len(catatan)\n  + 1  # a comment", 2),
        ("(1, 2)", [1, 2]),
        ('__import__("datetime").date(2026, 1, 2)', None),
        ('[{"a": None, "b": 1.5}]', [{"a": None, "b": 1.5}]),
    ],
)
def test_an_expression_gives_a_json_native_value(sandbox: Sandbox, source: str, value: object) -> None:
    if "__import__" in source:
        with pytest.raises(ExpressionFailed):
            sandbox.evaluate(source, REVIEW)
    else:
        assert sandbox.evaluate(source, REVIEW) == value


@pytest.mark.parametrize(
    "source",
    [
        "",
        "   ",
        "x = 3",
        "1 +",
        "import os",
        'open("/etc/passwd").read()',
        '__import__("os").system("id")',
        "().__class__.__bases__[0].__subclasses__()",
        "unknown",
        "1 / 0",
        "10 ** 30",
        'float("nan")',
        "1e308 * 10",
        "{1, 2}",
        "{1: 2}",
        'b"bytes"',
        "len",
        "[0] * 10**9",
        '"a" * 10**9',
        "list(range(200_000))",
        "(" * 5000 + ")" * 5000,
        "-" * 5000 + "1",
        "a" * 30_000,
        "(lambda f: f(f))(lambda f: f(f))",
        "mereviu_draft.__init__.__globals__",
        'getattr(catatan, "__class__")',
    ],
)
def test_anything_else_fails_with_a_sentence_and_soon(sandbox: Sandbox, source: str) -> None:
    def tried() -> ExpressionFailed:
        with pytest.raises(ExpressionFailed) as failed:
            sandbox.evaluate(source, REVIEW)
        return failed.value

    seconds, failed = cost(tried, time.monotonic)
    assert str(failed)
    assert not failed.timed_out
    assert seconds < 2


def test_a_failure_tells_line_and_column(sandbox: Sandbox) -> None:
    with pytest.raises(ExpressionFailed) as failed:
        sandbox.evaluate("1 +\nkeputusan", {})
    assert str(failed.value) == "line 2, column 1: the name keputusan is not known"


def test_a_time_out_is_told_apart(sandbox: Sandbox) -> None:
    with pytest.raises(ExpressionFailed) as failed:
        sandbox.evaluate("sum(range(10**12))", {})
    assert failed.value.timed_out
    assert sandbox.evaluate("1 + 1", {}) == 2


def test_only_what_is_named_is_passed(sandbox: Sandbox) -> None:
    not_even_json = {"x": 1, "other": object()}
    assert sandbox.evaluate("x + 1", not_even_json) == 2


def test_a_script_gives_what_it_made_and_changed(sandbox: Sandbox) -> None:
    names = {"log": ["a"], "same": 1, "total": 1}
    source = "import math\ndef twice(n):\n    return 2 * n\nlog.append('b')\n"
    source += "total = twice(same) + math.floor(1.5)\n_own = 1"
    assert sandbox.execute(source, names) == {"log": ["a", "b"], "total": 3}
    assert names["log"] == ["a"]


def test_a_script_cannot_leave_what_cannot_be_kept(sandbox: Sandbox) -> None:
    with pytest.raises(ExpressionFailed, match="type set"):
        sandbox.execute("x = {1}", {})


def test_nothing_is_left_between_two_runs(sandbox: Sandbox) -> None:
    sandbox.execute("secret = 1", {})
    for _ in range(5):
        with pytest.raises(ExpressionFailed):
            sandbox.evaluate("secret", {})


def test_the_clock_and_chance_of_a_script_stand_still(sandbox: Sandbox) -> None:
    source = "import datetime, random\nx = [str(datetime.datetime.now()), random.random()]"
    assert sandbox.execute(source, {}) == sandbox.execute(source, {})


def test_what_a_script_prints_goes_nowhere(sandbox: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    sandbox.execute("print('hello')", {})
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("source", "script", "reason"),
    [
        ("a == 1", False, None),
        ("a == ", False, "line 2, column 1: Expected an expression"),
        ("x = 1\nwhile True:\n    pass", True, None),
        ("x = = 1", True, "line 1, column 5: Expected an expression"),
        ("", True, "it is empty"),
    ],
)
def test_a_check_finds_what_keeps_it_from_running(
    sandbox: Sandbox, source: str, script: bool, reason: str | None
) -> None:
    found = sandbox.check(source, script=script)
    assert (None if found is None else str(found)) == reason


def test_more_expressions_than_can_be_checked_together_are_checked_in_parts(sandbox: Sandbox) -> None:
    sources = [f"a + {number} == b or c > 1" for number in range(10_000)]
    assert sorted(sandbox.unknown_names(sources, {"a", "b"})) == list(range(10_000))


def test_names_that_nobody_sets_are_found_together(sandbox: Sandbox) -> None:
    sources = ["a == 1", "len(a) ==\n  b", "[x for x in a]", "a or (c and d)"]
    found = sandbox.unknown_names(sources, {"a"})
    assert {place: str(sentence) for place, sentence in found.items()} == {
        1: "line 2, column 3: the name b is not known",
        3: "line 1, column 7: the name c is not known",
    }


def test_a_killed_worker_is_replaced() -> None:
    pool = Sandbox(workers=1)
    try:
        assert pool.evaluate("1", {}) == 1
        kill_workers()
        assert pool.evaluate("2", {}) == 2
    finally:
        pool.close()


def test_it_starts_again_after_being_closed() -> None:
    pool = Sandbox(workers=1)
    pool.close()
    assert pool.evaluate("1", {}) == 1
    pool.close()
    pool.close()
    assert pool.evaluate("1", {}) == 1
    pool.close()


def test_threads_share_it(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda n: sandbox.evaluate("n * 2", {"n": n}), range(200)))
    assert found == [2 * n for n in range(200)]


_FORKS = """
import os, sys
from engine.expressions.sandbox import Sandbox
pool = Sandbox()
if sys.argv[1] == "late":
    pool.evaluate("1", {})
child = os.fork()
if child == 0:
    try:
        answer = pool.evaluate("20 + 1", {})
        pool.close()
    except RuntimeError:
        answer = 7
    os._exit(answer)
assert pool.evaluate("1", {}) == 1
pool.close()
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.parametrize(("when", "answer"), [("early", "21"), ("late", "7")])
def test_each_forked_process_has_workers_of_its_own_and_a_late_fork_is_told(when: str, answer: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FORKS, when], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == answer
