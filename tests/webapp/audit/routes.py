"""The permission table of the auditors' area: for auditors and process owners."""

from __future__ import annotations

from tests.webapp.permission_table import Route, only

READERS = "pemilik auditor stranger"

ROUTES = (
    Route(rule="/audit/completeness", answers=only(READERS, 200)),
    Route(rule="/audit/figures", answers=only(READERS, 200)),
)
