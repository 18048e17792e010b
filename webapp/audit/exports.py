"""Event logs for other tools: choose cases and a format, take the file away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain

from flask import render_template, request

from engine.actions.exports import export_facts, record_export
from engine.actions.takeouts import ask_for_log
from engine.core import Engine
from engine.errors import Conflict, Invalid, Problem, StorageFailed, say
from engine.model.actor import Actor
from engine.model.event_log import Detail, LogFormat, Selection
from engine.model.permission import Permission
from engine.queries.event_log import exportable_sops
from engine.record.event_logs.formats import SHAPES, as_file, parts_of
from engine.record.event_logs.log import opened_log
from engine.record.takeouts import log_name
from webapp import current
from webapp.audit.area import Page, blueprint
from webapp.audit.takeouts import asked_for
from webapp.downloads import attachment
from webapp.frame import leave_note
from webapp.language import gettext
from webapp.rendering import sentence
from webapp.workbooks import sent

Typed = Mapping[str, str]
AT_ONCE = 20_000  # events of a file that is made while its reader waits: a few seconds
_LONGEST = 120
_UNPROCESSABLE = 422


@blueprint.get("/exports")
def exports() -> Page:
    """Offer the formats."""
    return _page(current.require(Permission.READ_RECORD), {}, ())


@blueprint.post("/exports")
def export() -> Page:
    """Put it on record, and answer with the file."""
    engine, actor = current.engine(), current.require(Permission.READ_RECORD)
    try:
        form, asked = _asked(request.form)
        if SHAPES[form].parts is None and export_facts(engine, actor, form, asked).events > AT_ONCE:
            return _later(engine, actor, form, asked)
        record_export(engine, actor, form, asked)
    except Invalid as error:
        return _page(actor, request.form, error.problems), _UNPROCESSABLE
    name = log_name(form, asked)
    if SHAPES[form].parts is None:
        return _whole(engine, actor, form, asked, name)
    return _streamed(engine, actor, form, asked, name)


def _page(actor: Actor, typed: Typed, problems: tuple[Problem, ...]) -> str:
    return render_template(
        "audit/exports.html",
        sops=[("", gettext("All SOPs")), *exportable_sops(current.engine(), actor)],
        formats=_formats(),
        typed=typed,
        problems=problems,
    )


def _asked(typed: Typed) -> tuple[LogFormat, Selection]:
    try:
        form = LogFormat(typed.get("format", ""))
    except ValueError as error:
        sentence = say("Choose a format.")
        raise Invalid((Problem(field="format-xlsx", label="Format", sentence=sentence),), sentence) from error
    return form, Selection(
        sop=typed.get("sop", "")[:_LONGEST],
        since=_day(typed, "since", "Started from"),
        until=_day(typed, "until", "Started until"),
        detail=Detail.ALL if typed.get("whole") else SHAPES[form].detail,
        content=bool(typed.get("content")),
    )


def _day(typed: Typed, name: str, label: str) -> date | None:
    text = typed.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        sentence = say("Choose a day, or leave this empty.")
        raise Invalid((Problem(field=name, label=label, sentence=sentence),), sentence) from error


def _later(engine: Engine, actor: Actor, form: LogFormat, asked: Selection) -> Page:
    """Have a large file made that cannot be sent while it is read."""
    try:
        ask_for_log(engine, actor, form, asked)
    except Conflict as error:
        leave_note(sentence(error.sentence), "error")
    return asked_for()


def _streamed(engine: Engine, actor: Actor, form: LogFormat, asked: Selection, name: str) -> Page:
    """Send it while it is read. What goes wrong before the first part is still an error page."""

    def parts() -> Iterator[bytes]:
        with opened_log(engine, actor, asked) as log:
            yield from parts_of(form, log)

    reading = parts()
    first = next(reading)
    response = attachment(chain((first,), reading), filename=name, media_type=SHAPES[form].media_type)
    response.call_on_close(reading.close)  # type: ignore[attr-defined] # a generator's: the snapshot ends
    return response


def _whole(engine: Engine, actor: Actor, form: LogFormat, asked: Selection, name: str) -> Page:
    """Make a file that is no text, and send it; it is gone when it was sent."""
    try:
        with opened_log(engine, actor, asked) as log:
            file = as_file(form, log)
    except OSError as error:
        raise StorageFailed(
            say("The server has no room for this file. Choose a shorter period, or tell the administrator.")
        ) from error
    file.seek(0, 2)
    return sent(file, filename=name, media_type=SHAPES[form].media_type)


def _formats() -> list[tuple[str, str, str]]:
    """Give each format with its name and what it is for, those of people first."""
    return [
        (LogFormat.XLSX.value, gettext("Workbook (.xlsx)"), gettext("To read and filter: a row per event.")),
        (LogFormat.CSV.value, "CSV", gettext("For statistics programs: a row per event.")),
        (
            LogFormat.XES.value,
            "XES (IEEE 1849)",
            gettext("For process mining: the finished steps of each case, in their order."),
        ),
        (
            LogFormat.OCEL_JSON.value,
            "OCEL 2.0 (JSON)",
            gettext("For process mining with objects: cases, steps, documents, people, roles, revisions."),
        ),
        (LogFormat.OCEL_SQLITE.value, "OCEL 2.0 (SQLite)", gettext("The same as a database file.")),
        (LogFormat.JSONL.value, "JSON Lines", gettext("For programs: every text exactly as it was entered.")),
    ]
