"""An SOP as it will stand on the paper that is signed, before its approval is entered; nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.definition import Document
from engine.model.permission import Permission
from engine.model.revision import typed_signatory
from engine.queries.library import SopPage, sop_page
from engine.queries.library_header import Filled, header_if_approved
from engine.queries.printable import must_print
from engine.queries.review import review_page


@dataclass(frozen=True, kw_only=True)
class ProofPage:
    """A version that waits, with the header of its paper and what was filled in or is proposed."""

    sop: SopPage
    header: Document
    filled: Filled


def approval_proof(
    engine: Engine, actor: Actor, key: str, number: int, filled: Filled | None = None
) -> ProofPage:
    """Read it for those who prepare or decide; without ``filled`` as the approval would be proposed."""
    must_print(engine, actor, key, number)
    review = review_page(engine, actor, key, number)
    sop = sop_page(engine, actor, key, number)
    if filled is None:
        # Whoever prepares the paper does not sign it: their own account is nobody's proposal.
        approves = actor.may(Permission.APPROVE)
        signatory = review.signatory if approves else typed_signatory(sop.definition.document)
        filled = Filled(number=review.last_number, effective_from=None, signatory=signatory)
    header = header_if_approved(engine, actor, sop.definition.document, sop.version, filled)
    return ProofPage(sop=sop, header=header, filled=filled)
