"""A version of a document: its page, its file, and its pages as pictures."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from uuid import UUID

from flask import Response, render_template, request

from engine import previews
from engine.form_documents import FormDocument, form_pdf, sections_of
from engine.forms.display import show
from engine.queries.documents import DocumentPage, document_file, document_page
from webapp import current, downloads
from webapp.cases.area import Page, blueprint
from webapp.incoming import small_number
from webapp.pictures import WIDTHS, page_picture

_PAGES = 10  # shown at once


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
        widths=WIDTHS,
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


@blueprint.get("/<uuid:case_id>/documents/<int:no>/pages/<int:page>.webp")
def picture(case_id: UUID, no: int, page: int) -> Response:
    """Give a page of a version as a picture."""
    found = document_file(current.engine(), current.actor(), case_id, no).document

    def open_file() -> AbstractContextManager[Path]:
        return current.engine().blobs.as_file(found.object)

    return page_picture(found.object, open_file, found.media_type, page)


def _drawn(found: DocumentPage) -> bytes:
    """Draw a document from what was submitted, in the office's own language."""
    made, case = found.made_from, found.case
    name = found.document.name
    shown = show(made.form, made.values, made.names, document=name) if made and made.form else ()
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
