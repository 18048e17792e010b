"""What the pages of revisions share: one blueprint."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from engine.actions.packages import LARGEST_ARCHIVE
from engine.actions.sop_files import SopFile
from engine.errors import say
from engine.ids import new_id, parse_id
from webapp.incoming import small_number

NO_FILE = say("Choose a file: a diagram (.bpmn) or a package (.zip).")
Page = str | tuple[str, int] | Response
# The fields of the form of an approval that its paper to be signed is printed with.
APPROVAL = ("number", "effective_from", "post", "name", "nip")

blueprint = Blueprint("editor", __name__, url_prefix="/library")

_LARGEST_JSON = 8 * 1024 * 1024  # bytes: a diagram of 2 MB and many forms, written as JSON
_MOST_CARRIED = 1_000_000  # bytes: with all else the form stays below what one may hold


def attempt() -> UUID:
    """Give the identity a form was made with, by which a second click is known."""
    return parse_id(request.form.get("attempt", "")) or new_id()


def revision() -> int:
    """Give the revision of the draft that the form was made from; 0 is none."""
    return request.form.get("revision", type=small_number) or 0


def sop_file(field: str = "file") -> SopFile | None:
    """Read a file that was sent, no further than may be; None where none was chosen."""
    sent_file = request.files.get(field)
    if sent_file is None or not sent_file.filename:
        return None
    with sent_file.stream as stream:
        return SopFile(name=sent_file.filename, content=stream.read(LARGEST_ARCHIVE + 1))


def file_name(field: str = "file") -> str:
    """Give the name of a file that was sent, as it can be shown; empty where none was chosen."""
    sent_file = request.files.get(field)
    name = "" if sent_file is None else sent_file.filename or ""
    return SopFile(name=name, content=b"").plain_name


def carried(file: SopFile) -> str:
    """Write a file into a page that asks about it, so that it need not be chosen twice; empty: too large."""
    return b64encode(file.content).decode() if len(file.content) <= _MOST_CARRIED else ""


def carried_file() -> SopFile | None:
    """Read a file back from such a page, or as it was chosen again."""
    name, content = request.form.get("carried-name", ""), request.form.get("carried", "")
    if not content:
        return sop_file()
    try:
        return SopFile(name=name, content=b64decode(content, validate=True))
    except ValueError:
        return None


def sent() -> Any:  # noqa: ANN401 - whatever a browser can write as JSON
    """Read what the editor sent; None where it is no JSON."""
    request.max_content_length = _LARGEST_JSON
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None
