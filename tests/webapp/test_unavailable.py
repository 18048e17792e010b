"""The database is out of reach: people read that, and why they need not fear to send it again."""

from __future__ import annotations

import pytest

from tests.webapp.visitors import Site


@pytest.mark.parametrize("who", ["joko", "dewi"])
def test_who_is_signed_in_reads_a_whole_page(site: Site, who: str) -> None:
    visitor = site.visitor(who)
    assert visitor.get("/tasks").status_code == 200
    with site.office.engine.store.transaction() as connection:
        # Sessions and people can still be read: the page knows who asks, and would count their tasks.
        connection.exec_driver_sql("ALTER TABLE task RENAME TO gone")
    answer = visitor.get("/tasks")
    assert answer.status_code == 503
    assert "Alur sedang tidak dapat menyimpan" in answer.text
    assert "tidak ada yang diproses dua kali" in answer.text
    assert "</html>" in answer.text
