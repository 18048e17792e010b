"""The documents of a bundle: bytes under names that every system can keep, drawings of what has none."""

from __future__ import annotations

from collections.abc import Iterator

from engine.form_documents import FormDocument, form_pdf, sections_of
from engine.forms.display import show
from engine.model.calendar import WorkCalendar
from engine.queries.case_papers import DocumentVersion
from engine.queries.evidence import Evidence, Proved

_LONGEST = 120  # characters of a name
_MOST_DRAWN = 100  # documents made from a form, the last ones: each takes some 70 ms
_NEVER = frozenset('<>:"/\\|?*')  # in names of files, on one system or another


def with_bytes(evidence: Evidence) -> Iterator[tuple[str, DocumentVersion]]:
    """Name each document that has bytes: ``documents/<number in the case>-<its file's name>``."""
    for one in evidence.documents:
        if one.object and not one.erased:
            yield f"documents/{one.no}-{file_name(one.filename)}", one


def drawable(evidence: Evidence) -> list[tuple[str, DocumentVersion, Proved]]:
    """Name the documents that a form made, with the acts that made them: the last of very many."""
    made = {
        entry[0]: one
        for one in evidence.events
        for entry in one.said.get("documents") or ()
        if isinstance(entry, list) and len(entry) > 3 and entry[3] is None  # noqa: PLR2004 - its digest
    }
    wanted = [one for one in evidence.documents if one.no in made and one.blob is None]
    return [
        (f"rendered/{one.no}-{file_name(f'{one.name} v{one.version}')}.pdf", one, made[one.no])
        for one in wanted[-_MOST_DRAWN:]
    ]


def file_name(name: str) -> str:
    """Give a name under which every system can keep a file."""
    plain = "".join("_" if one in _NEVER or not one.isprintable() else one for one in name).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > _LONGEST and stem:
        plain = stem[: _LONGEST - len(ending) - 1] + dot + ending
    return plain[:_LONGEST] or "dokumen"


def draw(evidence: Evidence, calendar: WorkCalendar, one: DocumentVersion, by: Proved) -> bytes:
    """Draw a document as PDF, by the revision and the form of its time."""
    definition = by.version.definition
    step = next((step for step in definition.steps if step.element == by.event.element), None)
    form = by.version.form_of(step) if step else None
    values = by.said.get("data") or {}
    shown = show(form, values, evidence.names, document=one.name) if form else ()
    return form_pdf(
        FormDocument(
            title=one.name,
            office=definition.document.institution,
            case_number=evidence.facts.number,
            case_title=evidence.facts.title,
            version=one.version,
            author=one.author,
            at=calendar.local(one.at),
            sections=sections_of(shown),
        )
    )
