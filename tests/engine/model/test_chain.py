"""A stream is proved from its events, and the first that does not fit is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from engine.model.event import (
    GENESIS,
    Event,
    EventKind,
    Scope,
    chain_link,
    first_broken,
    header_of,
    payload_digest,
)

STREAM = UUID(int=7)


def stream(kept: set[int]) -> tuple[list[Event], bytes]:
    """Make six events of which some keep their link."""
    made, link = [], GENESIS
    for seq in range(1, 7):
        payload, salt = f'{{"n":{seq}}}', bytes(16)
        event = Event(
            stream=STREAM,
            seq=seq,
            scope=Scope.INSTANCE,
            kind=EventKind.COMMENT_ADDED,
            at=datetime(2026, 11, 23, 2, seq, tzinfo=UTC),
            actor=None,
            on_behalf_of=None,
            attempt=None,
            element="langkah",
            round=1,
            iteration=None,
            payload=payload,
            salt=salt,
            digest=payload_digest(payload.encode(), salt),
            chain=b"",
        )
        link = chain_link(link, header_of(event), event.digest)
        made.append(replace(event, chain=link if seq in kept else b""))
    return made, link


@pytest.mark.parametrize("kept", [{1, 2, 3, 4, 5, 6}, {3, 6}, {6}])
def test_a_stream_as_it_was_written_fits(kept: set[int]) -> None:
    events, head = stream(kept)
    assert first_broken(events, head) is None
    erased = [replace(one, payload=None, salt=None) for one in events]
    assert first_broken(erased, head) is None
    assert first_broken([], GENESIS) is None


def test_a_changed_payload_is_named_itself() -> None:
    events, head = stream({6})
    events[2] = replace(events[2], payload='{"n":33}')
    assert first_broken(events, head) is events[2]


@pytest.mark.parametrize(
    "change",
    [{"actor": UUID(int=1)}, {"at": datetime(2020, 1, 1, tzinfo=UTC)}, {"element": "lain"}, {"round": 2}],
)
def test_a_changed_header_shows_at_the_next_link_that_is_kept(change: dict[str, object]) -> None:
    events, head = stream({4, 6})
    events[1] = replace(events[1], **change)
    assert first_broken(events, head) is events[3]


def test_one_too_few_or_too_many_shows_at_the_end() -> None:
    events, head = stream({6})
    assert first_broken(events[:-1], head) is events[-2]
    assert first_broken(events, GENESIS) is events[-1]
