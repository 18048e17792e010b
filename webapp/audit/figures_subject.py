"""Pages of figures that a finding is about: their addresses as typed, and what they show, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlsplit

from engine.queries.figures_asked import FiguresAsked
from engine.queries.figures_deviations import DeviationKind
from webapp.audit.figures_asked import asked_for
from webapp.audit.figures_words import kind_words
from webapp.language import gettext
from webapp.wording import day

Subject = tuple[str, str, str]  # address, which figures, of what


def own_addresses(text: str, host: str) -> str:
    """Take the name of this server off each line; other servers' addresses stay, to be refused."""
    return "\n".join(_without_host(line.strip(), host) for line in text.splitlines())


def subjects(addresses: Iterable[str], sops: Mapping[str, str]) -> list[Subject]:
    """Say what each page shows; ``sops``: names by key."""
    return [_subject(one, sops) for one in addresses]


def _without_host(line: str, host: str) -> str:
    if not line.lower().startswith(("http://", "https://")):
        return line
    try:
        parts = urlsplit(line)
    except ValueError:
        return line
    if parts.netloc.lower() != host.lower():
        return line
    return parts._replace(scheme="", netloc="").geturl()


def _subject(address: str, sops: Mapping[str, str]) -> Subject:
    parts = urlsplit(address)
    args = dict(parse_qsl(parts.query))
    asked = asked_for(args, str)
    said = [sops.get(asked.sop, asked.sop) or gettext("the SOP that is usual"), _period(args, asked)]
    if asked.role:
        said.append(gettext("Performer: %(role)s", role=asked.role))
    if asked.unit:
        said.append(gettext("of one unit"))
    if asked.version:
        said.append(gettext("Revision %(number)s", number=asked.version))
    return address, _which(parts.path), " · ".join(said)


def _period(args: Mapping[str, str], asked: FiguresAsked) -> str:
    if "since" not in args and "until" not in args:
        return gettext("from the start of the year until the day it is opened")
    return gettext("%(since)s until %(until)s", since=day(asked.since), until=day(asked.until))


def _which(path: str) -> str:
    page, _, kind = path.removeprefix("/audit/figures").strip("/").partition("/")
    if page == "deviations" and kind in set(DeviationKind):
        return gettext("Deviations: %(kind)s", kind=kind_words(DeviationKind(kind)))
    names = {
        "rework": gettext("Why steps were done again"),
        "ways": gettext("Ways that finished cases took"),
        "evaluation": gettext("Monitoring and evaluation form"),
    }
    return names.get(page, gettext("Figures"))
