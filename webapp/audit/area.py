"""What the pages of auditors share."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

Page = str | tuple[str, int] | Response

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
