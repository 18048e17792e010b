"""The form in which a finding is drafted."""

from __future__ import annotations

from dataclasses import asdict

from flask import render_template, request

from engine.errors import Problem
from engine.model.erasure import ERASED
from engine.queries.findings import FindingPage
from webapp import current
from webapp.audit.figures_subject import own_addresses
from webapp.incoming import small_number

Problems = tuple[Problem, ...]
_FIELDS = ("title", "condition", "criteria", "cause", "effect", "recommendation", "cases", "figures")


def typed_finding() -> dict[str, str]:
    """Read what was typed."""
    typed = {name: request.form.get(name, "") for name in _FIELDS}
    return typed | {"figures": own_addresses(typed["figures"], request.host)}


def stored_finding(found: FindingPage) -> dict[str, str]:
    """Give a draft as it stands, as it would be typed."""
    elements = found.row.elements
    lines = (f"{one.number} #{one.seq}" if one.seq else one.number for one in found.cases)
    return {
        **{name: getattr(elements, name) for name in _FIELDS[:6]},
        "cases": "\n".join(lines),
        "figures": "\n".join(found.figures),
    }


def finding_form(
    address: str, form: dict[str, str], problems: Problems, found: FindingPage | None = None
) -> str:
    """Show the form of a draft with what was typed, and what is wrong with it."""
    letters = [(one.assignment.hex, one.number) for one in current.actor().coverage]
    return render_template(
        "audit/finding_form.html",
        address=address,
        form=form,
        problems=problems,
        found=found,
        revision=_revision(found),
        letters=letters,
        letter=request.form.get("assignment", ""),
    )


def _revision(found: FindingPage | None) -> int:
    """Give what a form saves over: after an erasure what it was sent with, or its text would come back."""
    if found is None:
        return 0
    is_erased = ERASED in asdict(found.row.elements).values()
    sent = request.form.get("revision", type=small_number)
    return sent if is_erased and sent is not None else found.row.revision
