"""Text of people as every format can hold it: what cannot be written is replaced by what can be seen."""

from __future__ import annotations

import re

# Not characters of XML 1.0 (§ 2.2), nor of UTF-8: most controls, halves of surrogate pairs, two more.
_ILLEGIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PICTURES = 0x2400  # where Unicode has a picture of each control character: ␀ for NUL
_CONTROLS = 0x20


def legible(text: str) -> str:
    """Show control characters as their pictures (␛), and what is no character as �; all else stays."""
    return _ILLEGIBLE.sub(_picture, text) if _ILLEGIBLE.search(text) else text


def _picture(found: re.Match[str]) -> str:
    code = ord(found.group())
    return chr(_PICTURES + code) if code < _CONTROLS else "\ufffd"
