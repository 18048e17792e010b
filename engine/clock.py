"""The only now()."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """The system's clock, in UTC."""

    def now(self) -> datetime:
        """Give the present instant, aware, in UTC."""
        return datetime.now(UTC)


class SetClock(Clock):
    """A clock that stands still until it is moved: for tests, rehearsals and demo data."""

    def __init__(self, at: datetime) -> None:
        """Start at an aware instant."""
        self._at = at

    def now(self) -> datetime:
        """Give the instant it was set to."""
        return self._at

    def set(self, at: datetime) -> None:
        """Jump to an instant."""
        self._at = at

    def move(self, by: timedelta) -> None:
        """Go forward (or back)."""
        self._at += by
