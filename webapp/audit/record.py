"""The record as a whole: how far it is sealed, and what anybody needs to check that."""

from __future__ import annotations

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from engine.model.checkpoint import Sink, read_note
from engine.queries import record_page as pages
from engine.queries.record_page import ArchiveStands, RecordPage
from webapp import current, wording
from webapp.audit.area import Page, blueprint
from webapp.language import gettext
from webapp.rendering import sentence
from webapp.workbooks import Sheet, is_wanted, workbook

_MOST_ROWS = 20_000  # as a workbook


@blueprint.get("/record")
def record() -> Page:
    """Show how the record stands."""
    if is_wanted() and request.args.get("list") == "archives":
        page = pages.record_page(current.engine(), current.actor())
        return workbook(gettext("archives"), [_archives(page)])
    if is_wanted():
        whole = pages.record_page(current.engine(), current.actor(), most=_MOST_ROWS)
        return workbook(gettext("checkpoints"), [_sheet(whole)])
    return render_template("audit/record.html", page=pages.record_page(current.engine(), current.actor()))


def _sheet(page: RecordPage) -> Sheet:
    head = (
        gettext("Events"),
        gettext("Kept"),
        gettext("Root begins with"),
        gettext("Copies outside the database"),
    )
    rows = (
        (
            one.size,
            wording.local(one.at),
            one.short,
            ", ".join(sink_words(copy.sink) for copy in one.copies if copy.done_at),
        )
        for one in page.kept
    )
    return Sheet(title=gettext("Kept checkpoints"), head=head, rows=rows)


def _archives(page: RecordPage) -> Sheet:
    head = (
        gettext("Archive file"),
        gettext("Cases that ended before"),
        gettext("Cases"),
        gettext("Events"),
        gettext("Size (bytes)"),
        gettext("State"),
    )
    rows = (
        (
            one.archive.name,
            one.archive.until,
            one.archive.cases,
            one.archive.events,
            one.archive.size,
            archive_words(one),
        )
        for one in page.archives
    )
    return Sheet(title=gettext("Archive files"), head=head, rows=rows)


def archive_words(one: ArchiveStands) -> str:
    """Say how an archive stands; of a file that cannot be read, why."""
    if one.archive.abandoned_at:
        return gettext("given up")
    if not one.archive.settled_at:
        return gettext("not finished")
    return sentence(one.trouble) if one.trouble else gettext("in its place")


@blueprint.get("/record/checkpoints/newest")
def record_newest() -> Page:
    """Give the newest checkpoint of the moment as its text: the one a page showed may be replaced already."""
    text = pages.newest_text(current.engine(), current.actor())
    return _text_file(text, f"checkpoint-{read_note(text).checkpoint.size}.txt")


@blueprint.get("/record/checkpoints/<int:size>")
def record_checkpoint(size: int) -> Page:
    """Give a checkpoint as its text."""
    text = pages.checkpoint_text(current.engine(), current.actor(), min(size, (1 << 63) - 1))
    return _text_file(text, f"checkpoint-{size}.txt")


@blueprint.get("/record/key")
def record_key() -> Page:
    """Give the public key."""
    return _text_file(pages.public_key_line(current.engine(), current.actor()) + "\n", "seal.pub")


def sink_words(sink: Sink) -> str:
    """Say where a copy is kept."""
    return {Sink.FOLDER: gettext("Folder"), Sink.EMAIL: gettext("E-mail")}[sink]


def _text_file(text: str, name: str) -> Response:
    answer = make_response(text)
    answer.headers["Content-Type"] = "text/plain; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


blueprint.add_app_template_filter(sink_words, "sink_words")
