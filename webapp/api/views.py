"""Messages from outside. No cookie opens anything here, so there is no form token either."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from engine.actions import messages
from engine.actions.api_tokens import holder_of
from engine.actions.throttle import address_place
from engine.errors import AlurError, Invalid
from engine.model.api_token import ApiToken
from engine.model.message import MessageState
from webapp import current
from webapp.api.pace import Pace
from webapp.errors import status_of
from webapp.guard import csrf, public
from webapp.rendering import sentence

blueprint = Blueprint("api", __name__, url_prefix="/api")
csrf.exempt(blueprint)

_MOST_BYTES = 256 * 1024
_MESSAGES_A_MINUTE = 600  # of a token
_WRONG_A_MINUTE = 20  # tokens from an address
_LONGEST_TOKEN = 200
_STATUS = {
    MessageState.DELIVERED: HTTPStatus.OK,
    MessageState.WAITING: HTTPStatus.ACCEPTED,
    MessageState.EXPIRED: HTTPStatus.GONE,
}


class _Unknown(Exception):
    """Nobody is let in by this token."""


@blueprint.post("/messages")
@public
def send_message() -> Response:
    """Take a message for the case that waits for it."""
    sender = _sender()
    request.max_content_length = _MOST_BYTES
    taken = messages.receive(current.engine(), sender, messages.read_incoming(_body()))
    answer = {
        "state": taken.state.value,
        "case": taken.number or None,
        "until": taken.until.isoformat() if taken.until else None,
    }
    return _json({name: value for name, value in answer.items() if value}, _STATUS[taken.state])


def _sender() -> ApiToken:
    """Find who asks; who shows wrong tokens, or asks too often, is asked to wait."""
    paces: dict[str, Pace] = current_app.extensions.setdefault(
        "alur.paces", {"wrong": Pace(_WRONG_A_MINUTE, 60), "sent": Pace(_MESSAGES_A_MINUTE, 60)}
    )
    place = address_place(request.remote_addr or "").name
    paces["wrong"].check(place)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    fits = scheme.lower() == "bearer" and token.isascii() and len(token) <= _LONGEST_TOKEN
    found = holder_of(current.engine(), token.strip()) if fits else None
    if found is None:
        paces["wrong"].count(place)
        raise _Unknown
    paces["sent"].check(found.id.hex)
    paces["sent"].count(found.id.hex)
    return found


def _body() -> object:
    """Read JSON and nothing else; what is none is as good as an empty body."""
    if request.mimetype != "application/json":
        return None
    try:
        return json.loads(request.get_data(cache=False).decode())
    except (ValueError, RecursionError):
        return None


@blueprint.errorhandler(AlurError)
def _refused(error: AlurError) -> Response:
    told: dict[str, Any] = {"error": sentence(error.sentence)}
    if isinstance(error, Invalid):
        told["problems"] = {one.field: sentence(one.sentence) for one in error.problems}
    return _json(told, status_of(error))


@blueprint.errorhandler(_Unknown)
def _not_let_in(_error: _Unknown) -> Response:
    answer = _json({"error": "Expected a valid token: Authorization: Bearer …"}, HTTPStatus.UNAUTHORIZED)
    answer.headers["WWW-Authenticate"] = 'Bearer realm="alur"'
    return answer


@blueprint.errorhandler(HTTPException)
def _http_error(error: HTTPException) -> Response:
    return _json({"error": error.name}, HTTPStatus(error.code or 500))


def _json(content: object, status: HTTPStatus) -> Response:
    text = json.dumps(content, ensure_ascii=False) + "\n"
    return Response(text, status=status, mimetype="application/json")
