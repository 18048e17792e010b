"""The permission table of open cases and revisions: owners look at them and move them."""

from __future__ import annotations

from tests.webapp.permission_table import Route, only

_DRAFT, _VERSION = (
    "/library/<key>/drafts/<uuid:draft_id>/cases",
    "/library/<key>/versions/<int:number>/cases",
)
_PAST, _IN_PAST = "/library/<key>/drafts/<uuid:draft_id>/past", "/library/izin/drafts/{draft}/past"
_BATCH = "/library/<key>/moves/<uuid:batch_id>"
_IN_DRAFT, _IN_VERSION = "/library/izin/drafts/{draft}/cases", "/library/izin/versions/2/cases"
_IN_BATCH = "/library/izin/moves/{batch}"

ROUTES = (
    Route(rule=_DRAFT, address=_IN_DRAFT, answers=only("pemilik", 200)),
    Route(rule=_DRAFT, method="POST", address=_IN_DRAFT, answers=only("pemilik", 303)),
    Route(rule=_PAST, address=_IN_PAST, answers=only("pemilik", 200)),
    Route(rule=_PAST, method="POST", address=_IN_PAST, answers=only("pemilik", 303)),
    Route(
        rule="/library/<key>/kept-cases/<uuid:case_id>",
        method="POST",
        address="/library/izin/kept-cases/{case}",
        fields={"keep": "yes"},
        answers=only("pemilik", 303),
    ),
    Route(rule=_VERSION, address=_IN_VERSION, answers=only("pemilik", 200)),
    Route(rule=_VERSION, method="POST", address=_IN_VERSION, answers=only("pemilik", 303)),
    Route(rule=f"{_VERSION}/<group>", address=f"{_IN_VERSION}/{{group}}", answers=only("pemilik", 200)),
    Route(
        rule="/library/<key>/versions/<int:number>/moves",
        method="POST",
        address="/library/izin/versions/2/moves",
        fields={"survey": "{survey}"},
        answers=only("pemilik", 409),  # it is under review
    ),
    Route(
        rule="/library/<key>/moves/choice",
        method="POST",
        address="/library/izin/moves/choice",
        fields={"survey": "{survey}"},
        answers=only("pemilik", 303),
    ),
    Route(rule=_BATCH, address=_IN_BATCH, answers=only("pemilik", 200)),
    Route(rule=f"{_BATCH}/undo", method="POST", address=f"{_IN_BATCH}/undo", answers=only("pemilik", 303)),
)
