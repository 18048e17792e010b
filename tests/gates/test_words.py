"""Every sentence people read has its Indonesian, and every icon its drawing."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from webapp.assets import catalogues, icons

ROOT = Path(__file__).parents[2]
PARTS = ROOT / "webapp" / "translations" / "parts"
DRAWINGS = ROOT / "webapp/assets/node_modules/@tabler/icons/icons/outline"


def test_the_indonesian_catalogue_is_complete() -> None:
    assert catalogues.missing(ROOT, PARTS) == []


def test_no_sentence_is_translated_that_nobody_says_any_more() -> None:
    # The name of a field that no form has: it is the label of a Problem, translated where it is shown.
    assert catalogues.stale(ROOT, PARTS) == ["Day"]


def test_a_sentence_that_has_a_name_has_it_in_one_place() -> None:
    """Whoever changes what it says changes it everywhere."""
    named = Counter(
        ast.unparse(node.value.args[0])
        for folder in ("engine", "webapp")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if isinstance(node.value.func, ast.Name) and node.value.func.id == "say"
    )
    assert [sentence for sentence, times in named.items() if times > 1] == []


def test_parts_that_disagree_are_refused(tmp_path: Path) -> None:
    (tmp_path / "one.po").write_text('msgid "Sign out"\nmsgstr "Keluar"\n')
    (tmp_path / "two.po").write_text('msgid "Sign out"\nmsgstr "Masuk"\n')
    with pytest.raises(SystemExit, match="differently"):
        catalogues.assemble(tmp_path)


def test_a_translation_keeps_the_places_of_its_values(tmp_path: Path) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "webapp" / "templates").mkdir(parents=True)
    (tmp_path / "engine" / "x.py").write_text('say("Completed by %(who)s")\n')
    (tmp_path / "one.po").write_text('#, python-format\nmsgid "Completed by %(who)s"\nmsgstr "Selesai"\n')
    assert len(catalogues.missing(tmp_path, tmp_path)) == 1


def test_every_icon_is_drawn() -> None:
    assert icons.sprite(icons.used(ROOT / "webapp"), DRAWINGS).count("<symbol") > 0


def test_an_icon_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(icons.UnknownIcon, match="nonesuch"):
        icons.sprite({"nonesuch": tmp_path / "page.html"}, DRAWINGS)


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("{{ icon('check') }}", {"check"}),
        ("{{ icon('lock' if state == 'done' else 'clock') }}", {"lock", "clock"}),
        ("{{ button(_('Save'), icon='device-floppy') }}", {"device-floppy"}),
        ("{% macro tag(words, icon_name='') %}{{ icon(icon_name) }}{% endmacro %}{{ tag('a', 'x') }}", {"x"}),
        ("{{ icon({'a': 'circle', 'b': 'square'}[kind]) }}", {"circle", "square"}),
    ],
)
def test_icons_are_found_where_they_are_named(template: str, names: set[str], tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(template)
    assert set(icons.used(tmp_path)) == names
