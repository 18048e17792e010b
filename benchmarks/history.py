"""Years of history from a few cases that were really worked: copies of them through the bulk path.

A copy is a case of its own: new identities, its own number of the register, its own chain of events, moved by
whole weeks into a span whose days are as working as those it was worked on, so that its times stay true. What
copies share are the bytes of their documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from benchmarks.history_copies import OF_A_CASE, WEEK, Copy, Template, templates
from engine.core import Engine
from engine.model.numbering import case_number
from engine.storage import search
from engine.storage.tables import event, instance, register

_AT_ONCE = 250  # cases of a transaction
_OPEN = 0.03  # of the copies are of cases that still run
_LATEST = 8  # weeks, of those whose days are as working, from which these are

Progress = Callable[[int], None]  # is told how many cases were written since it was told last


class Growing:
    """An office whose history grows."""

    def __init__(self, engine: Engine, seed: int = 0, share_open: float = _OPEN) -> None:
        """Read what can be copied; the same seed makes the same choices."""
        self.engine, self.chance, self.share_open = engine, Random(seed), share_open
        with engine.store.reading() as connection:
            self.templates = templates(engine, connection, self.chance)
            taken = connection.execute(
                select(register.c.process, register.c.year, register.c.last).order_by(register.c.process)
            ).all()
            self.numbers = set(connection.scalars(select(instance.c.number)))
        if not self.templates:
            raise SystemExit("This office has no case that could be copied; expected some to begin with.")
        self.open = [one for one in self.templates if one.is_open] or self.templates
        self.ended = [one for one in self.templates if not one.is_open] or self.templates
        self.last = {(row.process, row.year): row.last for row in taken}
        self._weeks: dict[tuple[UUID, int], Sequence[int]] = {}

    def grow(self, cases: int, *, years: int = 5, progress: Progress = lambda _: None) -> int:
        """Write so many cases over so many years before; gives the number of events written."""
        events, left = 0, cases
        while left:
            copies = [self._copy(years) for _ in range(min(left, _AT_ONCE))]
            with self.engine.store.transaction() as connection:
                events += write(connection, copies)
                self._keep_register(connection)
            left -= len(copies)
            progress(len(copies))
        return events

    def _copy(self, years: int) -> Copy:
        """Copy a case that has ended, from any time; now and then one that runs, as it began of late."""
        is_open = self.chance.random() < self.share_open
        template = self.chance.choice(self.open if is_open else self.ended)
        weeks = self.chance.choice(self._weeks_before(template, years * 52)[: _LATEST if is_open else None])
        began = template.case["started_at"] - weeks * WEEK
        year = self.engine.calendar_of(template.case["office"]).local(began).year
        number = self._next_number(template, year)
        return Copy(template=template, weeks=weeks, number=number, ids=self._identities(template, began))

    def _next_number(self, template: Template, year: int) -> str:
        """Take the next number of the register that no case has, as who starts a case does."""
        key = (template.case["process"], year)
        while True:
            self.last[key] = self.last.get(key, 0) + 1
            number = case_number(template.numbers, template.key, number=self.last[key], year=year)
            if number not in self.numbers:
                self.numbers.add(number)
                return number

    def _weeks_before(self, template: Template, most: int) -> Sequence[int]:
        """Find the weeks until which a case can be moved: its days are as working there, nearest first."""
        asked = template.case["id"], most
        if asked not in self._weeks:
            alike = [weeks for weeks in range(1, most + 1) if self._is_alike(template, weeks * WEEK)]
            if not alike:
                raise SystemExit(f"Case {template.case['number']} has no days before that are as working.")
            self._weeks[asked] = alike
        return self._weeks[asked]

    def _is_alike(self, template: Template, back: timedelta) -> bool:
        calendar = self.engine.calendar_of(template.case["office"])
        first, last = template.days
        # Two weeks more: until then something may be due.
        days = [first + timedelta(days=number) for number in range((last - first).days + 15)]
        return all(calendar.is_working_day(day) == calendar.is_working_day(day - back) for day in days)

    def _identities(self, template: Template, began: datetime) -> dict[UUID, UUID]:
        """Make identities that sort as those they stand for."""
        time = int(began.timestamp() * 1000) << 80
        return {
            old: UUID(int=time | 7 << 76 | place % 4096 << 64 | 2 << 62 | self.chance.getrandbits(62))
            for place, old in enumerate(template.own)
        }

    def _keep_register(self, connection: Connection) -> None:
        office = self.templates[0].case["office"]
        insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(register)
        rows = [
            {"office": office, "process": process, "year": year, "last": last}
            for (process, year), last in self.last.items()
        ]
        keys = ["office", "process", "year"]
        connection.execute(
            insert.on_conflict_do_update(index_elements=keys, set_={"last": insert.excluded.last}), rows
        )


def write(connection: Connection, copies: Sequence[Copy]) -> int:
    """Write cases with all their rows; gives the number of events."""
    chained = {copy.id: copy.events() for copy in copies}
    connection.execute(instance.insert(), [copy.case(chained[copy.id][-1]) for copy in copies])
    for copy in copies:
        search.add(
            connection, copy.id, copy.number, copy.title(copy.template.case["title"]), copy.template.sop
        )
    for table in OF_A_CASE:
        if rows := [row for copy in copies for row in copy.rows(table)]:
            connection.execute(table.insert(), rows)
    rows = [row for events in chained.values() for row in events]
    connection.execute(event.insert(), rows)
    return len(rows)
