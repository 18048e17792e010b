"""Take a message that another program sends: the same one once, to the case that waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from engine.actions.deliveries import End, deliver
from engine.core import Engine
from engine.errors import Conflict, Invalid, Problem, Sentence, say
from engine.expressions.values import ValueRefused, json_native
from engine.ids import new_id
from engine.model.api_token import ApiToken
from engine.model.message import HELD, KEPT, MessageState
from engine.model.wait import Channel
from engine.storage import instances, messages
from engine.storage.events import to_json
from engine.storage.messages import MessageRow
from engine.storage.packing import Bulky
from engine.storage.transaction import IntegrityError

_MOST = 200  # characters of a name, an id or a key
_MOST_PROPERTIES = 20
_MOST_DATA = 100_000  # characters of JSON
_SCALARS = (str, int, float, bool)
_CLAIM = timedelta(seconds=30)  # in which whoever took it delivers it; the worker does it else


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A message as another program sends it; ``id`` is how that program calls it."""

    id: str
    name: str
    key: str | None = None
    correlation: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What has become of a message: delivered to a case, or kept until one waits for it."""

    state: MessageState
    number: str = ""  # of the case that took it
    until: datetime | None = None  # it is kept


def read_incoming(body: object) -> Incoming:
    """Read ``{"id", "name", "key", "data"}``; Invalid says everything that is wrong with it."""
    if not isinstance(body, Mapping):
        raise _invalid({"": say("Expected a JSON object.")})
    wrong: dict[str, Sentence] = {
        name: say("%(name)s is not known; expected id, name, key and data.", name=str(name)[:60])
        for name in body.keys() - {"id", "name", "key", "data"}
    }
    for name in ("id", "name"):
        if not _is_word(body.get(name)):
            wrong[name] = say("Expected a text of 1 to %(most)s characters.", most=_MOST)
    key = body.get("key")
    if not (key is None or _is_word(key) or _is_correlation(key)):
        wrong["key"] = say("Expected a text, or an object of texts and numbers by correlation property.")
    data = body.get("data", {})
    if not isinstance(data, Mapping) or not _is_clean(data):
        wrong["data"] = say("Expected a JSON object within the limits.")
    if wrong:
        raise _invalid(wrong)
    properties = key if isinstance(key, Mapping) else {}
    return Incoming(
        id=body["id"],
        name=body["name"],
        key=None if properties else key,
        correlation=properties,
        data=data,
    )


def receive(engine: Engine, sender: ApiToken, incoming: Incoming) -> Taken:
    """Deliver it, or keep it for a day; the same id is answered with what became of it.

    Conflict where several cases wait and nothing says which is meant, and where the id was used for
    another message.
    """
    digest = sha256(to_json([incoming.name, incoming.key, incoming.correlation, incoming.data]).encode())
    before = _written(engine, sender, incoming, digest.digest())
    if before is not None:
        if before.digest != digest.digest():
            raise Conflict(say("This id was used for another message. Send it with an id of its own."))
        return _taken(engine, before)
    with engine.store.reading() as connection:
        message = messages.of_outside(connection, sender.office, incoming.id)
    if message is None:
        raise Conflict(say("This message was refused in the meantime. Send it again."))
    done = deliver(engine, message)
    if done.end is End.SEVERAL:
        with engine.store.transaction() as connection:
            messages.discard(connection, message.id)
        raise Conflict(say("Several cases wait for %(name)s. Say by key which one.", name=incoming.name))
    with engine.store.reading() as connection:
        now = messages.load(connection, message.id)
    return _taken(engine, now or message, held=done.end is End.FAILED)


def _written(engine: Engine, sender: ApiToken, incoming: Incoming, digest: bytes) -> MessageRow | None:
    """Write the message, or give the one that came under its id before."""
    now = engine.clock.now()
    row = {
        "id": new_id(),
        "office": sender.office,
        "channel": Channel.MESSAGE.value,
        "name": incoming.name,
        "key": incoming.key,
        "correlation": to_json(incoming.correlation),
        "payload": Bulky(to_json(incoming.data)),
        "token": sender.id,
        "outside_id": incoming.id,
        "digest": digest,
        "state": MessageState.WAITING.value,
        "next_try_at": now + _CLAIM,
        "at": now,
    }
    with engine.store.reading() as connection:
        before = messages.of_outside(connection, sender.office, incoming.id)
    if before is not None:
        return before
    try:
        with engine.store.transaction() as connection:
            messages.add(connection, [row])
    except IntegrityError:  # the same was sent twice at once: the other one delivers it
        with engine.store.reading() as connection:
            return messages.of_outside(connection, sender.office, incoming.id)
    return None


def _taken(engine: Engine, message: MessageRow, *, held: bool = False) -> Taken:
    if message.state is MessageState.WAITING:
        held = held or message.at + KEPT < engine.clock.now()
        return Taken(state=message.state, until=message.at + (HELD if held else KEPT))
    with engine.store.reading() as connection:
        case = instances.load(connection, message.taken_by, None) if message.taken_by else None
    return Taken(state=message.state, number=case.number if case else "")


def _is_word(value: object) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= _MOST and value.isprintable()


def _is_correlation(value: object) -> bool:
    return (
        isinstance(value, Mapping)
        and 1 <= len(value) <= _MOST_PROPERTIES
        and all(_is_word(name) and isinstance(one, _SCALARS) for name, one in value.items())
        and _is_clean(value)
    )


def _is_clean(value: Any) -> bool:  # noqa: ANN401 - JSON value
    """Tell JSON that a case can keep: no deeper, longer or larger than it may be, and texts that are text."""
    try:
        text = to_json(json_native(value))
        text.encode()  # half of a character is none
    except (ValueRefused, ValueError, RecursionError):
        return False
    return len(text) <= _MOST_DATA and "\\u0000" not in text


def _invalid(wrong: Mapping[str, Sentence]) -> Invalid:
    return Invalid(
        tuple(Problem(field=name, label=name, sentence=sentence) for name, sentence in wrong.items())
    )
