"""How bytes that people uploaded leave the server: to be saved, never to be run or framed."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import quote

from flask import Response, request

_ASCII = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-(),+=@!#$&'[]{}~^`")
POLICY = "sandbox; default-src 'none'"  # after_request must leave a policy that is set alone


def attachment(
    content: Iterable[bytes] | bytes, *, filename: str, media_type: str, size: int | None = None
) -> Response:
    """Answer with a file to save, under a name of any language; ``size`` in bytes shows progress."""
    response = _sealed(content, media_type)
    response.headers["Content-Disposition"] = disposition(filename)
    if size is not None:
        response.content_length = size
    return response


def picture(content: bytes, *, media_type: str, tag: str) -> Response:
    """Answer with a page drawn by the server, for an ``img``.

    The reader's browser keeps it, and asks each time whether it may still be shown: ``tag`` names what
    is drawn, and a browser that has it is told so (``is_kept``) once the right to see it was checked.
    """
    response = _sealed(content, media_type)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(tag)
    return response


def is_kept(tag: str) -> bool:
    """Tell whether the reader's browser has this picture already."""
    return request.if_none_match.contains(tag)


def kept_picture(tag: str) -> Response:
    """Answer that the browser's picture is still the one."""
    response = picture(b"", media_type="image/webp", tag=tag)
    response.status_code = HTTPStatus.NOT_MODIFIED
    return response


def disposition(filename: str) -> str:
    """Say the name twice (RFC 6266): plainly for old programs, and in UTF-8 (RFC 8187)."""
    plain = "".join(c if c in _ASCII else "_" for c in filename)
    exact = quote(filename, safe="!#$&+-.^_`|~")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"


def _sealed(content: Iterable[bytes] | bytes, media_type: str) -> Response:
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    response = Response(content, content_type=media_type + charset)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response
