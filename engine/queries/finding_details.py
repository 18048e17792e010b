"""What many findings are about, and all that was said to each: for a table of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from engine.core import Engine
from engine.model.actor import Actor
from engine.queries.figures_asked import sops_of
from engine.queries.finding_statements import Statement, statements
from engine.queries.findings import FindingRow
from engine.storage.tables import finding, finding_case, instance


@dataclass(frozen=True, kw_only=True)
class FindingDetails:
    """Beside the rows, by id of the finding: cases as "012/IK/2026 #39", addresses of figures, statements."""

    cases: dict[UUID, list[str]]
    figures: dict[UUID, list[str]]
    statements: dict[UUID, list[Statement]]
    sops: dict[str, str]  # names by key


def findings_in_full(engine: Engine, actor: Actor, rows: Sequence[FindingRow]) -> FindingDetails:
    """Read it of findings that the actor sees."""
    ids = [one.id for one in rows]
    cases, said = defaultdict[UUID, list[str]](list), defaultdict[UUID, list[Statement]](list)
    with engine.store.reading() as connection:
        about = connection.execute(
            select(finding_case.c.finding, finding_case.c.seq, instance.c.number)
            .join(instance, instance.c.id == finding_case.c.instance)
            .where(finding_case.c.finding.in_(ids))
            .order_by(instance.c.number, finding_case.c.seq)
        )
        for row in about:
            cases[row.finding].append(f"{row.number} #{row.seq}" if row.seq else row.number)
        stored = connection.execute(select(finding.c.id, finding.c.figures).where(finding.c.id.in_(ids)))
        figures = {row.id: list(json.loads(row.figures)) for row in stored}
        for one in statements(connection, actor.office, ids):
            said[one.finding].append(one)
        sops = dict(sops_of(connection, actor.office))
    return FindingDetails(cases=cases, figures=figures, statements=said, sops=sops)
