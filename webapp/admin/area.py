"""What the administrator's pages share: one blueprint, and what needs attention on top of its lists.

Nobody else comes here: the guard hides this area from those who may not manage people.
"""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from engine.queries import roles
from webapp import current

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

Page = str | tuple[str, int] | Response


def area_page(template: str, **values: object) -> str:
    """Draw a list of this area, with what needs attention on top."""
    found = roles.attention(current.engine(), current.actor())
    return render_template(f"admin/{template}", attention=found, **values)
