"""The Indonesian catalogue: written in parts, an area each, and put together when assets are built.

English needs none: the sentences in the code are English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGE = "id"
_KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "say": None,  # engine.errors
}
_VALUE = re.compile(r"%\(\w+\)[a-z]")
_JINJA = {"extensions": "jinja2.ext.i18n", "silent": "false", "trimmed": "true"}


class Contradiction(SystemExit):
    """Two parts translate the same sentence in two ways."""


def assemble(parts: Path) -> Catalog:
    """Read all parts into one catalogue; Contradiction where they disagree."""
    whole = Catalog(locale=LANGUAGE, project="alur", fuzzy=False)
    # Babel has no rule for Indonesian and would ask for a plural, which the language has not.
    whole.mime_headers = [("Plural-Forms", "nplurals=1; plural=0;")]
    origin: dict[Any, Path] = {}
    for path in sorted(parts.glob("*.po")):
        for message in _read(path):
            known = whole.get(message.id, message.context)
            if known is not None and known.string != message.string:
                sentence = f"{path} and {origin[known.id]} translate {known.id!r} differently"
                raise Contradiction(sentence)
            whole[message.id] = message
            origin[message.id] = path
    return whole


def compile_to(path: Path, parts: Path) -> int:
    """Write the compiled catalogue that gettext reads; gives the number of its sentences."""
    whole = assemble(parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, whole)
    return len(whole)


def wanted(root: Path) -> dict[str | tuple[str, ...], str]:
    """Find every sentence of the engine, the pages and the command line, with its file and line."""
    found: dict[str | tuple[str, ...], str] = {}
    for method, options, path in _sources(root):
        for line, message, _comments, _context in extract_from_file(
            method, path, keywords=_KEYWORDS, options=options, strip_comment_tags=True
        ):
            found.setdefault(message, f"{path.relative_to(root)}:{line}")
    return found


def missing(root: Path, parts: Path) -> list[str]:
    """List the sentences without a translation, or with one that shows other values than they do."""
    whole = assemble(parts)
    problems = []
    for sentence, place in wanted(root).items():
        asked = (sentence,) if isinstance(sentence, str) else sentence
        message = whole.get(asked[0])
        if message is None or not _is_full(message.string):
            problems.append(f"{place}: no translation of {sentence!r}")
        elif not _shows_the_same(asked, message.string):
            problems.append(f"{place}: other %(values)s in the translation of {sentence!r}")
    return problems


def stale(root: Path, parts: Path) -> list[str]:
    """List the translated sentences that neither code nor template says any more."""
    said = {sentence if isinstance(sentence, str) else sentence[0] for sentence in wanted(root)}
    ids = (one.id if isinstance(one.id, str) else one.id[0] for one in assemble(parts) if one.id)
    return [sentence for sentence in ids if sentence not in said]


def _shows_the_same(asked: tuple[str, ...], said: Any) -> bool:  # noqa: ANN401 - a text, or a tuple of plurals
    texts = (said,) if isinstance(said, str) else tuple(said)
    return all(set(_VALUE.findall(text)) == set(_VALUE.findall(asked[-1])) for text in texts)


def _is_full(said: Any) -> bool:  # noqa: ANN401 - a text, or a tuple of plurals
    return bool(said) and all(said)


def _read(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=LANGUAGE, abort_invalid=True)
    return (message for message in catalogue if message.id)


def _sources(root: Path) -> Iterator[tuple[str, dict[str, str], Path]]:
    for package in ("engine", "webapp"):
        for path in sorted((root / package).glob("**/*.py")):
            if "node_modules" not in path.parts:
                yield "python", {}, path
    for path in sorted((root / "webapp" / "templates").glob("**/*.*")):
        yield "jinja2.ext:babel_extract", _JINJA, path


def main() -> None:
    """Say which sentences lack their Indonesian, and fail where any does."""
    root = Path(__file__).parents[2]
    problems = missing(root, root / "webapp" / "translations" / "parts")
    if problems:
        raise SystemExit("\n".join([*problems, f"{len(problems)} sentences need their Indonesian"]))


if __name__ == "__main__":
    main()
