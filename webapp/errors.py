"""Engine errors as pages: the only place that knows both."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from engine.actions.acknowledgements import Unread
from engine.actions.throttle import TooManyAttempts
from engine.errors import (
    AlurError,
    ArchiveUnreadable,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    PreviewFailed,
    PreviewsBusy,
    ProcessFailed,
    Refused,
    UploadRefused,
    say,
)
from webapp import current, frame
from webapp.guard import safe_next
from webapp.language import gettext
from webapp.rendering import sentence

Answer = tuple[str, int]

_STATUS: tuple[tuple[type[AlurError], HTTPStatus], ...] = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (Invalid, HTTPStatus.UNPROCESSABLE_ENTITY),
    (Refused, HTTPStatus.UNPROCESSABLE_ENTITY),
    (UploadRefused, HTTPStatus.UNPROCESSABLE_ENTITY),
    (ProcessFailed, HTTPStatus.CONFLICT),
    (Conflict, HTTPStatus.CONFLICT),
    (PreviewsBusy, HTTPStatus.SERVICE_UNAVAILABLE),
    (PreviewFailed, HTTPStatus.UNPROCESSABLE_ENTITY),
    (TooManyAttempts, HTTPStatus.TOO_MANY_REQUESTS),
)

# What people write in their own words beside a task's form, whose draft is kept: given back to be copied.
_TYPED = ("text", "message", "reason", "act:text", "act:reason", "act:why", "act:better", "act:name")

_log = structlog.get_logger("alur.errors")


def status_of(error: AlurError) -> HTTPStatus:
    """Give the status of an engine error; what is not listed is a store that cannot be reached."""
    unavailable = HTTPStatus.SERVICE_UNAVAILABLE
    return next((status for kind, status in _STATUS if isinstance(error, kind)), unavailable)


def register(app: Flask) -> None:
    """Answer every error with a page in the words of the interface."""
    app.register_error_handler(AlurError, _engine_error)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(SecurityError, _foreign)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _engine_error(error: AlurError) -> Answer:
    status = status_of(error)
    if isinstance(error, NotFound):
        return _not_found(_typed())
    return _page(
        status,
        _unread() if isinstance(error, ArchiveUnreadable) else _heading(status),
        sentence(error.sentence),
        typed=_typed(),
        link=_way_out(error),
        findings=getattr(error, "findings", ()),
        problems=getattr(error, "problems", ()),
    )


def _way_out(error: AlurError) -> tuple[str, str] | None:
    """Give address and words of the page on which the reason can be removed."""
    if not isinstance(error, Unread):
        return None
    return f"/library/{error.key}/versions/{error.number}/reading", gettext("Read what changed")


def _unread() -> str:
    return gettext("What stands here cannot be read")


def _heading(status: HTTPStatus) -> str:
    return {
        HTTPStatus.FORBIDDEN: gettext("This is not yours to do"),
        HTTPStatus.CONFLICT: gettext("This could not be done"),
        HTTPStatus.UNPROCESSABLE_ENTITY: gettext("This could not be accepted"),
        HTTPStatus.TOO_MANY_REQUESTS: gettext("Please wait a moment"),
        HTTPStatus.SERVICE_UNAVAILABLE: gettext("Alur cannot save just now"),
    }.get(status, gettext("This could not be done"))


def _typed() -> list[str]:
    """Give what was typed into the form that could not be taken: nothing typed is lost."""
    try:
        form = request.form
    except HTTPException:  # refused before anybody looked into it: it is more than may be sent, or none
        return []
    return [text for name in _TYPED for text in form.getlist(name) if text.strip()]


def _not_found(typed: Sequence[str] = ()) -> Answer:
    words = gettext("This page does not exist, or is not for your role.")
    return _page(HTTPStatus.NOT_FOUND, gettext("Page not found"), words, typed=typed)


def _expired(_error: CSRFError) -> Answer:
    words = gettext(
        "This form was open too long or belongs to an earlier sign-in. Go back, reload the page and send it "
        "again; saved drafts are still there."
    )
    return _page(HTTPStatus.FORBIDDEN, gettext("Please send the form once more"), words)


def _too_large(_error: RequestEntityTooLarge) -> Answer:
    status, settings = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, current.settings()
    if current.signed_in() is None or (request.content_length or 0) <= (request.max_content_length or 0):
        words = gettext("This form holds more than can be sent at once. Nothing was saved.")
        return _page(status, gettext("The form is too large"), words)
    most = settings.upload_megabytes
    words = gettext("The files are too large: together at most %(most)s MB. Nothing was saved.", most=most)
    return _page(status, gettext("The files are too large"), words)


def _foreign(_error: SecurityError) -> Answer:
    """Answer without a page: everything in one depends on the server's name."""
    return gettext("This server does not answer to that name.") + "\n", HTTPStatus.BAD_REQUEST


def _http_error(error: HTTPException) -> Any:  # noqa: ANN401 - redirects of the router pass as they are
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    if status < HTTPStatus.BAD_REQUEST:
        return error
    if status is HTTPStatus.NOT_FOUND:
        return _not_found()
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        words = gettext("This address cannot be opened like that. Start from the page before.")
        return _page(status, gettext("Page not found"), words)
    words = gettext("The server did not understand the request.")
    return _page(status, gettext("This could not be done"), words)


def _unexpected(error: Exception) -> Answer:
    incident = g.get("request_id", "")
    _log.error("incident", request=incident, endpoint=request.endpoint, exc_info=error)
    words = sentence(
        say("Something went wrong in Alur. Nothing was saved; what you typed is in your last draft.")
    )
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _page(status, gettext("Something went wrong"), words, incident=incident)


def _page(  # what the one page of errors can show
    status: HTTPStatus,
    heading: str,
    words: str,
    **more: Any,
) -> Answer:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        frame.count_nothing()
    page = render_template(
        "errors/page.html", status=int(status), heading=heading, words=words, back=_page_before(), **more
    )
    return page, int(status)


def _page_before() -> str | None:
    """Give the page a form was sent from, where it is ours."""
    referrer = request.headers.get("Referer", "")
    if request.method == "GET" or not referrer.startswith(request.host_url):
        return None
    return safe_next("/" + referrer[len(request.host_url) :])
