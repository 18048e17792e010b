"""The SOPs, one SOP from every side, and the start of a case."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from engine.actions.packages import version_zip
from engine.errors import NotFound
from engine.forms.definition import FormDefinition
from engine.model.permission import Permission
from engine.model.question import OTHERWISE
from engine.queries import library, library_decisions, process_drafts
from engine.queries.library import SopPage
from engine.queries.library_versions import COUNTED, NO_SOP
from engine.queries.suggestions import count_open
from webapp import current, downloads
from webapp.drawing.diagram import draw_diagram
from webapp.drawing.sop_table import role_columns, sop_rows, standard_time_words
from webapp.forms.drawing import draw_form
from webapp.library import starting, suggesting
from webapp.library.decisions import MOST_RULES, views
from webapp.library.markdown import render
from webapp.library.words import meaning_of, version_state, version_tag

Page = str | tuple[str, int] | AnyResponse

blueprint = Blueprint("library", __name__, url_prefix="/library")
blueprint.add_app_template_filter(version_state)
blueprint.add_app_template_filter(version_tag)
blueprint.add_app_template_filter(standard_time_words, "sop_time")


@blueprint.get("")
def sop_list() -> Page:
    """List the SOPs of the office."""
    engine, actor = current.engine(), current.actor()
    drafts = process_drafts.open_drafts(engine, actor) if actor.may(Permission.REVISE) else None
    page = library.library_page(engine, actor)
    return render_template("library/list.html", page=page, drafts=drafts, most=COUNTED - 1)


@blueprint.get("/<key>")
@blueprint.get("/<key>/versions/<int:number>", endpoint="sop_version")
def sop(key: str, number: int | None = None) -> Page:
    """Show an SOP as the document it is: header and official table."""
    page = _read(key, number)
    definition = page.definition
    return _page("document.html", page, "document", rows=sop_rows(definition), roles=role_columns(definition))


@blueprint.get("/<key>/diagram")
@blueprint.get("/<key>/versions/<int:number>/diagram", endpoint="version_diagram")
def diagram(key: str, number: int | None = None) -> Page:
    """Show the diagram of an SOP."""
    page = _read(key, number)
    drawn = draw_diagram(page.definition.diagram, title=page.name)
    return _page("diagram.html", page, "diagram", drawn=drawn)


@blueprint.get("/<key>/diagram.bpmn")
@blueprint.get("/<key>/versions/<int:number>/diagram.bpmn", endpoint="version_bpmn")
def bpmn(key: str, number: int | None = None) -> Response:
    """Hand out the diagram as it was deployed."""
    found, text = library.diagram_file(current.engine(), current.actor(), key, number)
    name = f"{key}-{found}.bpmn"
    return downloads.attachment(text.encode(), filename=name, media_type="application/xml")


@blueprint.get("/<key>/versions/<int:number>/package.zip")
def package(key: str, number: int) -> Response:
    """Hand out everything a version consists of."""
    files = library.version_files(current.engine(), current.actor(), key, number)
    name = f"{key}-{number}.zip"
    return downloads.attachment(version_zip(key, files), filename=name, media_type="application/zip")


@blueprint.get("/<key>/forms")
@blueprint.get("/<key>/versions/<int:number>/forms", endpoint="version_forms")
def forms(key: str, number: int | None = None) -> Page:
    """List the forms of an SOP by the steps that use them."""
    return _page("forms.html", _read(key, number), "forms")


@blueprint.get("/<key>/forms/<form_key>")
@blueprint.get("/<key>/versions/<int:number>/forms/<form_key>", endpoint="version_form")
def form(key: str, form_key: str, number: int | None = None) -> Page:
    """Show one form as it will be seen, without anything to send."""
    page = _read(key, number)
    found = next((one for one in page.forms if one.key == form_key), None)
    if found is None:
        raise NotFound(NO_SOP)
    steps = [step for step in page.definition.steps if step.form_key == form_key]
    return _page(
        "form.html", page, "forms", form=found, view=draw_form(found, _one_row_each(found)), steps=steps
    )


@blueprint.get("/<key>/decisions")
@blueprint.get("/<key>/versions/<int:number>/decisions", endpoint="version_decisions")
def decisions(key: str, number: int | None = None) -> Page:
    """Show the decision tables of an SOP."""
    found = library_decisions.decisions_page(current.engine(), current.actor(), key, number)
    return _page("decisions.html", found.sop, "decisions", decisions=views(found), most_rules=MOST_RULES)


@blueprint.get("/<key>/decisions/<name>")
@blueprint.get("/<key>/versions/<int:number>/decisions/<name>", endpoint="version_dmn")
def dmn(key: str, name: str, number: int | None = None) -> Response:
    """Hand out a file of decisions as it was deployed."""
    found, text = library_decisions.decision_file(current.engine(), current.actor(), key, name, number)
    filename = f"{key}-{found}-{name}"
    return downloads.attachment(text.encode(), filename=filename, media_type="application/xml")


@blueprint.get("/<key>/versions")
def versions(key: str) -> Page:
    """List the revisions of an SOP."""
    return _page("versions.html", _read(key, None), "versions")


@blueprint.get("/<key>/notes")
@blueprint.get("/<key>/versions/<int:number>/notes", endpoint="version_notes")
def notes(key: str, number: int | None = None) -> Page:
    """Show how the written SOP was read."""
    page = _read(key, number)
    if not page.notes and not page.definition.questions:
        raise NotFound(NO_SOP)
    html, written = render(page.notes, gettext("Table")), library.notes_written(current.engine(), page)
    return _page("notes.html", page, "notes", notes=html, written=written, otherwise=OTHERWISE)


@blueprint.get("/<key>/cases/new")
def new_case(key: str) -> Page:
    """Ask what the new case is about."""
    return starting.form(key, starting.first_asked(request.args), ())


@blueprint.post("/<key>/cases/new")
def start_case(key: str) -> Page:
    """Start a case, and go to its first task."""
    return starting.start(key, request.form)


@blueprint.get("/<key>/suggestions")
def suggestions(key: str) -> Page:
    """List what staff suggested about an SOP, for its owner."""
    return suggesting.listed(key)


@blueprint.post("/<key>/suggestions/<uuid:suggestion_id>/answer")
def answer_suggestion(key: str, suggestion_id: UUID) -> Page:
    """Take a suggestion up or not."""
    return suggesting.answered(key, suggestion_id)


@blueprint.post("/<key>/suggestions/<uuid:suggestion_id>/draft")
def suggestion_done(key: str, suggestion_id: UUID) -> Page:
    """Note which draft does what was suggested."""
    return suggesting.done(key, suggestion_id)


def _one_row_each(found: FormDefinition) -> dict[str, list[str]]:
    """Give every list of a form an empty row, so that its columns can be seen."""
    return {part.cell(0, column): [] for part in found.lists for column in part.column_keys}


def _read(key: str, number: int | None) -> SopPage:
    return library.sop_page(current.engine(), current.actor(), key, number)


def _page(template: str, page: SopPage, here: str, **values: object) -> str:
    """Draw a page of an SOP, below the head and tabs that all of them have."""
    base = (
        f"/library/{page.key}" if page.is_current else f"/library/{page.key}/versions/{page.version.number}"
    )
    tabs = [
        (base, gettext("SOP document"), None, here == "document"),
        (f"{base}/diagram", gettext("Diagram"), None, here == "diagram"),
        (f"{base}/forms", gettext("Forms"), len(page.forms), here == "forms"),
        (f"/library/{page.key}/versions", gettext("Revisions"), len(page.versions), here == "versions"),
    ]
    if page.definition.decisions:
        count = len(page.definition.decisions)
        tabs.insert(3, (f"{base}/decisions", gettext("Decision tables"), count, here == "decisions"))
    if current.actor().may(Permission.REVISE):
        waiting = count_open(current.engine(), current.actor(), page.key)
        tabs.append((f"/library/{page.key}/suggestions", gettext("Suggestions"), waiting, False))
    if page.notes or page.definition.questions:
        tabs.append((f"{base}/notes", gettext("How it was read"), None, here == "notes"))
    return render_template(
        f"library/{template}",
        page=page,
        base=base,
        tab_items=tabs,
        meaning=meaning_of(page),
        most=COUNTED - 1,
        **values,
    )
