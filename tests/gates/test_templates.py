"""Templates: each loads, each page has a title, each form that writes has its CSRF field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from engine.opening import Places, open_engine
from webapp.app import create_app
from webapp.settings import Settings

TEMPLATES = Path(__file__).parents[2] / "webapp" / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
PAGES = [name for name in NAMES if not name.rpartition("/")[2].startswith("_")]
LONGEST = 120  # lines

_FORM = re.compile(r"<form\b(.*?)</form>", re.DOTALL | re.IGNORECASE)
_POST = re.compile(r"\bmethod\s*=\s*[\"']?post\b", re.IGNORECASE)
_INLINE = re.compile(
    # Data for a script of a file is no script: browsers run nothing of that type.
    r"<script(?![^>]*\bsrc=)(?! type=\"application/json\")[^>]*>|<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def environment(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """Give the environment of the real application, with its filters and functions."""
    folder = tmp_path_factory.mktemp("var")
    engine = open_engine(Places(database=f"sqlite:///{empty_sqlite}", blobs=str(folder / "blobs")))
    app: Flask = create_app(engine, Settings(data_dir=folder))
    yield app.jinja_env
    engine.close()


def source(name: str) -> str:
    return (TEMPLATES / name).read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_it_loads(name: str, environment: Environment) -> None:
    assert environment.get_template(name).name == name


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_a_title(name: str, environment: Environment) -> None:
    tree = environment.parse(source(name))
    titles = [block for block in tree.find_all(nodes.Block) if block.name == "title"]
    parents = [parent.template for parent in tree.find_all(nodes.Extends)]
    inherited = any(isinstance(parent, nodes.Const) and parent.value != "_base.html" for parent in parents)
    assert inherited or (titles and titles[0].body)


@pytest.mark.parametrize("name", NAMES)
def test_a_form_that_writes_has_its_csrf_field(name: str) -> None:
    writing = [form for form in _FORM.findall(source(name)) if _POST.search(form.partition(">")[0])]
    assert [form for form in writing if "csrf" not in form] == []


@pytest.mark.parametrize("name", NAMES)
def test_styles_and_scripts_are_files(name: str) -> None:
    assert _INLINE.findall(source(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_it_is_not_too_long(name: str) -> None:
    assert len(source(name).splitlines()) <= LONGEST


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_marked_safe(name: str, environment: Environment) -> None:
    filters = environment.parse(source(name)).find_all(nodes.Filter)
    assert [node.lineno for node in filters if node.name == "safe"] == []
