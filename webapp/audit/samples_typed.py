"""What somebody has changed on the page of a sample, told from what only stood there.

Beside each field stands a short digest of what it showed. Who saves the page writes what they changed alone,
and not what others have noted since in the other cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from engine.actions.sample_notes import CaseNote, DraftConclusion
from engine.model.sampling import Verdict

_DIGITS = 16
_PLACE = "verdict-"


def seen_as(*texts: str) -> str:
    """Digest what a field showed; ends of lines and spaces around it make no difference."""
    plain = "\0".join("\n".join(text.splitlines()).strip() for text in texts)
    return sha256(plain.encode()).hexdigest()[:_DIGITS]


def notes_of(form: Mapping[str, str]) -> list[CaseNote]:
    """Read the cases that were changed."""
    places = (name.removeprefix(_PLACE) for name in form if name.startswith(_PLACE))
    return [
        CaseNote(
            place=int(place),
            revision=_number(form.get(f"revision-{place}", "")),
            verdict=Verdict(form[f"{_PLACE}{place}"]),
            text=form.get(f"note-{place}", ""),
        )
        for place in places
        if _number(place) and _is_changed(form, place)
    ]


def conclusion_of(form: Mapping[str, str]) -> DraftConclusion | None:
    """Read the conclusion, if it was changed."""
    text = form.get("conclusion", "")
    if "conclusion" not in form or seen_as(text) == form.get("seen-conclusion"):
        return None
    return DraftConclusion(revision=_number(form.get("revision", "")), text=text)


def typed_of(form: Mapping[str, str]) -> dict[str, str]:
    """Give what was changed by the names of its fields, and what was said in a review."""
    typed = {name: form[name] for name in ("review",) if name in form}
    for one in notes_of(form):
        typed |= {f"verdict-{one.place}": one.verdict.value, f"note-{one.place}": one.text}
    conclusion = conclusion_of(form)
    return typed if conclusion is None else typed | {"conclusion": conclusion.text}


def _is_changed(form: Mapping[str, str], place: str) -> bool:
    verdict = form[f"{_PLACE}{place}"]
    shown = seen_as(verdict, form.get(f"note-{place}", ""))
    return verdict in set(Verdict) and shown != form.get(f"seen-{place}")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else 0  # noqa: PLR2004 - an integer's
