"""The permission table of the auditors' area: for auditors and process owners."""

from __future__ import annotations

from tests.webapp.permission_table import Route, only

READERS = "pemilik auditor stranger"
_HERE = "pemilik auditor"  # the stranger reads another office's record

_NONE = "00000000-0000-7000-8000-000000000000"  # of a file that nobody asked for

ROUTES = (
    Route(rule="/audit/figures", answers=only(READERS, 200)),
    Route(rule="/audit", answers=only(READERS, 303)),
    Route(rule="/audit/completeness", answers=only(READERS, 200)),
    Route(rule="/audit/cases", answers=only(READERS, 200)),
    Route(rule="/audit/cases/<uuid:case_id>", address="/audit/cases/{case}?step=1", answers=only(_HERE, 200)),
    Route(
        rule="/audit/cases/<uuid:case_id>/check",
        address="/audit/cases/{case}/check",
        answers=only(_HERE, 200),
    ),
    Route(rule="/audit/compare", answers=only(READERS, 200)),
    # Nothing was handed in yet: there is no form for those who may read the record either.
    Route(rule="/audit/cases/<uuid:case_id>/form", address="/audit/cases/{case}/form?step=1"),
    Route(rule="/audit/day", answers=only(READERS, 200)),
    Route(
        rule="/audit/figures/deviations/<kind>",
        address="/audit/figures/deviations/late?sop=izin",
        answers=only(READERS, 200),
    ),
    Route(
        rule="/audit/figures/evaluation",
        address="/audit/figures/evaluation?sop=izin",
        answers=only(READERS, 200),
    ),
    Route(rule="/audit/figures/ways", address="/audit/figures/ways?sop=izin", answers=only(READERS, 200)),
    Route(
        rule="/audit/figures/rework",
        address="/audit/figures/rework?sop=izin",
        answers=only(READERS, 200),
    ),
    Route(
        rule="/audit/cases/<uuid:case_id>/bundle",
        address="/audit/cases/{case}/bundle",
        answers=only(_HERE, 200),
    ),
    Route(
        rule="/audit/cases/<uuid:case_id>/workbook",
        address="/audit/cases/{case}/workbook",
        answers=only(_HERE, 200),
    ),
    Route(
        rule="/audit/cases/<uuid:case_id>/bundle",
        method="POST",
        address="/audit/cases/{case}/bundle",
        answers=only(_HERE, 303),  # the office of the tests has no key
    ),
    Route(
        rule="/audit/cases/<uuid:case_id>/events/<int:no>",
        address="/audit/cases/{case}/events/1",
        answers=only(_HERE, 200),
    ),
    Route(
        rule="/audit/cases/<uuid:case_id>/events/<int:no>/proof.json",
        address="/audit/cases/{case}/events/1/proof.json",
        answers=only(_HERE, 409),  # nothing was sealed yet
    ),
    Route(rule="/audit/checks/<name>", address="/audit/checks/verify.py", answers=only(READERS, 200)),
    Route(rule="/audit/exports", answers=only(READERS, 200)),
    Route(
        rule="/audit/exports",
        method="POST",
        fields={"format": "csv"},
        answers=only(READERS, 200),
    ),
    Route(rule="/audit/record", answers=only(READERS, 200)),
    Route(rule="/audit/record/checkpoints/newest", answers={}),
    Route(rule="/audit/record/checkpoints/<int:size>", address="/audit/record/checkpoints/7", answers={}),
    Route(rule="/audit/record/erasures", answers=only(READERS, 200)),
    Route(rule="/audit/record/reads", answers=only(READERS, 200)),
    Route(rule="/audit/record/key", answers={}),  # the office of this table was never sealed
    # Administrators answer findings: they reach these, and no other page of the area.
    Route(rule="/audit/findings", answers=only(f"{READERS} admin", 200)),
    # Written by auditors with a letter that is valid; the stranger has none.
    Route(rule="/audit/findings", method="POST", answers=only("auditor", 422)),
    Route(rule="/audit/findings/new", answers=only("auditor", 200)),
    # A draft is its team's alone, and everybody who acts on another revision of it is told so.
    Route(
        rule="/audit/findings/<uuid:finding_id>",
        address="/audit/findings/{finding}",
        answers=only("auditor", 200),
    ),
    Route(
        rule="/audit/findings/<uuid:finding_id>/draft",
        address="/audit/findings/{finding}/draft",
        answers=only("auditor", 200),
    ),
    *(
        Route(
            rule=f"/audit/findings/<uuid:finding_id>/{act}",
            method="POST",
            address=f"/audit/findings/{{finding}}/{act}",
            answers=only("auditor", 409),  # as nobody has seen it: without a revision
        )
        for act in ("draft", "review", "delivery", "closing")
    ),
    *(
        Route(
            rule=f"/audit/findings/<uuid:finding_id>/{act}",
            method="POST",
            address=f"/audit/findings/{{finding}}/{act}",
        )
        for act in ("answer", "follow-up")
    ),
    Route(rule="/audit/inquiries", answers=only("auditor stranger", 200)),
    # A letter of theirs covers the case; the question has no text.
    Route(
        rule="/audit/cases/<uuid:case_id>/inquiries",
        address="/audit/cases/{case}/inquiries?step=1",
        answers=only("auditor", 200),
    ),
    Route(
        rule="/audit/cases/<uuid:case_id>/inquiries",
        method="POST",
        address="/audit/cases/{case}/inquiries",
        answers=only("auditor", 422),
    ),
    Route(rule="/audit/samples", answers=only("auditor stranger", 200)),
    Route(rule="/audit/samples/new", answers=only("auditor stranger", 200)),
    Route(rule="/audit/samples", method="POST"),  # no letter was chosen
    Route(
        rule="/audit/samples/<uuid:sample_id>",
        address="/audit/samples/{sample}",
        answers=only("auditor", 200),
    ),
    Route(
        rule="/audit/samples/<uuid:sample_id>/notes",
        method="POST",
        address="/audit/samples/{sample}/notes",
        fields={"verdict-1": "exception", "revision-1": "1"},
        answers=only("auditor", 422),
    ),
    Route(
        rule="/audit/samples/<uuid:sample_id>/conclusion",
        method="POST",
        address="/audit/samples/{sample}/conclusion",
        answers=only("auditor", 303),
    ),
    Route(
        rule="/audit/samples/<uuid:sample_id>/review",
        method="POST",
        address="/audit/samples/{sample}/review",
        answers=only("auditor", 303),
    ),
    Route(rule="/audit/takeouts", answers=only(READERS, 200)),
    Route(rule="/audit/takeouts/<uuid:takeout_id>/file", address=f"/audit/takeouts/{_NONE}/file"),
    Route(
        rule="/audit/takeouts/<uuid:takeout_id>/drop",
        method="POST",
        address=f"/audit/takeouts/{_NONE}/drop",
        answers=only(READERS, 303),
    ),
)
