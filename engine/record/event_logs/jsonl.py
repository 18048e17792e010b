"""JSON Lines: an object per event, with everything as it stands in the record. What programs should read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from engine.record.event_logs.flat import instant, rows_of
from engine.record.event_logs.log import Log


def parts(log: Log) -> Iterator[str]:
    """Write it, a line at a time; what is not known is null."""
    for row in rows_of(log):
        yield f"{_encode(row)}\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return instant(value)
    message = f"expected a value of JSON or a time, found {value!r}"
    raise TypeError(message)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
