"""What waits for the reader in audits: in words on their first page, and as counts on the tabs."""

from __future__ import annotations

from flask import Flask, g

from engine.queries.findings_waiting import FindingsWaiting, findings_waiting
from webapp import current
from webapp.language import ngettext


def waiting() -> FindingsWaiting:
    """Count it, once for a page."""
    if "findings_waiting" not in g:
        g.findings_waiting = findings_waiting(current.engine(), current.actor())
    found: FindingsWaiting = g.findings_waiting
    return found


def notices() -> list[tuple[str, str]]:
    """Say it, each with the address that leads there."""
    found, address = waiting(), "/audit/findings"
    said = (
        (
            found.answers,
            ngettext(
                "%(num)s finding of auditors waits for the answer of the office.",
                "%(num)s findings of auditors wait for the answer of the office.",
                found.answers,
            ),
            f"{address}?state=delivered",
        ),
        (
            found.reviews,
            ngettext(
                "%(num)s finding waits for your review.",
                "%(num)s findings wait for your review.",
                found.reviews,
            ),
            f"{address}?state=draft",
        ),
        (
            found.deliveries,
            ngettext(
                "%(num)s finding of yours is reviewed and can be delivered.",
                "%(num)s findings of yours are reviewed and can be delivered.",
                found.deliveries,
            ),
            f"{address}?state=draft",
        ),
        (
            found.answered,
            ngettext(
                "%(num)s finding has the office's answer and is not closed.",
                "%(num)s findings have the office's answer and are not closed.",
                found.answered,
            ),
            address,
        ),
        (
            found.samples,
            ngettext(
                "%(num)s sample waits for your review.",
                "%(num)s samples wait for your review.",
                found.samples,
            ),
            "/audit/samples",
        ),
    )
    return [(words, leads) for count, words, leads in said if count]


def register(app: Flask) -> None:
    """Give the templates what waits."""
    app.jinja_env.globals.update(findings_waiting=waiting, finding_notices=notices)
