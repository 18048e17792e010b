"""What the pages of auditors share."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from engine.model.checkpoint import Checkpoint
from engine.model.permission import Permission
from engine.queries.case_access import sees_all
from engine.queries.record_page import newest
from webapp import current
from webapp.assignments import whom_to_ask

Page = str | tuple[str, int] | Response

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.before_request
def _by_assignment() -> Page | None:
    """Tell auditors without a valid letter of assignment whom to ask, in place of every page of this area."""
    asked = whom_to_ask()
    if asked is None:
        return None
    return render_template("audit/no_assignment.html", whom_to_ask=asked), HTTPStatus.FORBIDDEN


def may_audit() -> bool:
    """Tell whether the reader is an auditor, and not only one who may read the record."""
    return current.actor().may(Permission.AUDIT)


def sealed_so_far() -> Checkpoint | None:
    """Give the newest checkpoint, for the foot of what is printed."""
    return newest(current.engine(), current.actor())


def may_read_record() -> bool:
    """Tell whether the reader enters this whole area, and not only what they answer."""
    return current.actor().may(Permission.READ_RECORD)


def sees_part() -> bool:
    """Tell whether pages show the reader a part of the cases: those that their letters cover."""
    return may_read_record() and not sees_all(current.actor())


blueprint.add_app_template_global(sees_part)
blueprint.add_app_template_global(may_audit)
blueprint.add_app_template_global(may_read_record)
blueprint.add_app_template_global(sealed_so_far)
