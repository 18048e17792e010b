"""Any table of a page as a workbook: ``?format=xlsx`` of its address. Who took which is on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO

from flask import Response, request

from engine.actions import exports
from engine.record.workbook import Cell, Sheet, write_workbook
from webapp import current
from webapp.downloads import attachment

__all__ = ["Cell", "Sheet", "is_wanted", "sent", "workbook"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PART = 65_536  # bytes


def is_wanted() -> bool:
    """Tell whether the page was asked for as a workbook."""
    return request.args.get("format") == "xlsx"


def workbook(name: str, sheets: Iterable[Sheet]) -> Response:
    """Answer with tables as ``<name>.xlsx``. Texts stay texts; times are put into the office's zone before.

    Rows may come from a generator: neither they nor the file are ever in memory as a whole. That it was
    taken is on record before its first byte leaves; where that cannot be, nothing does.
    """
    file = TemporaryFile()  # noqa: SIM115 - it is closed when it was sent
    try:
        write_workbook(file, sheets)
        exports.record_workbook(current.engine(), current.actor(), request.path, _asked())
    except BaseException:
        file.close()
        raise
    return sent(file, filename=f"{name}.xlsx", media_type=XLSX)


def _asked() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name != "format" and value}


def sent(file: IO[bytes], *, filename: str, media_type: str) -> Response:
    """Answer with a file that stands open at its end and is not needed any more once it was sent."""
    size = file.tell()
    file.seek(0)
    response = attachment(_parts(file), filename=filename, media_type=media_type, size=size)
    response.call_on_close(file.close)  # also where nobody waits for the rest
    return response


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while part := file.read(_PART):
            yield part
