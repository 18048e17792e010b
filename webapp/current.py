"""Who asks, and with which engine: valid while a request is answered."""

from __future__ import annotations

from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app, g, has_request_context

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.permission import Permission
from engine.model.unseen import NO_PAGE
from engine.queries.signing_in import SignedIn
from webapp.settings import Settings

DEFAULT_ZONE = "Asia/Jakarta"


def engine() -> Engine:
    """Give the engine this application was made with."""
    return cast("Engine", current_app.extensions["alur.engine"])


def settings() -> Settings:
    """Give the settings this application was made with."""
    return cast("Settings", current_app.extensions["alur.settings"])


def signed_in() -> SignedIn | None:
    """Give the person who is signed in, where somebody is."""
    return cast("SignedIn | None", g.get("signed_in")) if has_request_context() else None


def actor() -> Actor:
    """Give the signed-in actor; the guard lets nobody else into a view that is not public."""
    person = signed_in()
    if person is None:
        raise NotFound(NO_PAGE)
    return person.actor


def require(permission: Permission) -> Actor:
    """Give the actor who may do this; for anybody else the page does not exist."""
    who = actor()
    if not who.may(permission):
        raise NotFound(NO_PAGE)
    return who


def zone() -> str:
    """Give the time zone of the reader's office."""
    person = signed_in()
    return person.zone if person else DEFAULT_ZONE


def zone_info() -> ZoneInfo:
    """Give the time zone of the reader's office as Python knows it."""
    return ZoneInfo(zone())
