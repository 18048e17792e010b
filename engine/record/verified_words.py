"""Says what a verification read and what it proves."""

from __future__ import annotations

from engine.errors import Sentence, say
from engine.record.verification import Verified


def in_words(found: Verified) -> list[Sentence]:
    """Say what was read and what it proves, before the findings."""
    lines = [
        say(
            "%(events)s events in %(streams)s streams, %(waiting)s of them not sealed yet; "
            "%(erased)s with their text erased.",
            events=found.events,
            streams=found.streams,
            waiting=found.waiting,
            erased=found.erased,
        ),
        say(
            "%(matched)s checkpoints fit: of %(inside)s in the database and %(outside)s outside of it.",
            matched=found.matched,
            inside=found.inside,
            outside=found.outside,
        ),
        say(
            "%(documents)s documents (%(bytes)s bytes read) and %(versions)s versions of SOPs looked at.",
            documents=found.documents,
            bytes=found.document_bytes,
            versions=found.versions,
        ),
    ]
    return lines + _remarks(found)


def _remarks(found: Verified) -> list[Sentence]:
    remarks = []
    if found.archives:
        remarks.append(
            say(
                "%(archives)s archive files looked at, with %(events)s events.",
                archives=found.archives,
                events=found.archived,
            )
        )
    if not found.outside:
        remarks.append(
            say(
                "No checkpoint outside the database was compared: "
                "whoever has the key and the database could have written all of it anew."
            )
        )
    elif found.proven_at is not None:
        remarks.append(
            say(
                "A checkpoint outside the database proves the first %(size)s events as they were on %(at)s.",
                size=found.proven_size,
                at=found.proven_at,
            )
        )
    if found.late:
        remarks.append(
            say(
                "%(count)s events are dated more than an hour before the checkpoint they were sealed after.",
                count=found.late,
            )
        )
    return remarks
