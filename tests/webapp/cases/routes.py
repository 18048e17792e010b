"""The permission table of the cases.

Joko (staf) has started the case; its only task so far is for his role, so the others of the office
do not know of it, unless they supervise. It has no document yet.
"""

from __future__ import annotations

from tests.webapp.permission_table import KINDS, Route, only

SEES = "staf pemilik auditor admin"
SIGNED_IN = " ".join(kind for kind in KINDS if kind != "anonymous")

ROUTES = (
    Route(rule="/cases", answers=only(SIGNED_IN, 200)),
    *(
        Route(rule=f"/cases/<uuid:case_id>{part}", address=f"/cases/{{case}}{part}", answers=only(SEES, 200))
        for part in ("", "/diagram", "/history", "/data", "/documents")
    ),
    *(
        Route(
            rule="/cases/<uuid:case_id>/cancellation",
            method=method,
            address="/cases/{case}/cancellation",
            answers=only("pemilik admin", status) | only("staf auditor", 403),
        )
        for method, status in (("GET", 200), ("POST", 422))
    ),
    Route(rule="/cases/<uuid:case_id>/documents/<int:no>", address="/cases/{case}/documents/1"),
    Route(rule="/cases/<uuid:case_id>/documents/<int:no>/file", address="/cases/{case}/documents/1/file"),
    Route(
        rule="/cases/<uuid:case_id>/documents/<int:no>/pages/<int:page>.webp",
        address="/cases/{case}/documents/1/pages/1.webp",
    ),
)
