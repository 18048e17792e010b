"""Numbers and titles of cases from the templates in the SOP's header.

The only places are ``{urut}``, ``{urut:03}``, ``{tahun}`` (the year it was started) and
``{tahun_berkas}`` (the year it is about); nothing else is looked at, let alone evaluated.
"""

from __future__ import annotations

import re

_PLACE = re.compile(r"\{(urut|tahun|tahun_berkas)(?::0([1-9]))?\}")
_LONGEST = 200


def fill(template: str, *, number: int, year: int, subject_year: int) -> str:
    """Fill a template; unknown braces stay as they are."""
    values = {"urut": number, "tahun": year, "tahun_berkas": subject_year}

    def place(match: re.Match[str]) -> str:
        width = int(match[2] or 1)
        return f"{values[match[1]]:0{width}d}"

    return _PLACE.sub(place, template)[:_LONGEST]


def counts(template: str) -> bool:
    """Tell whether a template has a place for the running number."""
    return any(place[1] == "urut" for place in _PLACE.finditer(template))


def case_number(template: str, key: str, *, number: int, year: int) -> str:
    """Give a case its number; an SOP without a template gets ``001/KEY/2026``."""
    return fill(
        template or f"{{urut:03}}/{key[:24].upper()}/{{tahun}}", number=number, year=year, subject_year=year
    )


def case_title(template: str, name: str, *, subject_year: int) -> str:
    """Propose a title; an SOP without a template gets its name and the year."""
    return fill(
        template or f"{name} {{tahun_berkas}}", number=0, year=subject_year, subject_year=subject_year
    )
