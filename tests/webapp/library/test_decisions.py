"""Decision tables in the library, and what the history of a case says of them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from engine.actions.deployment import deploy, read_package
from engine.actions.offices import operator
from tests.engine.dmn.drawn import decision, file, table
from tests.offices import SAMPLES
from tests.webapp.visitors import Site

FOLDER = SAMPLES / "retribusi"


@pytest.fixture
def with_rules(site: Site) -> Site:
    deploy(site.engine, operator(site.office.id), read_package(FOLDER))
    return site


def said(page: str) -> str:
    """Give the words of a page as they are read."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_table_is_shown_with_its_policy_columns_and_rules(with_rules: Site) -> None:
    page = with_rules.visitor("budi").get("/library/retribusi/decisions").text
    words = said(page)
    assert "Tabel keputusan 2" in words  # the tab
    tariff = words.index(
        "Tarif retribusi Hanya satu aturan yang boleh berlaku. Dipakai oleh: Menetapkan retribusi"
    )
    assert tariff < words.index("Golongan usaha Aturan pertama yang berlaku yang dipakai.")
    assert "Berdasarkan: Golongan usaha." in words
    assert "Aturan 2 &#34;besar&#34; &lt;= 200 mengajukan.luas * 1500 &#34;Staf&#34;" in words
    assert "Aturan 1 &#34;kecil&#34; apa saja 25000 &#34;Staf&#34; Perda 4/2024 pasal 7" in words
    assert "salah satu dari: &#34;Kasub&#34;,&#34;Staf&#34;" in words
    assert 'data-label="Luas (m²)"' in page


def test_it_is_shown_in_english_too(with_rules: Site) -> None:
    visitor = with_rules.visitor("budi")
    visitor.post("/language", language="en")
    words = said(visitor.get("/library/retribusi/decisions").text)
    assert (
        "Tarif retribusi Only one rule may apply. Used by: Menetapkan retribusi. Builds on: Golongan usaha."
        in words
    )


def test_the_file_is_handed_out_as_it_was_deployed(with_rules: Site) -> None:
    visitor = with_rules.visitor("budi")
    for address in ("/library/retribusi/decisions", "/library/retribusi/versions/1/decisions"):
        answer = visitor.get(f"{address}/retribusi.dmn")
        assert answer.data == (FOLDER / "retribusi.dmn").read_bytes()
        assert 'filename="retribusi-1-retribusi.dmn"' in answer.headers["Content-Disposition"]
    assert visitor.get("/library/retribusi/decisions/other.dmn").status_code == 404
    assert visitor.get("/library/izin/decisions").status_code == 404
    assert "Tabel keputusan" not in visitor.get("/library/izin").text


def test_what_a_file_says_is_text_and_a_long_table_is_cut(with_rules: Site) -> None:
    hostile = '"<script>alert(1)</script>"'
    rows = [(f"{number}", hostile) for number in range(400)]
    drawn = decision(
        table(*rows, inputs=("mengajukan.luas",), default='"none"'),
        "long",
        name="<i>Long</i>".replace("<", "&lt;"),
    )
    whole = decision("<literalExpression><text>mengajukan.luas * 2</text></literalExpression>", "twice")
    package = read_package(FOLDER)
    files = dict(package.decisions) | {"a b.dmn": file(drawn, whole)}
    deploy(with_rules.engine, operator(with_rules.office.id), replace(package, decisions=files))
    page = with_rules.visitor("budi").get("/library/retribusi/decisions").text
    assert "<script>alert(1)" not in page
    assert "<i>Long" not in page
    assert page.count("&lt;script&gt;alert(1)") == 300
    words = said(page)
    assert "Tabel ini memuat 400 aturan; 300 yang pertama ditampilkan" in words
    assert "&#34;none&#34; jika tidak ada aturan yang berlaku" in words
    assert "mengajukan.luas * 2" in words
    assert with_rules.visitor("budi").get("/library/retribusi/decisions/a%20b.dmn").status_code == 200


@pytest.mark.parametrize(
    ("luas", "line"),
    [
        ("900.5", "Keputusan Tarif retribusi: aturan 3 → tarif: 1.801.000; pemutus: Kasub"),
        (
            "20",
            "Keputusan Golongan usaha: aturan 2 Keputusan Tarif retribusi: aturan 1 → tarif: 25.000;",
        ),
    ],
)
def test_the_history_says_which_rules_decided(with_rules: Site, luas: str, line: str) -> None:
    case = with_rules.office.start(key="retribusi").instance
    with_rules.office.complete(case, "mengajukan", "joko", {"jenis": "toko", "luas": luas, "tanggal": ""})
    for address in (f"/cases/{case.hex}", f"/cases/{case.hex}/history"):
        assert line in said(with_rules.visitor("joko").get(address).text)


def test_the_history_says_where_no_rule_applied(with_rules: Site) -> None:
    package = read_package(FOLDER)
    text = (
        package.decisions["retribusi.dmn"].replace(b'not("lapak")', b'"none"').replace(b"&gt; 50", b"&gt; 99")
    )
    files = {
        "retribusi.dmn": text.replace(
            b"</outputValues>", b'</outputValues><defaultOutputEntry><text>"Staf"</text></defaultOutputEntry>'
        )
    }
    deploy(with_rules.engine, operator(with_rules.office.id), replace(package, decisions=files))
    case = with_rules.office.start(key="retribusi").instance
    with_rules.office.complete(case, "mengajukan", "joko", {"jenis": "toko", "luas": "70", "tanggal": ""})
    words = said(with_rules.visitor("joko").get(f"/cases/{case.hex}").text)
    assert "Keputusan Golongan usaha: tidak ada aturan yang berlaku" in words
    assert "Keputusan Tarif retribusi: tidak ada aturan yang berlaku → tarif: –; pemutus: Staf" in words
