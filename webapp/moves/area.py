"""What the pages of open cases share: one blueprint."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

Page = str | tuple[str, int] | Response

blueprint = Blueprint("moves", __name__, url_prefix="/library")
