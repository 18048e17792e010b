"""Who may enter: everybody must be signed in, unless a view says that it is public.

The order matters: who asks comes first, then whether the form is ours (CSRF), then the view.
So strangers learn nothing about a form, not even that their token is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from engine.actions import sign_in
from engine.actions.passwords import token_digest
from engine.errors import NotFound
from engine.model.permission import Permission
from engine.model.unseen import NO_PAGE
from engine.queries import signing_in
from webapp import current
from webapp.incoming import AlurRequest
from webapp.settings import Settings

View = TypeVar("View", bound=Callable[..., object])

csrf = CSRFProtect()

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
# Editors of diagrams and forms place what they draw by style attributes; nothing else may.
_POLICY_OF_EDITORS = f"{_POLICY}; style-src-attr 'unsafe-inline'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cache-Control": "no-store",
}
_YEAR = 365 * 24 * 60 * 60
_NAMED_BY_CONTENT = re.compile(r"-[0-9a-f]{10}\.\w+$")
# A session is noted as used at most this often: a write for every page would cost more than the page.
_NOTED_EVERY = timedelta(minutes=5)


def public(view: View) -> View:
    """Mark a view that people who are not signed in may see."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def also_for(permission: Permission) -> Callable[[View], View]:
    """Let somebody reach a view who may not enter its area; the view itself shows no more than is theirs."""

    def mark(view: View) -> View:
        view.also_for = permission  # type: ignore[attr-defined]
        return view

    return mark


def let_place(response: AnyResponse) -> AnyResponse:
    """Let the scripts of a page place things by style attributes, as editors of diagrams must."""
    response.headers["Content-Security-Policy"] = _POLICY_OF_EDITORS
    return response


def register(app: Flask) -> None:
    """Put the guard before every request and the headers behind every answer."""
    app.before_request(_recognise)
    app.before_request(_let_in)
    csrf.init_app(app)
    app.after_request(_add_headers)


def cookie_name(settings: Settings) -> str:
    """Name the session cookie: the strict name needs HTTPS, which a loopback server has not."""
    return "__Host-alur" if settings.behind_proxy else "alur"


def keep_session(response: AnyResponse, session: sign_in.Session) -> AnyResponse:
    """Hand the token of a session to the browser."""
    settings = current.settings()
    response.set_cookie(
        cookie_name(settings),
        session.token,
        max_age=settings.session_life,
        secure=settings.behind_proxy,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def drop_session(response: AnyResponse) -> AnyResponse:
    """Take the token back from the browser."""
    settings = current.settings()
    response.delete_cookie(
        cookie_name(settings), path="/", secure=settings.behind_proxy, httponly=True, samesite="Lax"
    )
    return response


def safe_next(address: str | None) -> str:
    """Give an address of this server to go on to; anything else becomes the first page."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return "/"
    if not address.isprintable():  # browsers leave line breaks and tabs out before they look at it
        return "/"
    parts = urlsplit(address)
    return address if not parts.netloc and not parts.scheme and "\\" not in address else "/"


def _recognise() -> None:
    """Find who asks, before anything else happens."""
    g.token_digest = g.signed_in = None
    token = request.cookies.get(cookie_name(current.settings()))
    if not token or request.endpoint == "static":
        return
    settings, engine, digest = current.settings(), current.engine(), token_digest(token)
    found = signing_in.signed_in(engine, digest, settings.session_idle, demo=settings.demo)
    if found is None:
        return
    g.token_digest, g.signed_in = digest, found
    if engine.clock.now() - found.seen_at > _NOTED_EVERY:
        sign_in.note_use(engine, digest)


def _let_in() -> AnyResponse | None:
    """Send the anonymous to sign in; hide areas from those whose roles do not reach there."""
    if request.endpoint is None:
        return None  # no such address: answered as such
    if g.signed_in is None:
        cast("AlurRequest", request).bound_for_strangers()
        return None if _is_public(request.endpoint) else _to_sign_in()
    needed: Permission | None = current_app.extensions["alur.areas"].get(request.blueprint)
    also: Permission | None = getattr(current_app.view_functions.get(request.endpoint), "also_for", None)
    ways = [one for one in (needed, also) if one is not None]
    if needed is not None and not any(map(g.signed_in.actor.may, ways)):
        raise NotFound(NO_PAGE)
    return None


def _is_public(endpoint: str) -> bool:
    return endpoint == "static" or getattr(current_app.view_functions.get(endpoint), "is_public", False)


def _to_sign_in() -> AnyResponse:
    """Send to the sign-in page; scripts get 401 and the address, for they would follow a redirect unseen."""
    back = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else None
    address = url_for("auth.sign_in_page", next=back)
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address, 303)


def _add_headers(response: AnyResponse) -> AnyResponse:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    if current.settings().behind_proxy:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
    if request.endpoint == "static" and response.status_code in {200, 304}:
        named_by_content = _NAMED_BY_CONTENT.search(request.path) is not None
        age = _YEAR if named_by_content else 3600
        response.headers["Cache-Control"] = f"public, max-age={age}" + (
            ", immutable" if named_by_content else ""
        )
    return response
