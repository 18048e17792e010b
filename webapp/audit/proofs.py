"""The proof of one event: told on a page that is also printed, and as a small file."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import render_template

from engine.queries.event_proof import EventProof, Fault, event_proof
from engine.record.event_proof import as_json, fault_of
from webapp import current, downloads, wording
from webapp.audit.area import Page, blueprint
from webapp.history.event_words import act_words
from webapp.language import gettext
from webapp.stops import named

_HEADER = "scope stream seq kind at actor on_behalf_of attempt element round iteration"
_MOST = (1 << 63) - 1


@blueprint.get("/cases/<uuid:case_id>/events/<int:no>")
def proof(case_id: UUID, no: int) -> Page:
    """Show what proves an event."""
    engine = current.engine()
    found = event_proof(engine, current.actor(), case_id, min(no, _MOST))
    fault = fault_of(engine, found)
    values = found.header.decode().split("\n")
    return render_template(
        "audit/proof.html",
        page=found,
        facts=found.facts,
        event=found.event,
        seal=found.seal,
        fault=fault_words(fault) if fault else "",
        what=act_words(found.event.kind),
        header=list(zip(_HEADER.split(), values, _header_words(found), strict=True)),
    )


@blueprint.get("/cases/<uuid:case_id>/events/<int:no>/proof.json")
def proof_file(case_id: UUID, no: int) -> Page:
    """Hand the proof out as a file."""
    engine = current.engine()
    found = event_proof(engine, current.actor(), case_id, min(no, _MOST))
    name = f"Bukti {found.facts.number.replace('/', '-')} kejadian {no}.json"
    return downloads.attachment(as_json(engine, found), filename=name, media_type="application/json")


def fault_words(fault: Fault) -> str:
    """Say what of an event is not as it was recorded."""
    return {
        Fault.GONE: gettext("Its text is gone, and no erasure of it is on record."),
        Fault.ERASURE: gettext(
            "Its text is gone, and the event that says it was erased is not as it was recorded."
        ),
        Fault.SALT: gettext(
            "Its text was erased, but its salt was left: with it somebody could guess the text."
        ),
        Fault.TEXT: gettext("What it says is not what was recorded: it does not give the digest."),
        Fault.PLACE: gettext("It does not lead to the root that was signed."),
        Fault.SIGNATURE: gettext("The checkpoint was not signed by the key of this server."),
    }[fault]


def _header_words(found: EventProof) -> Iterator[tuple[str, str]]:
    """Give of each part of the header what it is, and what its value means where that says not enough."""
    one = found.event
    people = [found.names.get(id_, "") if id_ else "" for id_ in (one.actor, one.on_behalf_of)]
    step = named(found.definition, one.element) if one.element else ""
    yield gettext("Kind of what it belongs to"), gettext("a case")
    yield gettext("Identity of the case"), found.facts.number
    yield gettext("Number in the case"), ""
    yield gettext("What happened"), act_words(one.kind)
    yield gettext("When, in universal time"), wording.moment(one.at)
    yield gettext("Who did it"), people[0] or (gettext("nobody: Alur itself") if not one.actor else "")
    yield gettext("On behalf of"), people[1]
    yield gettext("Identity of the press of a button"), ""
    yield gettext("Step"), step
    yield gettext("Round"), ""
    yield gettext("Which of several at the same step"), ""
