"""The pages of people and auditors over years of history: the time of each, as the server answers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.demo_office import Known


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A page: what it is called, whose it is, its address, and the CPU seconds it may take."""

    name: str
    account: str
    address: str
    most: float


def visits(known: Known) -> Iterator[Visit]:
    """Name the pages that a history makes long."""
    year, case = known.year, known.case.hex
    yield Visit(name="inbox", account="staf", address="/tasks", most=0.05)
    yield Visit(name="case", account="staf", address=f"/cases/{case}", most=0.1)
    yield _audit("replay, first event", f"cases/{case}", {"step": 1}, 0.2)
    yield _audit("replay, an event in the middle", f"cases/{case}", {"step": known.events // 2}, 0.2)
    yield _audit("list of cases", "cases", {}, 0.2)
    yield _audit("search by number", "cases", {"q": known.number}, 0.5)
    yield _audit("search by person", "cases", {"q": known.person}, 0.5)
    yield _audit("search by a value nobody entered", "cases", {"value": "zzzz-tidak-ada"}, 0.5)
    yield _audit("search by days", "cases", {"since": f"{year}-03-01", "until": f"{year}-03-05"}, 0.5)
    yield _audit("office on a day", "day", {"date": f"{year}-06-15", "time": "10:00"}, 5.0)
    yield _audit("completeness of a year", "completeness", {"year": str(year)}, 1.5)
    for name, path in (
        ("figures", "figures"),
        ("ways", "figures/ways"),
        ("rework", "figures/rework"),
        ("late steps", "figures/deviations/late"),
        ("steps done unread", "figures/deviations/unread"),
        ("form of monitoring and evaluation", "figures/evaluation"),
    ):
        for period, since, until, most in (
            ("a year", year, year, 1.5),
            ("all years", year - 9, year + 1, 6.0),
        ):
            asked = {"sop": known.sop, "since": f"{since}-01-01", "until": f"{until}-12-31"}
            yield _audit(f"{name}, {period}", path, asked, most)


def _audit(name: str, path: str, asked: dict[str, object], most: float) -> Visit:
    return Visit(name=name, account="auditor", address=f"/audit/{path}?{urlencode(asked)}", most=most)
