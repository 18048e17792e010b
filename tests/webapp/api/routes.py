"""The permission table of the API: no session opens it, whoever's it is; a token does."""

from __future__ import annotations

from tests.webapp.permission_table import Route, everybody

ROUTES = (Route(rule="/api/messages", method="POST", answers=everybody(401)),)
