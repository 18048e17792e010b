"""The permission table of the incidents: for administrators and process owners, each in their own office."""

from __future__ import annotations

from tests.webapp.permission_table import Route, only

BOTH = "pemilik admin stranger"
OWN = "pemilik admin"
HERE = "/admin/incidents/{incident}"
RULE = "/admin/incidents/<uuid:incident_id>"

ROUTES = (
    Route(rule="/admin/incidents", answers=only(BOTH, 200)),
    Route(rule=RULE, address=HERE, answers=only(OWN, 200)),
    Route(rule=f"{RULE}/retry", method="POST", address=f"{HERE}/retry", answers=only(OWN, 303)),
    Route(rule=f"{RULE}/closure", method="POST", address=f"{HERE}/closure", answers=only(OWN, 303)),
    Route(
        rule=f"{RULE}/correction",
        address=f"{HERE}/correction?at=case&at=year",
        answers=only(OWN, 200),
    ),
    Route(
        rule=f"{RULE}/correction",
        method="POST",
        address=f"{HERE}/correction",
        fields={"at": "case", "kind": "number", "value": "x"},
        answers=only(OWN, 422),
    ),
)
