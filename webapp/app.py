"""The application: one engine, its settings, and the areas of the interface."""

from __future__ import annotations

from importlib import import_module
from uuid import UUID

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import UUIDConverter

from engine.core import Engine
from engine.model.permission import Permission
from webapp import errors, frame, guard, logs, reads, rendering
from webapp.incoming import AlurRequest, NumberConverter, TextConverter
from webapp.settings import Settings

# Area -> what its visitors need besides being signed in. An area's module ``views`` has a ``blueprint``.
AREAS: dict[str, Permission | None] = {
    "auth": None,
    "inbox": None,
    "inquiries": None,
    "cases": None,
    "library": None,
    "editor": Permission.READ_LIBRARY,
    "moves": Permission.REVISE,
    "admin": Permission.MANAGE_PEOPLE,
    "incidents": Permission.SOLVE_INCIDENTS,
    "audit": Permission.READ_RECORD,
    "api": None,
}
# Above the largest document: the fields that travel with it.
_FORM_BYTES = 2 * 1024 * 1024
_FORM_PARTS = 5_000  # a table of 150 rows and 7 columns is more than 1,000 parts


class _IdConverter(UUIDConverter):
    """An identity in an address: 32 hexadecimal digits; with hyphens it is understood too."""

    regex = r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"

    def to_url(self, value: UUID) -> str:
        """Write it without hyphens."""
        return value.hex


def create_app(engine: Engine, settings: Settings) -> Flask:
    """Make the application; the engine is made by the caller, after any fork."""
    app = Flask("webapp", static_folder="static", static_url_path="/static")
    app.request_class = AlurRequest
    app.extensions["alur.engine"] = engine
    app.extensions["alur.settings"] = settings
    app.extensions["alur.areas"] = {area: needed for area, needed in AREAS.items() if needed is not None}
    app.config.update(_config(settings))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.url_map.converters.update(uuid=_IdConverter, int=NumberConverter, default=TextConverter)
    logs.register(app)
    guard.register(app)
    reads.register(app)
    frame.register(app)
    rendering.register(app)
    errors.register(app)
    for area in AREAS:
        app.register_blueprint(import_module(f"webapp.{area}.views").blueprint)
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def _config(settings: Settings) -> dict[str, object]:
    secure = settings.behind_proxy
    return {
        "SECRET_KEY": settings.signing_key,
        # Flask's own signed cookie carries the CSRF token and messages for the next page, nothing else.
        "SESSION_COOKIE_NAME": "__Host-alur-form" if secure else "alur-form",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,  # ends with the session, not while somebody is writing
        "TRUSTED_HOSTS": settings.trusted_hosts,
        "MAX_CONTENT_LENGTH": settings.upload_bytes + _FORM_BYTES,
        "MAX_FORM_MEMORY_SIZE": _FORM_BYTES,
        "MAX_FORM_PARTS": _FORM_PARTS,
        "TEMPLATES_AUTO_RELOAD": False,
    }
