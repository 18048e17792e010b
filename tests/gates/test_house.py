"""What lies where, and what no file may say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP = {
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "benchmarks",
    "docs",
    "engine",
    "forms",
    "processes",
    "pyproject.toml",
    "tests",
    "webapp",
}
PACKAGES = "registry|index|simple"
FORBIDDEN = {
    # written so that this file does not name what it forbids
    "a package registry": re.compile(
        rf"(pypi\.{'org'}|pythonhosted\.{'org'}|npmjs\.{'org'}|yarnpkg\.{'com'})"
    ),
    "an address of packages": re.compile(rf"https?://[^\s\"']*/({PACKAGES})/"),
    "a folder of one machine": re.compile(
        rf"(?<![\w.])/({'root'}|{'home'}/\w+|{'work'}|{'opt'}/\w+|{'Users'}/\w+)/"
    ),
}
TEXTS = {".py", ".md", ".html", ".css", ".js", ".json", ".toml", ".lock", ".po", ".bpmn", ".cfg", ".xsd", ""}


def tracked() -> list[Path]:
    """Name the files that git has, or in an unpacked archive all that lie there."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True)
    if done.returncode != 0:
        pytest.fail("these gates look at the files git knows: run them in a clone")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_top_of_the_house_is_as_agreed() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in top if not name.startswith(".")} == TOP


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {what}: {hit.group()}"
        for path in tracked()
        if path.suffix in TEXTS
        for what, pattern in FORBIDDEN.items()
        if (hit := pattern.search(path.read_text("utf-8")))
    ]
    assert found == []


def test_nothing_built_and_nothing_large_is_kept() -> None:
    built = {"static", "node_modules", "var", "dist"}
    found = [
        path for path in tracked() if built & set(path.parts) or path.suffix in {".mo", ".whl", ".woff2"}
    ]
    assert found == []
    assert [path.name for path in tracked() if path.stat().st_size > 1_000_000] == []


@pytest.mark.parametrize("path", sorted((ROOT / "engine/model").glob("*.py")), ids=lambda path: path.stem)
def test_the_model_needs_the_standard_library_only(path: Path) -> None:
    allowed = {*sys.stdlib_module_names, "engine"}
    imported = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported.update(name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module.split(".")[0])
    assert imported <= allowed


def test_the_engine_is_a_map_and_imports_nothing() -> None:
    tree = ast.parse((ROOT / "engine/__init__.py").read_text("utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert ast.get_docstring(tree)
