"""Pages of documents as pictures, so that they open in any browser without a plug-in or a script.

What people upload is drawn by ``renderer.py`` in a process of its own, with limits on memory, time
and files, and forgotten afterwards: a hostile file can end that process and nothing else.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.errors import NotFound, PreviewFailed, PreviewsBusy, say
from engine.previews.cache import PictureCache

MEDIA_TYPE = "image/webp"  # of every picture given
MIN_WIDTH, MAX_WIDTH = 160, 1600  # pixels
_PICTURES = frozenset({"image/png", "image/jpeg", "image/webp"})
_PDF = "application/pdf"
_RENDERER = Path(__file__).with_name("renderer.py")
_SECONDS = 20.0  # of waiting; the renderer limits its own CPU time to less
_AT_ONCE = threading.BoundedSemaphore(2)  # per web process: a page of previews asks for many together
_WAITING = threading.BoundedSemaphore(5)  # being drawn and waiting: the other threads stay free for people
_FORGIVEN = 600.0  # seconds after which a page that could not be drawn is tried again
_MOST_FAILED = 500
_NO_SUCH_PAGE = 4  # exit code of the renderer
_CANNOT = say("This document cannot be shown in the page. Download it to read it.")


@dataclass(frozen=True, kw_only=True)
class DocumentFacts:
    """What PDFium finds in a document, or Pillow in a picture."""

    pages: int
    javascript: int = 0  # scripts that would run on opening
    attachments: int = 0


def can_be_shown(media_type: str) -> bool:
    """Tell whether a document has pages to show; office documents and text are downloaded."""
    return media_type == _PDF or media_type in _PICTURES


def facts(source: Path | bytes, media_type: str) -> DocumentFacts:
    """Count pages, scripts and attachments; PreviewFailed where the file cannot be read."""
    return DocumentFacts(**json.loads(_run(source, "facts", _kind(media_type))))


def page_count(source: Path | bytes, media_type: str) -> int:
    """Count the pages; a picture has one."""
    return facts(source, media_type).pages


def render_page(source: Path | bytes, media_type: str, page: int, width: int) -> bytes:
    """Draw a page (from 1) as a picture about so many pixels wide; NotFound beyond the last page."""
    width = max(MIN_WIDTH, min(width, MAX_WIDTH))
    if page < 1:
        raise _no_such_page()
    return _run(source, "page", _kind(media_type), str(page), str(width))


class Previews:
    """Draws pages and keeps the pictures for the next reader; and for a while which cannot be."""

    def __init__(self, folder: Path, *, limit: int = 200 << 20) -> None:
        """Keep at most ``limit`` bytes of pictures in a folder; it may be emptied at any time."""
        self._cache = PictureCache(folder, limit=limit)
        self._failed: dict[tuple[str, int], float] = {}  # document and page -> when

    def page(
        self,
        name: str,
        open_file: Callable[[], AbstractContextManager[Path]],
        media_type: str,
        *,
        page: int,
        width: int,
    ) -> bytes:
        """Give a page of a stored document; the file is opened only when it was not drawn before.

        ``name`` is the object's name in the store: its pictures are found again by it, for ``forget``.
        PreviewsBusy where too many wait already.
        """
        key = f"{page}-{width}"
        picture = self._cache.find(name, key)
        if picture is not None:
            return picture
        self._must_be_worth_it(name, page)
        if not _WAITING.acquire(blocking=False):
            raise PreviewsBusy(say("Many pages are being drawn just now. Reload the page in a moment."))
        try:
            with open_file() as path:
                picture = render_page(path, media_type, page, width)
        except PreviewFailed:
            self._failed[name, page] = time.monotonic()
            raise
        finally:
            _WAITING.release()
        self._cache.keep(name, key, picture)
        return picture

    def _must_be_worth_it(self, name: str, page: int) -> None:
        """Refuse at once what failed a while ago: each try may cost seconds."""
        if len(self._failed) > _MOST_FAILED:
            self._failed.clear()
        if time.monotonic() - self._failed.get((name, page), -_FORGIVEN) < _FORGIVEN:
            raise PreviewFailed(_CANNOT)

    def forget(self, name: str) -> None:
        """Remove the pictures of a document whose bytes are destroyed."""
        self._cache.forget(name)


def _kind(media_type: str) -> str:
    if not can_be_shown(media_type):
        raise PreviewFailed(say("Documents of this kind are not shown in the page. Download it to read it."))
    return "pdf" if media_type == _PDF else "picture"


def _run(source: Path | bytes, *request: str) -> bytes:
    """Ask the renderer; it sees the file on its standard input and nothing of our environment."""
    with _AT_ONCE, _opened(source) as file, tempfile.TemporaryFile() as answer:
        try:
            code = subprocess.run(  # noqa: S603 - our own script, arguments are words and numbers of ours
                [sys.executable, "-I", "-B", str(_RENDERER), *request],
                stdin=file,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                timeout=_SECONDS,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            code = -1
        if code == _NO_SUCH_PAGE:
            raise _no_such_page()
        if code:
            raise PreviewFailed(_CANNOT)
        answer.seek(0)
        return answer.read()


def _opened(source: Path | bytes) -> BinaryIO:
    if isinstance(source, Path):
        return source.open("rb")
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the caller
    file.write(source)
    file.flush()
    file.seek(0)
    return file


def _no_such_page() -> NotFound:
    return NotFound(say("The document has no such page."))
