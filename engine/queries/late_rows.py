"""The rule of ``engine.model.lateness`` as a condition of statements."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement


def is_late(due: ColumnElement[Any], at: ColumnElement[Any] | datetime) -> ColumnElement[bool]:
    """Tell of rows that they were done, or stood open, after their due time; unknown without one."""
    return due < at
