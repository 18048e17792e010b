"""Sign in and out, one's own account, and the language of the pages."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from engine.actions import sign_in
from engine.actions.passwords import token_digest
from engine.actions.throttle import TooManyAttempts
from engine.errors import AlurError, Invalid, NotFound
from engine.model.permission import RoleKind
from engine.queries import signing_in
from webapp import current, errors
from webapp.auth import browsers
from webapp.frame import home_of, leave_note
from webapp.guard import drop_session, keep_session, public, safe_next
from webapp.language import LANGUAGE_COOKIE, LANGUAGES, gettext

blueprint = Blueprint("auth", __name__)

Page = str | tuple[str, int] | Response
_CHOSEN = "language"
_LANGUAGE_LIFE = timedelta(days=365)


@blueprint.get("/")
def home() -> Response:
    """Go to the first page of whoever is signed in."""
    return redirect(home_of(current.actor()), 303)


@blueprint.get("/health")
@public
def health() -> Page:
    """Tell whoever watches over the server that it answers and reaches its database."""
    signing_in.link_is_open(current.engine(), b"")
    return "ok", HTTPStatus.OK


@blueprint.get("/sign-in")
@public
def sign_in_page() -> Page:
    """Show who can sign in, and how."""
    if current.signed_in() is not None and not current.settings().demo:
        return redirect("/", 303)
    return _sign_in_page()


@blueprint.post("/sign-in")
@public
def begin_session() -> Page:
    """Sign in with a name and a password."""
    settings, browser = current.settings(), browsers.this_browser()
    attempt = sign_in.Attempt(
        account=request.form.get("account", ""),
        password=request.form.get("password", ""),
        address=request.remote_addr or "",
        browser=browser.name,
        known=frozenset(browser.people),
        language=session.get(_CHOSEN, ""),
    )
    try:
        begun = sign_in.sign_in(current.engine(), attempt, life=settings.session_life, demo=settings.demo)
    except (Invalid, TooManyAttempts) as error:
        return _sign_in_page(error), errors.status_of(error)
    response = _welcome(begun)
    browsers.remember(response, begun.person)
    return response


@blueprint.post("/sign-in/demo")
@public
def begin_demo_session() -> Page:
    """Sign in as a demo account with one click; exists in demo mode only."""
    settings = current.settings()
    if not settings.demo:
        abort(HTTPStatus.NOT_FOUND)
    account = request.form.get("account", "")
    return _welcome(sign_in.sign_in_demo(current.engine(), account=account, life=settings.session_life))


@blueprint.post("/sign-out")
def end_session() -> Response:
    """End the session on the server and in the browser."""
    sign_in.sign_out(current.engine(), current.actor(), g.token_digest)
    session.clear()
    return drop_session(redirect(url_for("auth.sign_in_page"), 303))


@blueprint.get("/account")
def account() -> Page:
    """Show as whom one is signed in."""
    return render_template("auth/account.html", person=current.signed_in())


@blueprint.get("/account/password")
def password_page() -> Page:
    """Show the form to change one's password."""
    return render_template("auth/password.html", problems=())


@blueprint.post("/account/password")
def change_password() -> Page:
    """Change one's password; sessions elsewhere end."""
    fields = {name: request.form.get(name, "") for name in ("old", "password", "repeated")}
    try:
        sign_in.change_password(
            current.engine(),
            current.actor(),
            old=fields["old"],
            new=fields["password"],
            repeated=fields["repeated"],
            token_digest=g.token_digest,
        )
    except Invalid as error:
        return render_template("auth/password.html", problems=error.problems), errors.status_of(error)
    leave_note(gettext("Your password is changed. Other devices were signed out."))
    return redirect(url_for("auth.account"), 303)


@blueprint.get("/password/<token>")
@public
def link_page(token: str) -> Page:
    """Show the form behind a one-time link."""
    return _link_page(token)


@blueprint.post("/password/<token>")
@public
def set_password(token: str) -> Page:
    """Set the password with a one-time link."""
    engine = current.engine()
    name = signing_in.link_is_open(engine, token_digest(token))
    if name is None:
        return _link_page(token)
    fields = {key: request.form.get(key, "") for key in ("password", "repeated")}
    try:
        sign_in.set_password_by_link(
            engine, token=token, sign_in_name=name, new=fields["password"], repeated=fields["repeated"]
        )
    except Invalid as error:
        return _link_page(token, error)
    except NotFound:
        return _link_page(token)
    leave_note(gettext("Your password is set. Sign in with it now."))
    return drop_session(redirect(url_for("auth.sign_in_page"), 303))


@blueprint.post("/language")
@public
def change_language() -> Response:
    """Choose the language of the pages: for the person where one is signed in, else for the browser."""
    chosen = request.form.get("language", "")
    response = redirect(safe_next(request.form.get("next")), 303)
    if chosen not in LANGUAGES:
        return response
    if current.signed_in() is not None:
        sign_in.change_language(current.engine(), current.actor(), chosen)
    else:
        session[_CHOSEN] = chosen  # until somebody signs in: then it is theirs
    secure = current.settings().behind_proxy
    response.set_cookie(
        LANGUAGE_COOKIE, chosen, max_age=_LANGUAGE_LIFE, secure=secure, httponly=True, samesite="Lax"
    )
    return response


def _welcome(begun: sign_in.Session) -> Response:
    """Begin anew: nothing of the browser's earlier session is carried over, and it ends on the server."""
    if g.token_digest is not None:
        sign_in.sign_out(current.engine(), current.actor(), g.token_digest)
    session.clear()
    return keep_session(redirect(safe_next(request.form.get("next")), 303), begun)


def _sign_in_page(error: AlurError | None = None) -> str:
    settings = current.settings()
    seats = signing_in.demo_seats(current.engine()) if settings.demo else []
    return render_template(
        "auth/sign_in.html",
        error=error,
        performers=[seat for seat in seats if seat.kind is RoleKind.PERFORMER],
        others=[seat for seat in seats if seat.kind is not RoleKind.PERFORMER],
        seats=seats,
        demo_password=settings.demo_key if settings.demo else "",
        account=request.form.get("account", ""),
        next=safe_next(request.values.get("next")),
    )


def _link_page(token: str, error: Invalid | None = None) -> Page:
    name = signing_in.link_is_open(current.engine(), token_digest(token))
    page = render_template("auth/link.html", name=name, problems=error.problems if error else ())
    status = HTTPStatus.NOT_FOUND if name is None else errors.status_of(error) if error else HTTPStatus.OK
    return page, status
