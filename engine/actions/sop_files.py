"""Files that people bring as an SOP: what such a file is, its content says; its name only names it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from engine.actions.packages import read_zip
from engine.actions.process_drafts import DraftChange, checked
from engine.errors import say
from engine.xml_guard import refused

_ZIP = b"PK\x03\x04"
_LONGEST_NAME = 120
_UNWANTED: Final = (
    (b"%PDF-", say("This is a PDF document; no diagram can be read from it.")),
    (b"\xd0\xcf\x11\xe0", say("This is a document of an older Office; no diagram can be read from it.")),
    (b"\x89PNG", say("This is a picture; no diagram can be read from it.")),
    (b"\xff\xd8\xff", say("This is a picture; no diagram can be read from it.")),
    (b"GIF8", say("This is a picture; no diagram can be read from it.")),
)
_STARTS: Final = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00<")


@dataclass(frozen=True, kw_only=True)
class SopFile:
    """A file as it came."""

    name: str
    content: bytes

    @property
    def plain_name(self) -> str:
        """Give the last part of the name, without what cannot be shown."""
        last = self.name.replace("\\", "/").rpartition("/")[2]
        return "".join(one for one in last if one.isprintable())[:_LONGEST_NAME]

    @property
    def digest(self) -> str:
        """Give the sha256 of the content, by which a file is known again."""
        return sha256(self.content).hexdigest()

    @property
    def is_package(self) -> bool:
        """Tell whether it is an archive, with forms, decisions and notes."""
        return self.content.startswith(_ZIP)


def read_columns(file: SopFile) -> dict[str, object]:
    """Read a file into the columns of a draft that it has something for; Refused says what it is instead."""
    _must_be_sop(file)
    if not file.is_package:
        return checked(DraftChange(revision=0, bpmn=file.content))
    package = read_zip(file.content, "package")
    forms = dict(package.forms)
    change = DraftChange(
        revision=0, bpmn=package.bpmn, forms=forms, decisions=package.decisions, notes=package.notes
    )
    return checked(change) | {"forms": forms}


def _must_be_sop(file: SopFile) -> None:
    """Say what a file is that is nothing of an SOP: what a reader of XML makes of it helps nobody."""
    content = file.content
    if not content.strip():
        raise refused("empty", say("The file is empty"))
    found = next((sentence for start, sentence in _UNWANTED if content.startswith(start)), None)
    if found is None and not file.is_package and not content.lstrip().startswith(_STARTS):
        found = say("This is neither a diagram nor a package of an SOP.")
    if found is not None:
        raise refused("no-sop", found)
