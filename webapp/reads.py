"""Every page of a case is put on record as read before it is made: no view can forget it.

Whatever is fetched at an address with ``case_id``, ``task_id`` or ``incident_id`` is such a page, and an
auditors' question, which is about a case. So is each of the lists over cases that show what people did or
wrote, with what was looked for, and each of the papers of an audit.
"""

from __future__ import annotations

import re

from flask import Flask, request, url_for

from engine.actions import reads
from webapp import current

_PARTS = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
_TOLD = frozenset({"no"})  # the number of a document says what was read; pages and steps of it do not

# Lists over cases, and papers -> what must be looked for before they show more than titles and figures.
LISTS: dict[str, tuple[str, ...]] = {
    "audit.case_list": ("q", "value"),
    "audit.deviations": (),
    "audit.rework": (),
    "audit.day": (),
    "audit.erasure_list": (),
    "audit.read_list": (),
    "audit.inquiry_list": (),
    "audit.finding_list": (),
    "audit.finding": (),
    "audit.edit_finding": (),
    "audit.sample_list": (),
    "audit.sample": (),
}
_PAGING = frozenset({"page", "after", "format"})  # parts of one list, read at one go


def register(app: Flask) -> None:
    """Put it between the guard and the views."""
    app.before_request(_note)


def page_of(rule: str, values: dict[str, object]) -> str:
    """Name what is read: "cases/documents/3" of "/cases/<uuid:case_id>/documents/<int:no>"."""
    told = _PARTS.sub(lambda part: str(values[part[1]]) if part[1] in _TOLD else "", rule)
    return "/".join(part for part in told.split("/") if part not in {"", ".webp"})


def _note() -> None:
    if request.method not in {"GET", "HEAD"} or request.url_rule is None or current.signed_in() is None:
        return
    values = request.view_args or {}
    if request.endpoint in LISTS:
        _note_list(request.endpoint, values)
    engine, page = current.engine(), page_of(request.url_rule.rule, values)
    if "case_id" in values:
        reads.note_case(engine, current.actor(), values["case_id"], page)
    elif "task_id" in values:
        task = values["task_id"]
        reads.note_task(engine, current.actor(), task, f"{page}/{task.hex}")
    elif "incident_id" in values:
        reads.note_incident(engine, current.actor(), values["incident_id"], page)
    elif "inquiry_id" in values:
        inquiry = values["inquiry_id"]
        reads.note_inquiry(engine, current.actor(), inquiry, f"{page}/{inquiry.hex}")


def _note_list(endpoint: str, values: dict[str, object]) -> None:
    """Note what was asked, not which part of the list is looked at: its parts are read at one go."""
    asked = {name: value for name, value in request.args.items() if value.strip() and name not in _PAGING}
    needs = LISTS[endpoint]
    if not needs or asked.keys() & set(needs):
        address = url_for(endpoint, **values)  # type: ignore[arg-type] # as it was matched
        reads.note_listing(current.engine(), current.actor(), address, asked)
