"""Which icons the pages use, and the sprite of exactly those.

A name is found where it is written: in a template as the argument of ``icon()``, or of a macro
whose argument is called ``icon`` or ``icon_name``; in the web's Python likewise, or in a constant
whose name ends in ICON or ICONS. A name made up at run time is not found: its icon would be missing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeGuard

from jinja2 import Environment, nodes

_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_ARGUMENTS = ("icon", "icon_name")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class UnknownIcon(SystemExit):
    """A page names an icon that Tabler does not have."""


def used(webapp: Path) -> dict[str, Path]:
    """Give the names of the icons in use with a file that uses each."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    templates = {
        path: environment.parse(path.read_text("utf-8"), filename=str(path))
        for path in sorted(webapp.glob("templates/**/*.html"))
    }
    places = {"icon": 0}
    for template in templates.values():
        places.update(_macros(template))
    found: dict[str, Path] = {}
    for path, template in templates.items():
        found.update(dict.fromkeys(_in_template(template, places), path))
    for path in sorted(webapp.glob("**/*.py")):
        if "node_modules" not in path.parts:
            found.update(dict.fromkeys(_in_python(ast.parse(path.read_text("utf-8"))), path))
    found.pop("", None)  # a macro's "no icon"
    return dict(sorted(found.items()))


def sprite(names: dict[str, Path], drawings: Path) -> str:
    """Make one SVG with a symbol per icon; UnknownIcon names every one there is no drawing for."""
    unknown = [f"{path}: no icon named {name!r}" for name, path in names.items() if not _file(drawings, name)]
    if unknown:
        raise UnknownIcon("\n".join(unknown))
    symbols = "".join(_symbol(name, drawings) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'


def _symbol(name: str, drawings: Path) -> str:
    path = _file(drawings, name)
    found = _DRAWING.search(path.read_text("utf-8")) if path else None
    if found is None:
        message = f"{path}: no drawing inside"
        raise UnknownIcon(message)
    lines = re.sub(r"\s*\n\s*", "", found.group(1)).replace(" />", "/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{lines}</symbol>'


def _file(drawings: Path, name: str) -> Path | None:
    path = drawings / f"{name}.svg"
    return path if _NAME.fullmatch(name) and path.is_file() else None


def _macros(template: nodes.Template) -> Iterator[tuple[str, int]]:
    """Give the macros that take an icon's name, with the place of that argument."""
    for macro in template.find_all(nodes.Macro):
        for place, argument in enumerate(macro.args):
            if argument.name in _ARGUMENTS:
                yield macro.name, place


def _in_template(template: nodes.Template, places: Mapping[str, int]) -> Iterator[str]:
    for call in template.find_all(nodes.Call):
        name = getattr(call.node, "name", None) or getattr(call.node, "attr", None)
        place = places.get(str(name))
        if place is not None and len(call.args) > place:
            yield from _constants(call.args[place])
        yield from _texts(_constants(given.value) for given in call.kwargs if given.key in _ARGUMENTS)
    for macro in template.find_all(nodes.Macro):
        defaults = zip(reversed(macro.args), reversed(macro.defaults), strict=False)
        yield from _texts(_constants(value) for argument, value in defaults if argument.name in _ARGUMENTS)


def _texts(groups: Iterable[Iterable[str]]) -> Iterator[str]:
    for group in groups:
        yield from group


def _constants(node: Any) -> Iterator[str]:  # noqa: ANN401 - any expression of Jinja
    """Give the texts an expression can become: both ends of a choice, but not what it compares."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.CondExpr):
        yield from _constants(node.expr1)
        yield from _constants(node.expr2)
    elif isinstance(node, nodes.Or | nodes.And):
        yield from _constants(node.left)
        yield from _constants(node.right)
    elif isinstance(node, nodes.Getitem):
        yield from _constants(node.node)
    elif isinstance(node, nodes.Dict):
        yield from _texts(_constants(pair.value) for pair in node.items)


def _in_python(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "icon":
            yield from _strings(node.args[0]) if node.args else ()
        elif _names_icons(node):
            yield from _strings(node.value)


def _names_icons(node: ast.AST) -> TypeGuard[ast.keyword | ast.Assign | ast.AnnAssign]:
    """Tell an argument ``icon=…``, and a constant whose name ends in ICON or ICONS."""
    if isinstance(node, ast.keyword):
        return node.arg in _ARGUMENTS
    if not isinstance(node, ast.Assign | ast.AnnAssign):
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(name, ast.Name) and name.id.endswith(("ICON", "ICONS")) for name in targets)


def _strings(node: ast.expr | None) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Dict):
        yield from _texts(_strings(value) for value in node.values)
    elif isinstance(node, ast.IfExp):
        yield from _strings(node.body)
        yield from _strings(node.orelse)
    elif isinstance(node, ast.Tuple | ast.List):
        yield from _texts(_strings(value) for value in node.elts)
    elif isinstance(node, ast.Call):  # MappingProxyType({...})
        yield from _texts(_strings(value) for value in node.args)
