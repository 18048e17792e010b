"""Files leave the server to be saved, under their own names."""

from __future__ import annotations

import pytest
from werkzeug.http import parse_options_header

from webapp.downloads import attachment, disposition, picture


@pytest.mark.parametrize(
    "name",
    [
        "Hasil analisis.pdf",
        "Perjanjian “Kinerja” ÷ 2027.xlsx",
        "報告.pdf",
        'a";x="b.pdf',
        "a%41;b.pdf",
        "a\\b.pdf",
    ],
)
def test_a_name_comes_out_as_it_went_in(name: str) -> None:
    value, options = parse_options_header(disposition(name))
    assert value == "attachment"
    assert options["filename"] == name
    assert disposition(name).isascii()


def test_a_name_cannot_add_a_header() -> None:
    assert "\r" not in disposition("a\r\nSet-Cookie: x.pdf")
    assert "\n" not in disposition("a\r\nSet-Cookie: x.pdf")


def test_an_uploaded_file_is_saved_and_never_run() -> None:
    response = attachment(iter([b"ab", b"c"]), filename="a.csv", media_type="text/csv", size=3)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Length"] == "3"
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.get_data() == b"abc"


def test_a_drawn_page_stays_in_the_reader_s_browser_which_asks_each_time() -> None:
    response = picture(b"x", media_type="image/webp", tag="abc")
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["ETag"] == '"abc"'
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
