"""The permission table of the auditors' area: for auditors and process owners."""

from __future__ import annotations

from tests.webapp.permission_table import Route, only

READERS = "pemilik auditor stranger"
_HERE = "pemilik auditor"  # the stranger reads another office's record

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
    Route(
        rule="/audit/figures/deviations/<kind>",
        address="/audit/figures/deviations/late?sop=izin",
        answers=only(READERS, 200),
    ),
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
        rule="/audit/cases/<uuid:case_id>/bundle",
        method="POST",
        address="/audit/cases/{case}/bundle",
        answers=only(_HERE, 303),  # the office of the tests has no key
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
    Route(rule="/audit/record/checkpoints/<int:size>", address="/audit/record/checkpoints/7", answers={}),
    Route(rule="/audit/record/key", answers={}),  # the office of this table was never sealed
)
