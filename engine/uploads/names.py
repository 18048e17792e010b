"""File names as people send them, made safe to show and to save."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 120
MAX_BYTES = 200  # of UTF-8: file systems stop at 255
_RESERVED = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_RUNNABLE = re.compile(
    r"\.(?=(?:exe|scr|com|bat|cmd|msi|pif|lnk|jar|js|jse|vbs|vbe|wsf|hta|ps1|sh|php|asp|aspx|jsp|html?|svg"
    r"|docm|xlsm|pptm)(?:\.|\s|$))",
    re.IGNORECASE,
)


def clean_filename(filename: str) -> str:
    """Keep the last part of a path, without control and bidi characters and runnable inner endings."""
    name = unicodedata.normalize("NFC", filename).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(" " if unicodedata.category(c).startswith("Z") else c for c in name)
    name = "".join(c for c in name if not unicodedata.category(c).startswith("C"))
    name = _RESERVED.sub("-", " ".join(name.split())).rstrip(" .").lstrip()
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    stem = _RUNNABLE.sub("_", stem).strip(" .") or "dokumen"
    if _DEVICE.match(stem):
        stem = f"_{stem}"
    ending = dot + extension[:10]
    return _shortened(stem, MAX_CHARACTERS - len(ending), MAX_BYTES - len(ending.encode())) + ending


def extension_of(filename: str) -> str:
    """Give the ending in small letters, without its dot; empty where there is none."""
    _stem, dot, extension = filename.rpartition(".")
    return extension.lower() if dot else ""


def _shortened(stem: str, characters: int, size: int) -> str:
    cut = stem[:characters]
    while len(cut.encode()) > size:
        cut = cut[:-1]
    return cut.rstrip(" .") if cut != stem else cut
