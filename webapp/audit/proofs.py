"""The proof of one event: told on a page that is also printed, and as a small file."""

from __future__ import annotations

from uuid import UUID

from flask import render_template

from engine.queries.event_proof import event_proof
from engine.record.event_proof import as_json
from webapp import current, downloads
from webapp.audit.area import Page, blueprint
from webapp.history.event_words import act_words

_HEADER = "scope stream seq kind at actor on_behalf_of attempt element round iteration"
_MOST = (1 << 63) - 1


@blueprint.get("/cases/<uuid:case_id>/events/<int:no>")
def proof(case_id: UUID, no: int) -> Page:
    """Show what proves an event."""
    found = event_proof(current.engine(), current.actor(), case_id, min(no, _MOST))
    return render_template(
        "audit/proof.html",
        page=found,
        facts=found.facts,
        event=found.event,
        seal=found.seal,
        what=act_words(found.event.kind),
        header=list(zip(_HEADER.split(), found.header.decode().split("\n"), strict=False)),
    )


@blueprint.get("/cases/<uuid:case_id>/events/<int:no>/proof.json")
def proof_file(case_id: UUID, no: int) -> Page:
    """Hand the proof out as a file."""
    found = event_proof(current.engine(), current.actor(), case_id, min(no, _MOST))
    name = f"Bukti {found.facts.number.replace('/', '-')} kejadian {no}.json"
    return downloads.attachment(as_json(found), filename=name, media_type="application/json")
