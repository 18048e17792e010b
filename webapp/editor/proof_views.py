"""The paper that is to be signed, printed before its approval is entered."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from flask import redirect, render_template, request

from engine.errors import Problem, say
from engine.forms.notation import date_of
from engine.model.revision import Signatory
from engine.queries import approval_proof as queries
from engine.queries.library_header import Filled
from engine.queries.printable import must_print
from webapp import current
from webapp.drawing.sop_table import role_columns, sop_rows
from webapp.editor.area import APPROVAL, Page, blueprint

_VERSION = "/<key>/versions/<int:number>"
_LONGEST = 200  # characters of one of them


@blueprint.get(f"{_VERSION}/approval/proof")
def approval_proof(key: str, number: int) -> Page:
    """Show the paper that is to be signed, with what is asked for it; nothing is kept."""
    asked = request.args
    problems = _wrong_day(asked) if "number" in asked else ()
    filled = _filled(asked) if "number" in asked else None
    proof = queries.approval_proof(current.engine(), current.actor(), key, number, filled)
    definition = proof.sop.definition
    return render_template(
        "editor/proof.html",
        proof=proof,
        page=proof.sop,
        day=asked.get("effective_from", ""),
        problems=problems,
        rows=sop_rows(definition),
        roles=role_columns(definition),
        query=urlencode({name: asked.get(name, "")[:_LONGEST] for name in APPROVAL if name in asked}),
    )


@blueprint.post(f"{_VERSION}/approval/proof")
def print_proof(key: str, number: int) -> Page:
    """Take what was typed into the form of the approval to the paper that is to be signed."""
    must_print(current.engine(), current.actor(), key, number)
    typed = {name: request.form.get(name, "")[:_LONGEST] for name in APPROVAL}
    return redirect(
        f"/library/{key}/versions/{number}/approval/proof?{urlencode(typed)}", HTTPStatus.SEE_OTHER
    )


def _filled(asked: Mapping[str, str]) -> Filled:
    texts = {name: asked.get(name, "").strip()[:_LONGEST] for name in APPROVAL}
    day = date_of(texts.pop("effective_from"))
    return Filled(number=texts.pop("number"), effective_from=day, signatory=Signatory(**texts))


def _wrong_day(asked: Mapping[str, str]) -> tuple[Problem, ...]:
    text = asked.get("effective_from", "").strip()
    if not text or date_of(text) is not None:
        return ()
    sentence = say("This is not a date. Write day, month and year, for example 24-11-2026.")
    return (Problem(field="effective_from", label="In force from", sentence=sentence),)
