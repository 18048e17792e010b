"""The permission table of questions of auditors: one was put to *tono* by *agus*."""

from __future__ import annotations

from tests.webapp.permission_table import Route, only

ROUTES = (
    Route(rule="/inquiries", others=200),
    Route(
        rule="/inquiries/<uuid:inquiry_id>",
        address="/inquiries/{inquiry}",
        answers=only("no-role auditor", 200),
    ),
    Route(
        rule="/inquiries/<uuid:inquiry_id>/answer",
        method="POST",
        address="/inquiries/{inquiry}/answer",
        fields={"answer": "Karena."},
        answers=only("no-role", 303),
    ),
)
