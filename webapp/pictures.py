"""Pages of documents as pictures: drawn once, kept beside the data, and asked for anew each time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import cast

from flask import Response, current_app, request

from engine import previews
from engine.errors import NotFound, say
from webapp import current, downloads
from webapp.incoming import small_number

WIDTHS = (480, 960, 1440)  # pixels; only these are drawn, so that the cache stays small


def page_picture(
    name: str, open_file: Callable[[], AbstractContextManager[Path]], media_type: str, page: int
) -> Response:
    """Give a page of a document to who may see it; ``name`` is its bytes' own."""
    if not name or not previews.can_be_shown(media_type):
        raise NotFound(say("The document has no such page."))
    wanted = request.args.get("w", WIDTHS[1], type=small_number)
    width = next((one for one in WIDTHS if one >= wanted), WIDTHS[-1])
    tag = hashlib.sha256(f"{name} {page} {width}".encode()).hexdigest()[:32]
    if downloads.is_kept(tag):
        return downloads.kept_picture(tag)
    content = _previews().page(name, open_file, media_type, page=page, width=width)
    return downloads.picture(content, media_type=previews.MEDIA_TYPE, tag=tag)


def _previews() -> previews.Previews:
    """Give the drawn pages kept beside the data; made when the first one is asked for."""
    kept = current_app.extensions.get("alur.previews")
    if kept is None:
        folder = current.settings().data_dir.resolve() / "previews"
        kept = current_app.extensions["alur.previews"] = previews.Previews(folder)
    return cast("previews.Previews", kept)
