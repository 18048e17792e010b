"""What stands around every page: navigation, who is signed in, messages, language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from flask import Flask, current_app, flash, get_flashed_messages, request
from flask_babel import Babel, get_locale, gettext
from markupsafe import Markup

from engine.core import Engine
from engine.model.actor import Actor, HeldRole, Standing
from engine.model.permission import Permission, RoleKind
from webapp import current

LANGUAGES = ("id", "en")
LANGUAGE_COOKIE = "alur-language"

# How many tasks wait for the actor: the inbox registers its query here.
Waiting = Callable[[Engine, Actor], int]


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """One place of the navigation. ``only`` is a class that hides it on phones or elsewhere."""

    address: str
    label: str
    short: str
    icon: str
    here: bool
    count: int = 0
    only: str = ""


def leave_note(words: str | Markup, kind: str = "ok") -> None:
    """Leave a message for the next page: ok, error, back or '' (plain)."""
    flash(str(words) if not isinstance(words, Markup) else words, kind)


def home_of(actor: Actor) -> str:
    """Give the first page of somebody: their tasks, else what their roles are for."""
    if actor.may(Permission.WORK):
        return "/tasks"
    if actor.may(Permission.MANAGE_PEOPLE):
        return "/admin"
    if actor.may(Permission.DEPLOY):
        return "/library"
    return "/cases" if actor.may(Permission.SUPERVISE_CASES) else "/tasks"


def nav() -> list[NavItem]:
    """Give the places the signed-in person can go to."""
    actor = current.actor()
    area = request.blueprint
    waiting: Waiting | None = current_app.extensions.get("alur.waiting")
    items = [
        NavItem(
            address="/tasks",
            label=gettext("My tasks"),
            short=gettext("Tasks"),
            icon="inbox",
            here=area == "inbox",
            count=waiting(current.engine(), actor) if waiting else 0,
        ),
        NavItem(
            address="/cases",
            label=gettext("Cases"),
            short=gettext("Cases"),
            icon="folders",
            here=area in {"cases", "documents"},
        ),
        NavItem(
            address="/library",
            label=gettext("SOP library"),
            short=gettext("Library"),
            icon="books",
            here=area == "library",
        ),
    ]
    if actor.may(Permission.MANAGE_PEOPLE):
        items.append(
            NavItem(
                address="/admin",
                label=gettext("Admin"),
                short=gettext("Admin"),
                icon="settings",
                here=area == "admin",
                only="wide",
            )
        )
    items.append(
        NavItem(
            address="/account",
            label=gettext("Account"),
            short=gettext("Account"),
            icon="user",
            here=area == "auth",
            only="phone-only",
        )
    )
    return items


def role_title(role: HeldRole) -> str:
    """Say a role with how it is held: Plt. Kasub."""
    return {Standing.PLT: "Plt. ", Standing.PLH: "Plh. "}.get(role.standing, "") + role.label


def role_label() -> str:
    """Say as whom somebody is signed in: their roles today."""
    roles = current.actor().roles
    return ", ".join(role_title(role) for role in roles) or gettext("No role today")


def role_kind(kind: RoleKind) -> str:
    """Say what a role is for."""
    return {
        RoleKind.PERFORMER: gettext("Performer of SOPs"),
        RoleKind.OWNER: gettext("SOP owner"),
        RoleKind.AUDITOR: gettext("Auditor"),
        RoleKind.ADMINISTRATOR: gettext("Administrator"),
    }[kind]


def language() -> str:
    """Give the language of the page."""
    locale = get_locale()
    return locale.language if locale else "id"


def _reader_language() -> str:
    """Choose the language: the person's own, else the browser's cookie, else Indonesian."""
    person = current.signed_in()
    chosen = person.language if person else unquote(request.cookies.get(LANGUAGE_COOKIE, ""))
    return chosen if chosen in LANGUAGES else "id"


def _demo_mode() -> bool:
    return current.settings().demo


def _now() -> datetime:
    return current.engine().clock.now()


def register(app: Flask) -> None:
    """Give the templates the frame, and the application its languages."""
    Babel(  # type: ignore[no-untyped-call]
        app,
        default_locale="id",
        default_translation_directories=str(Path(app.root_path) / "translations"),
        locale_selector=_reader_language,
    )
    app.jinja_env.globals.update(
        nav=nav,
        role_label=role_label,
        role_kinds=lambda: [(kind.value, role_kind(kind)) for kind in RoleKind],
        unit_options=lambda units: [(unit.hex, name) for unit, name, _people in units],
        language=language,
        signed_in=current.signed_in,
        demo_mode=_demo_mode,
        now=_now,
        left_notes=partial(get_flashed_messages, with_categories=True),
    )
    app.jinja_env.filters.update(role_title=role_title, role_kind=role_kind)
