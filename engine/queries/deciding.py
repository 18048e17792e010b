"""What a version under review changes, for whoever decides on it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core import Engine
from engine.model.actor import Actor
from engine.queries.differences import Difference, between_versions
from engine.queries.review import WAITING, ReviewPage, review_page


@dataclass(frozen=True, kw_only=True)
class DecidingPage:
    """A version with its review, and what it changes."""

    page: ReviewPage
    difference: Difference | None  # for whoever decides; None of the first of its SOP
    same: int | None  # a former version that differs in nothing, while it waits


def deciding_page(engine: Engine, actor: Actor, key: str, number: int) -> DecidingPage:
    """Read a version for those who revise, approve or audit, compared with what people work by."""
    page = review_page(engine, actor, key, number)
    usual, waits = page.against.usual, page.version.state in WAITING
    decides = page.may_approve or page.may_return
    found = None
    if usual is not None and (waits or decides):
        found = between_versions(engine, actor, key, usual, number)
    return DecidingPage(
        page=page,
        difference=found if decides else None,
        same=_same(engine, actor, page, found) if waits else None,
    )


def _same(engine: Engine, actor: Actor, page: ReviewPage, found: Difference | None) -> int | None:
    """Find a former version that says the same: what people work by, or what the draft was made from.

    None has the very same files, for no two versions have; and each that is asked is read and compared.
    """
    usual, began, number = page.against.usual, page.began_with, page.version.number
    if found is not None and not found.changes:
        return usual
    if began is None or began == usual:
        return None
    return None if between_versions(engine, actor, page.key, began, number).changes else began
