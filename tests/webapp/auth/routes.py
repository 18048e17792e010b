"""The permission table of signing in and of one's own account."""

from __future__ import annotations

from tests.webapp.permission_table import Route, everybody

SIGNED_IN = 303

ROUTES = (
    Route(rule="/", others=303),
    Route(rule="/health", answers=everybody(200)),
    Route(rule="/sign-in", answers={"anonymous": 200}, others=303),
    Route(rule="/sign-in", method="POST", answers=everybody(422)),
    Route(rule="/sign-in/demo", method="POST", fields={"account": "kadin"}, answers=everybody(404)),
    Route(rule="/sign-out", method="POST", others=SIGNED_IN),
    Route(rule="/account", others=200),
    Route(rule="/account/password", others=200),
    Route(rule="/account/password", method="POST", others=422),
    Route(rule="/password/<token>", address="/password/unknown", answers=everybody(404)),
    Route(rule="/password/<token>", method="POST", address="/password/unknown", answers=everybody(404)),
    Route(rule="/language", method="POST", fields={"language": "en"}, answers=everybody(303)),
)
