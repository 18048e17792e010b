"""Documents and submissions of a case as the templates draw them."""

from __future__ import annotations

from engine.forms.display import Shown, show
from engine.model.document import DocumentState
from engine.queries.case_papers import DocumentVersion
from engine.queries.case_submissions import Submission
from webapp import wording
from webapp.language import gettext

_PDF = "application/pdf"
TYPE_ICONS = {
    _PDF: "file-type-pdf",
    "text/csv": "table",
    "text/plain": "file-text",
    "picture": "photo",
    "sheet": "table",
    "office": "file-description",
}
_STATE_TAGS = {
    DocumentState.DRAFT: "",
    DocumentState.APPROVED: "ok",
    DocumentState.RETURNED: "back",
    DocumentState.SIGNED: "ok",
    DocumentState.WITHDRAWN: "off",
}


def icon_of(document: DocumentVersion) -> str:
    """Name the icon of a document's kind; one made from a form is a PDF once it is taken away."""
    kind = document.media_type or _PDF
    if kind.startswith("image/"):
        kind = "picture"
    elif kind not in TYPE_ICONS:
        kind = "sheet" if "spreadsheet" in kind else "office"
    return TYPE_ICONS[kind]


def kind_words(document: DocumentVersion) -> str:
    """Name a document's kind: PDF, XLSX, … or that a form made it."""
    if not document.media_type:
        return gettext("made from the form")
    ending = document.filename.rpartition(".")[2]
    return ending.upper()[:5]


def state_words(state: DocumentState) -> str:
    """Say what became of a version."""
    return {
        DocumentState.DRAFT: gettext("Draft"),
        DocumentState.APPROVED: gettext("Accepted"),
        DocumentState.RETURNED: gettext("Returned"),
        DocumentState.SIGNED: gettext("Signed"),
        DocumentState.WITHDRAWN: gettext("Withdrawn"),
    }[state]


def state_tag(state: DocumentState) -> str:
    """Give the class of a state's tag."""
    return _STATE_TAGS[state]


def meta_of(document: DocumentVersion) -> str:
    """Say version, day, kind and pages of a document."""
    parts = [
        gettext("Version %(version)s, %(day)s", version=document.version, day=wording.day(document.at)),
        kind_words(document),
    ]
    if document.pages:
        parts.append(
            gettext("%(count)s pages", count=document.pages) if document.pages > 1 else gettext("1 page")
        )
    return " · ".join(parts)


def shown(submission: Submission, document: str = "") -> tuple[Shown, ...]:
    """Give what was submitted for reading; with a document's name, what that document shows of it."""
    if submission.form is None:
        return ()
    yes_no = (gettext("Yes"), gettext("No"))
    return show(submission.form, submission.values, submission.names, yes_no, document)


def who_when(submission: Submission) -> str:
    """Say who handed it in and when."""
    who = submission.actor_in_full
    if submission.on_behalf_of:
        who = gettext("%(who)s on behalf of %(other)s", who=who, other=submission.on_behalf_of)
    return f"{who} · {wording.moment_named(submission.at)}"
