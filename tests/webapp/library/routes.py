"""The permission table of the library: everybody with a role reads that of their own office.

The other office has the same SOP, which the stranger reads, and starts cases on.
"""

from __future__ import annotations

from tests.webapp.permission_table import Route, only

READS = "kadin sekdin kasub staf pemilik pengesah auditor admin stranger"

ROUTES = (
    Route(rule="/library", answers=only(READS, 200)),
    *(
        Route(rule=f"/library/<key>{part}", address=f"/library/izin{address}", answers=only(READS, 200))
        for part, address in (
            ("", ""),
            ("/diagram", "/diagram"),
            ("/diagram.bpmn", "/diagram.bpmn"),
            ("/forms", "/forms"),
            ("/forms/<form_key>", "/forms/mengajukan"),
            ("/versions", "/versions"),
            ("/versions/<int:number>", "/versions/1"),
            ("/versions/<int:number>/diagram", "/versions/1/diagram"),
            ("/versions/<int:number>/diagram.bpmn", "/versions/1/diagram.bpmn"),
            ("/versions/<int:number>/package.zip", "/versions/1/package.zip"),
            ("/versions/<int:number>/forms", "/versions/1/forms"),
            ("/versions/<int:number>/forms/<form_key>", "/versions/1/forms/mengajukan"),
        )
    ),
    Route(
        rule="/library/<key>/suggestions",
        address="/library/izin/suggestions",
        answers=only("pemilik stranger", 200),
    ),
    Route(
        rule="/library/<key>/suggestions/<uuid:suggestion_id>/answer",
        method="POST",
        address="/library/izin/suggestions/{task}/answer",  # of no suggestion
    ),
    Route(
        rule="/library/<key>/suggestions/<uuid:suggestion_id>/draft",
        method="POST",
        address="/library/izin/suggestions/{task}/draft",  # of no suggestion
    ),
    # The sample has no decision tables and no notes.
    Route(rule="/library/<key>/decisions", address="/library/izin/decisions"),
    Route(
        rule="/library/<key>/versions/<int:number>/decisions", address="/library/izin/versions/1/decisions"
    ),
    Route(rule="/library/<key>/decisions/<name>", address="/library/izin/decisions/a.dmn"),
    Route(
        rule="/library/<key>/versions/<int:number>/decisions/<name>",
        address="/library/izin/versions/1/decisions/a.dmn",
    ),
    Route(rule="/library/<key>/notes", address="/library/izin/notes"),
    Route(rule="/library/<key>/versions/<int:number>/notes", address="/library/izin/versions/1/notes"),
    Route(
        rule="/library/<key>/cases/new",
        address="/library/izin/cases/new",
        answers=only(READS, 403) | only("staf stranger", 200),
    ),
    Route(
        rule="/library/<key>/cases/new",
        method="POST",
        address="/library/izin/cases/new",
        answers=only(READS, 403) | only("staf stranger", 422) | only("no-role", 403),
    ),
)
