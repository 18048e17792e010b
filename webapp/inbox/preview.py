"""A document made from a form, looked at before the task is completed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from uuid import UUID

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from engine.form_documents import form_pdf, page_count
from engine.queries.task_preview import Preview, task_preview
from engine.temporary import named_file
from webapp import current
from webapp.inbox.acts import Page, task_address
from webapp.inbox.filters import address, read_filter, written
from webapp.inbox.keeping import kept_for_preview
from webapp.inbox.submitted import Submitted
from webapp.pictures import page_picture

_PDF = "application/pdf"


def open_preview(task_id: UUID, place: int, sent: Submitted) -> Page:
    """Keep what is typed, then show what comes of it."""
    page = kept_for_preview(task_id, sent)
    if page is not None:
        return page
    query = written(sent.wanted)
    return redirect(address(f"/tasks/{task_id.hex}/preview/{place}", query), HTTPStatus.SEE_OTHER)


def preview_page(task_id: UUID, place: int) -> Page:
    """Show the pages, plainly as something that is not a document yet."""
    found = _found(task_id, place)
    here = f"/tasks/{task_id.hex}/preview/{place}"
    # The pages change with the draft, and so do their addresses: a browser shows no older ones.
    mark = _name(found)[:12]
    return render_template(
        "inbox/preview.html",
        preview=found,
        task=found.page.task,
        seen=found.page.seen,
        back=task_address(task_id, read_filter(request.args)),
        pictures=[f"{here}/{page}.webp?of={mark}" for page in range(1, page_count(found.drawn) + 1)],
    )


def preview_picture(task_id: UUID, place: int, page: int) -> Response:
    """Give one of its pages."""
    found = _found(task_id, place)

    @contextmanager
    def open_file() -> Iterator[Path]:
        with named_file(suffix=".pdf") as file:
            file.write(form_pdf(found.drawn))
            file.flush()
            yield Path(file.name)

    return page_picture(f"preview/{_name(found)}", open_file, _PDF, page)


def _found(task_id: UUID, place: int) -> Preview:
    return task_preview(current.engine(), current.actor(), task_id, place)


def _name(found: Preview) -> str:
    """Name what is drawn by what it says."""
    return hashlib.sha256(repr(found.drawn).encode()).hexdigest()
