"""What stands in rows beside those of letters, findings, samples and roles, as events say it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.storage.tables import (
    audit_assignment,
    audit_member,
    finding_case,
    instance,
    process,
    role,
    role_assignment,
    sample,
    sample_case,
)

Beside = dict[UUID, dict[str, Any]]  # by id of the row


def of_letters(connection: Connection, ids: Sequence[UUID]) -> Beside:
    """Read SOPs and team of letters: who is of it to the end, whoever was (``members``), until when."""
    letter, member = audit_assignment.c, audit_member.c
    teams: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    untils: dict[UUID, dict[str, str]] = defaultdict(dict)
    rows = select(member.assignment, member.person, member.head, member.until, letter.valid_until)
    joined = rows.join(audit_assignment, letter.id == member.assignment).where(letter.id.in_(ids))
    for row in connection.execute(joined.order_by(member.person)):
        untils[row.assignment][row.person.hex] = row.until.isoformat()
        if row.until == row.valid_until:
            teams[row.assignment].append({"person": row.person.hex, "head": row.head})
    keys = {row.id.hex: row.key for row in connection.execute(select(process.c.id, process.c.key))}
    return {
        row.id: {
            "sops": sorted(keys.get(UUID(one).hex, "?") for one in json.loads(row.sops)),
            "team": teams[row.id],
            "members": frozenset(untils[row.id]),
            "untils": untils[row.id],
        }
        for row in connection.execute(select(letter.id, letter.sops).where(letter.id.in_(ids)))
    }


def of_findings(connection: Connection, ids: Sequence[UUID]) -> Beside:
    """Read which cases findings are about, each with the number of an event of it, or 0."""
    about = select(finding_case.c.finding, finding_case.c.seq, instance.c.number)
    found: dict[UUID, list[tuple[str, int]]] = {id_: [] for id_ in ids}
    for row in connection.execute(
        about.join(instance, instance.c.id == finding_case.c.instance).where(finding_case.c.finding.in_(ids))
    ):
        found[row.finding].append((row.number, row.seq))
    return {id_: {"cases": sorted(abouts)} for id_, abouts in found.items()}


def of_roles_held(connection: Connection, ids: Sequence[UUID]) -> Beside:
    """Read which role it is that somebody holds."""
    held = select(role_assignment.c.id, role.c.key).join(role, role.c.id == role_assignment.c.role)
    rows = connection.execute(held.where(role_assignment.c.id.in_(ids)))
    return {row.id: {"role": row.key} for row in rows}


def of_samples(
    connection: Connection, keys: Sequence[tuple[UUID, UUID]]
) -> Iterator[tuple[tuple[UUID, UUID], str, Mapping[str, Any]]]:
    """Read what was noted of cases of samples, by sample and case."""
    drawn, wanted = sample_case.c, set(keys)
    columns = select(drawn.sample, drawn.instance, drawn.place, drawn.verdict, drawn.note, drawn.noted_by)
    ours = columns.add_columns(sample.c.title).join(sample, sample.c.id == drawn.sample)
    for row in connection.execute(ours.where(drawn.sample.in_({one for one, _ in keys}))):
        if (key := (row.sample, row.instance)) in wanted:
            by = row.noted_by.hex if row.noted_by else None
            yield (
                key,
                f"{row.title} ({row.place})",
                {"verdict": row.verdict, "note": row.note, "noted_by": by},
            )
