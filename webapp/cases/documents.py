"""A version of a document: its page, its file, and its pages as pictures."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import cast
from uuid import UUID

from flask import Response, current_app, render_template, request

from engine import previews
from engine.form_documents import FormDocument, form_pdf, sections_of
from engine.forms.display import show
from engine.queries.documents import DocumentPage, document_file, document_page
from webapp import current, downloads
from webapp.cases.area import Page, blueprint
from webapp.incoming import small_number

_WIDTHS = (480, 960, 1440)  # pixels; only these are drawn, so that the cache stays small
_PAGES = 10  # shown at once
_KEPT = 30 * 24 * 60 * 60  # seconds a browser keeps a picture: the bytes of a version never change


@blueprint.get("/<uuid:case_id>/documents/<int:no>")
def document(case_id: UUID, no: int) -> Page:
    """Show a version: its pages as pictures, or what it says where a form made it."""
    found = document_page(current.engine(), current.actor(), case_id, no)
    pages = found.document.pages or 0 if previews.can_be_shown(found.document.media_type) else 0
    first = min(max(1, request.args.get("page", 1, type=small_number)), max(1, pages))
    return render_template(
        "cases/document.html",
        page=found,
        facts=found.case,
        document=found.document,
        numbers=range(first, min(pages, first + _PAGES - 1) + 1),
        pages=pages,
        widths=_WIDTHS,
    )


@blueprint.get("/<uuid:case_id>/documents/<int:no>/file")
def file(case_id: UUID, no: int) -> Page:
    """Hand a version out to be saved; one made from a form is drawn now."""
    found = document_file(current.engine(), current.actor(), case_id, no)
    if found.made_from is not None or not found.document.object:
        name = f"{found.document.name} {found.case.number.replace('/', '-')} v{found.document.version}.pdf"
        return downloads.attachment(_drawn(found), filename=name, media_type="application/pdf")
    return downloads.attachment(
        current.engine().blobs.open(found.document.object),
        filename=found.document.filename,
        media_type=found.document.media_type,
        size=found.document.size,
    )


@blueprint.get("/<uuid:case_id>/documents/<int:no>/pages/<int:page>.png")
def picture(case_id: UUID, no: int, page: int) -> Response:
    """Give a page of a version as a picture."""
    found = document_file(current.engine(), current.actor(), case_id, no).document
    wanted = request.args.get("w", _WIDTHS[1], type=small_number)
    width = next((one for one in _WIDTHS if one >= wanted), _WIDTHS[-1])

    def open_file() -> AbstractContextManager[Path]:
        return current.engine().blobs.as_file(found.object)

    content = _previews().page(found.object, open_file, found.media_type, page=page, width=width)
    return downloads.picture(content, media_type=previews.MEDIA_TYPE, seconds=_KEPT)


def _previews() -> previews.Previews:
    """Give the drawn pages kept beside the data; made when the first one is asked for."""
    kept = current_app.extensions.get("alur.previews")
    if kept is None:
        folder = current.settings().data_dir.resolve() / "previews"
        kept = current_app.extensions["alur.previews"] = previews.Previews(folder)
    return cast("previews.Previews", kept)


def _drawn(found: DocumentPage) -> bytes:
    """Draw a document from what was submitted, in the office's own language."""
    made, case = found.made_from, found.case
    shown = show(made.form, made.values, made.names) if made and made.form else ()
    calendar = current.engine().calendar_of(case.office)
    return form_pdf(
        FormDocument(
            title=found.document.name,
            office=found.header.institution,
            case_number=case.number,
            case_title=case.title,
            version=found.document.version,
            author=found.document.author,
            at=calendar.local(found.document.at),
            sections=sections_of(shown),
        )
    )
