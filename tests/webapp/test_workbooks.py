"""A page's table is answered as a workbook to be saved."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from openpyxl import load_workbook

from webapp.workbooks import XLSX, Sheet, is_wanted, workbook


def test_it_is_a_file_to_be_saved_under_its_name() -> None:
    sheet = Sheet(title="Waktu per langkah", head=["Langkah", "Menit"], rows=[("=1+1", 30)])
    response = workbook("Angka 2026", [sheet])
    body = response.get_data()
    assert response.headers["Content-Type"] == XLSX
    assert response.headers["Content-Length"] == str(len(body))
    assert "Angka 2026.xlsx" in response.headers["Content-Disposition"]
    found = load_workbook(io.BytesIO(body))["Waktu per langkah"]
    assert list(found.iter_rows(values_only=True)) == [("Langkah", "Menit"), ("=1+1", 30)]
    assert found["A2"].data_type != "f"


@pytest.mark.parametrize(("query", "wanted"), [("", False), ("?format=xlsx", True), ("?format=html", False)])
def test_a_page_is_asked_for_it_by_its_address(query: str, wanted: bool) -> None:
    with Flask("x").test_request_context(f"/angka{query}"):
        assert is_wanted() is wanted
