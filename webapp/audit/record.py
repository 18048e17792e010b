"""The record as a whole: how far it is sealed, and what anybody needs to check that."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response

from engine.model.checkpoint import Sink
from engine.queries import record_page as pages
from webapp import current
from webapp.audit.area import Page, blueprint
from webapp.language import gettext


@blueprint.get("/record")
def record() -> Page:
    """Show how the record stands."""
    return render_template("audit/record.html", page=pages.record_page(current.engine(), current.actor()))


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
