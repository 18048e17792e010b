"""Long texts of the record in fewer bytes on SQLite; PostgreSQL compresses long values by itself.

What people submit is JSON whose frame is the same in every case. It is deflated (RFC 1951, raw) with
a dictionary of that frame; the first byte tells which dictionary. What the record hashes is the text.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

# A small window and little memory: it is the length of a form, and setting up costs more than packing.
_LEVEL, _WINDOW, _MEMORY = 6, -12, 5
# By number, for ever: a better one is added behind the others. The likeliest words stand last.
_DICTIONARIES = (
    (
        b'"label":"name":"description":"date":"time":"unit":"note":"person":"number":"year":"status":'
        b'"approved""returned""draft"true,false,null,"","",[],[],{}"2026-01-01T09:00:00+07:00","2026-'
        b'"lender":"substitute":"standing":"definitive""plt""plh"'
        b'{"roles":["","data":{"":"","":["","","":[{"":"","was":{"assigned":{"":["draft":1,'
        b'"documents":[[1,"",1,null],[1,"",1,"","done_on":"","version":1,"form":"","calendar":"",'
        b'"software":"0.1.0/3.2.0/1","worked":0,"waited":0}'
    ),
)


class Bulky(str):
    """A text worth packing."""

    __slots__ = ()


def packed(text: str) -> bytes:
    """Pack a text with the newest dictionary."""
    number = len(_DICTIONARIES) - 1
    deflate = zlib.compressobj(
        _LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, _DICTIONARIES[number]
    )
    return bytes((number,)) + deflate.compress(text.encode()) + deflate.flush()


def unpacked(value: bytes) -> str:
    """Give the text back."""
    inflate = zlib.decompressobj(_WINDOW, _DICTIONARIES[value[0]])
    return (inflate.decompress(value[1:]) + inflate.flush()).decode()


class PackedText(TypeDecorator[str]):
    """Text; a Bulky one is packed on SQLite, where a column takes bytes as well."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Convert on the way in."""
        return None if dialect.name == "postgresql" else _bound

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:  # noqa: ARG002 - SQLAlchemy's
        """Convert on the way out."""
        return None if dialect.name == "postgresql" else _read


def _bound(value: str | None) -> str | bytes | None:
    return packed(value) if isinstance(value, Bulky) else value


def _read(value: str | bytes | None) -> str | None:
    return unpacked(value) if isinstance(value, bytes) else value
