"""What stands around every page: navigation, who is signed in, messages, language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Flask, flash, g, get_flashed_messages, request, session
from markupsafe import Markup

from engine.ids import parse_id
from engine.model.actor import Actor, HeldRole, Standing
from engine.model.permission import Permission, RoleKind
from engine.queries import inbox, incidents
from engine.queries.findings_waiting import FindingsWaiting
from webapp import current, finding_notices
from webapp import language as words
from webapp.language import gettext
from webapp.rendering import icon


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
    """Leave a message for the next page: ok, error, back or '' (plain).

    The last two are kept: they travel in a cookie, and whoever never opens a page must not fill it.
    """
    session["_flashes"] = session.get("_flashes", [])[-1:]
    flash(str(words) if not isinstance(words, Markup) else words, kind)


def home_of(actor: Actor) -> str:
    """Give the first page of somebody: their tasks, else what their roles are for."""
    if actor.may(Permission.WORK):
        return "/tasks"
    if actor.may(Permission.MANAGE_PEOPLE):
        return "/admin"
    if actor.may(Permission.DEPLOY):
        return "/library"
    if actor.may(Permission.READ_RECORD):
        return "/audit/cases"
    return "/cases" if actor.may(Permission.SUPERVISE_CASES) else "/tasks"


def count_waiting(count: int) -> None:
    """Take the number of tasks that wait from a page that has counted them anyway."""
    g.waiting = count


def count_nothing() -> None:
    """Ask nothing more for this page: the database may be what it tells about."""
    g.waiting = g.problems = 0
    g.findings_waiting = FindingsWaiting()


def _waiting(actor: Actor) -> int:
    return int(g.waiting) if "waiting" in g else inbox.waiting(current.engine(), actor)


def _problems() -> int:
    """Count the open incidents once for a page; 0 for whoever does not look after them."""
    if "problems" not in g:
        g.problems = incidents.open_count(current.engine(), current.actor())
    return int(g.problems)


def _answers() -> int:
    """Count the findings that wait for an administrator, who reaches them by the area of theirs."""
    return 0 if current.actor().may(Permission.READ_RECORD) else finding_notices.waiting().answers


def nav() -> list[NavItem]:
    """Give the places the signed-in person can go to."""
    actor = current.actor()
    area, audits = request.blueprint, actor.may(Permission.AUDIT)
    items = [
        NavItem(
            address="/tasks",
            label=gettext("My tasks"),
            short=gettext("Tasks"),
            icon="inbox",
            here=area == "inbox" or (area == "inquiries" and not audits),
            count=_waiting(actor),
        ),
        NavItem(
            address="/cases",
            label=gettext("Cases"),
            short=gettext("Cases"),
            icon="folders",
            here=area == "cases",
        ),
        NavItem(
            address="/library",
            label=gettext("SOP library"),
            short=gettext("Library"),
            icon="books",
            here=area in {"library", "editor", "moves"},
        ),
    ]
    if actor.may(Permission.READ_RECORD):
        items.append(
            NavItem(
                address="/audit/cases",
                label=gettext("Replay"),
                short=gettext("Replay"),
                icon="history",
                here=area == "audit" or (area == "inquiries" and audits),
                count=finding_notices.waiting().all,
                only="wide-only" if actor.may(Permission.WORK) else "",
            )
        )
    if actor.may(Permission.MANAGE_PEOPLE):
        items.append(
            NavItem(
                address="/admin",
                label=gettext("Admin"),
                short=gettext("Admin"),
                icon="settings",
                here=area in {"admin", "incidents"}
                or (area == "audit" and not actor.may(Permission.READ_RECORD)),
                count=_problems() + _answers(),
                only="wide-only",
            )
        )
    elif actor.may(Permission.SOLVE_INCIDENTS):
        items.append(
            NavItem(
                address="/admin/incidents",
                label=gettext("Problems"),
                short=gettext("Problems"),
                icon="alert-octagon",
                here=area == "incidents",
                count=_problems(),
                only="wide-only",
            )
        )
    items.append(
        NavItem(
            address="/account",
            label=gettext("Account"),
            short=gettext("Account"),
            icon="user",
            here=area in {"auth", "admin", "incidents"} or (area == "audit" and actor.may(Permission.WORK)),
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


def account_line() -> str:
    """Say who is signed in; the post where the name is only that of the role, as in a demo.

    Of auditors also the letters of assignment by which they read.
    """
    person = current.signed_in()
    if person is None:
        return ""
    name = person.actor.name
    shown = person.post or name if name in {role.label for role in person.actor.roles} else name
    letters = (gettext("ST %(number)s", number=one.number) for one in person.actor.covers)
    return ", ".join((shown, *letters))


def role_kind(kind: RoleKind) -> str:
    """Say what a role is for."""
    return {
        RoleKind.PERFORMER: gettext("Performer of SOPs"),
        RoleKind.OWNER: gettext("SOP owner"),
        RoleKind.APPROVER: gettext("Approver of SOPs"),
        RoleKind.AUDITOR: gettext("Auditor"),
        RoleKind.ADMINISTRATOR: gettext("Administrator"),
    }[kind]


def _back_to_task() -> Markup:
    """Lead back to the task from which a page was opened; nothing where it was opened from elsewhere."""
    task = parse_id(request.args.get("task", ""))
    if task is None:
        return Markup()
    link = Markup('<a class="back-link" href="/tasks/{}">{}{}</a>')
    return link.format(task.hex, icon("chevron-left"), gettext("Back to the task"))


def _demo_mode() -> bool:
    return current.settings().demo


def _now() -> datetime:
    return current.engine().clock.now()


def register(app: Flask) -> None:
    """Give the templates the frame, and the application its languages."""
    words.register(app)
    finding_notices.register(app)
    app.jinja_env.globals.update(
        nav=nav,
        role_label=role_label,
        account_line=account_line,
        role_kinds=lambda: [(kind.value, role_kind(kind)) for kind in RoleKind],
        unit_options=lambda units: [(unit.hex, name) for unit, name, _people in units],
        signed_in=current.signed_in,
        back_to_task=_back_to_task,
        demo_mode=_demo_mode,
        open_problems=_problems,
        now=_now,
        left_notes=partial(get_flashed_messages, with_categories=True),
    )
    app.jinja_env.filters.update(role_title=role_title, role_kind=role_kind)
