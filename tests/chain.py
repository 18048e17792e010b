"""The chain of a stream, worked out again from its rows alone."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.event import GENESIS, Event, chain_link, header_of, payload_digest


def head_of(events: Sequence[Event]) -> bytes:
    """Link the events anew; fails where a payload is not what its digest says.

    Of what was written at once only the last link is kept. The first release kept every one.
    """
    link = GENESIS
    for event in events:
        assert event.payload is not None
        digest = payload_digest(event.payload.encode(), event.salt or b"")
        header = header_of(event)
        link = chain_link(link, header, digest)
        assert (event.digest, event.chain or link) == (digest, link), f"event {event.seq}"
    return link
