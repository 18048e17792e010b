"""Documents on a task page, in words: what they are, which version, how their pages are shown."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.forms.display import Shown
from engine.model.document import DocumentState
from engine.queries.task_documents import BlobRow, CaseDocument, Needed, Slot
from webapp import wording
from webapp.forms.views import StagedFile
from webapp.forms.words import kinds_taken
from webapp.language import gettext, ngettext

_PREVIEWED = 3  # pages shown in the task page; the document's own page has them all

KIND_ICONS = {
    "application/pdf": "file-type-pdf",
    "image/png": "photo",
    "image/jpeg": "photo",
    "image/webp": "photo",
    "text/csv": "table",
    "text/plain": "file-text",
    "made": "forms",
    "sheet": "table",
    "other": "file-text",
}
_TAGS = {
    DocumentState.RETURNED: "back",
    DocumentState.APPROVED: "ok",
    DocumentState.SIGNED: "ok",
    DocumentState.DRAFT: "",
    DocumentState.WITHDRAWN: "off",
}


@dataclass(frozen=True, kw_only=True)
class PageView:
    """A page of a document as a picture."""

    address: str
    words: str


@dataclass(frozen=True, kw_only=True)
class PaperView:
    """A document with what stands below its name. ``shown`` is what a form-made one says."""

    name: str
    address: str
    icon: str
    meta: str
    tag: str = ""
    tag_kind: str = ""
    pages: tuple[PageView, ...] = ()
    more_pages: str = ""
    shown: tuple[Shown, ...] = ()
    earlier: tuple[PaperView, ...] = ()
    missing: str = ""


@dataclass(frozen=True, kw_only=True)
class SlotView:
    """An output slot: what it will be, and the files chosen for it."""

    name: str
    place: int
    field: str
    from_form: bool
    optional: bool
    version: int
    asked_by: str
    files: tuple[StagedFile, ...]
    accept: tuple[str, ...] = ()
    problem: str = ""

    @property
    def help(self) -> str:
        """Say which kinds of files it takes."""
        return kinds_taken(self.accept)

    @property
    def hidden(self) -> bool:
        """Tell whether the form itself asks for the document."""
        return bool(self.asked_by) and not self.from_form


def needed_view(one: Needed, case: UUID) -> PaperView:
    """Put a needed document in words; one that is not there yet says so."""
    if one.newest is None:
        words = (
            gettext("Not there yet")
            if one.required
            else gettext("Not there; the step can be done without it")
        )
        return PaperView(name=one.name, address="", icon="file-text", meta="", missing=words)
    paper = paper_view(one.newest, case)
    earlier = tuple(paper_view(version, case) for version in one.earlier)
    return PaperView(**{**paper.__dict__, "shown": one.shown, "earlier": earlier})


def paper_view(one: CaseDocument, case: UUID) -> PaperView:
    """Put a version of a document in words."""
    address = f"/cases/{case.hex}/documents/{one.no}"
    count = min(one.pages or 0, _PREVIEWED) if one.can_be_shown else 0
    return PaperView(
        name=one.name,
        address=address,
        icon=_icon(one),
        meta=_meta(one),
        tag=_state(one.state),
        tag_kind=_TAGS[one.state],
        pages=tuple(
            PageView(
                address=f"{address}/pages/{page}.webp",
                words=gettext(
                    "%(name)s, page %(page)s of %(pages)s", name=one.name, page=page, pages=one.pages
                ),
            )
            for page in range(1, count + 1)
        ),
        more_pages=_more(one, count),
    )


def slot_view(slot: Slot, task: UUID, problem: str) -> SlotView:
    """Put an output slot in words."""
    return SlotView(
        name=slot.name,
        place=slot.place,
        field=slot.field,
        from_form=slot.from_form,
        optional=not slot.required,
        version=slot.version,
        asked_by=slot.asked_by,
        files=tuple(staged_view(row, task) for row in slot.staged),
        accept=slot.accept,
        problem=problem,
    )


def staged_view(row: BlobRow, task: UUID) -> StagedFile:
    """Put a file that waits with the draft in words."""
    meta = f"{_kind(row.filename)}, {wording.file_size(row.size)}"
    address = f"/tasks/{task.hex}/staged/{row.id.hex}"
    return StagedFile(blob=row.id.hex, name=row.filename, meta=meta, address=address)


def _icon(one: CaseDocument) -> str:
    if one.is_made:
        return KIND_ICONS["made"]
    kind = "sheet" if "sheet" in one.media_type else one.media_type
    return KIND_ICONS.get(kind, KIND_ICONS["other"])


def _meta(one: CaseDocument) -> str:
    kind = gettext("Made from the form") if one.is_made else _kind(one.filename)
    pages = [ngettext("%(num)s page", "%(num)s pages", one.pages)] if one.pages and one.pages > 1 else []
    said = gettext(
        "version %(version)s, %(day)s by %(who)s",
        version=one.version,
        day=wording.day(one.at),
        who=one.author,
    )
    return f"{', '.join([kind, *pages])} · {said}"


def _kind(filename: str) -> str:
    return filename.rpartition(".")[2].upper()


def _more(one: CaseDocument, count: int) -> str:
    if not one.pages or one.pages <= count or not count:
        return ""
    return gettext("Open all %(pages)s pages", pages=one.pages)


def _state(state: DocumentState) -> str:
    return {
        DocumentState.DRAFT: "",
        DocumentState.APPROVED: gettext("Accepted"),
        DocumentState.RETURNED: gettext("Returned"),
        DocumentState.SIGNED: gettext("Signed"),
        DocumentState.WITHDRAWN: gettext("Taken back"),
    }[state]
