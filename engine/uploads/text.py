"""Plain text and CSV: any encoding that is text."""

from __future__ import annotations

from typing import BinaryIO

from engine.errors import Sentence, say

_BINARY = bytes(set(range(32)) - {9, 10, 12, 13, 27})


def problem(stream: BinaryIO) -> Sentence | None:
    """Say what is wrong with a text file: bytes that no text has."""
    while chunk := stream.read(1 << 20):
        if len(chunk.translate(None, _BINARY)) != len(chunk):
            return say("%(name)s is not a text file. Save it as CSV or text in UTF-8 and upload that.")
    return None
