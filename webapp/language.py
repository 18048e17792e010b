"""The language of the pages, and sentences in it.

Flask-Babel decides on the language of a request; its own ``gettext`` looks for the catalogue
anew for every word, which is most of the cost of a page with many words. This one keeps it.
"""

from __future__ import annotations

from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel.support import Translations
from flask import Flask, request
from flask_babel import Babel, get_locale

from webapp import current

LANGUAGES = ("id", "en")
LANGUAGE_COOKIE = "alur-language"
CATALOGUES = Path(__file__).parent / "translations"


def language() -> str:
    """Give the language of the page."""
    locale = get_locale()
    return locale.language if locale else LANGUAGES[0]


def gettext(text: str, /, **values: Any) -> str:
    """Say a sentence in the language of the page."""
    said = _catalogue(language()).gettext(text)
    return said % values if values else said


def ngettext(one: str, many: str, num: int, /, **values: Any) -> str:
    """Say a sentence with a number, which is ``num`` in it."""
    return _catalogue(language()).ngettext(one, many, num) % {"num": num, **values}


@lru_cache(maxsize=8)
def _catalogue(code: str) -> NullTranslations:
    return Translations.load(str(CATALOGUES), [code])


def _chosen() -> str:
    """Choose: the person's own language, else the browser's cookie, else Indonesian.

    In a demo one reader plays everybody: there the browser's comes first.
    """
    person = current.signed_in()
    of_browser = request.cookies.get(LANGUAGE_COOKIE, "")
    chosen = person.language if person and not (person.demo and of_browser) else of_browser
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def register(app: Flask) -> None:
    """Give the application its languages, and the templates their words."""
    Babel(  # type: ignore[no-untyped-call]
        app,
        default_locale=LANGUAGES[0],
        default_translation_directories=str(CATALOGUES),
        locale_selector=_chosen,
    )
    catalogue = {"gettext": gettext, "ngettext": _plain_ngettext}
    app.jinja_env.install_gettext_callables(**catalogue, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["language"] = language


def _plain_ngettext(one: str, many: str, num: int) -> str:
    """Choose the sentence; the template puts the values in, escaped."""
    return _catalogue(language()).ngettext(one, many, num)
