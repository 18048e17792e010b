"""The proof of an event says what does not hold, whatever stands in the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from engine.actions import cancellation, erasures
from engine.core import Sealing
from engine.ids import new_id
from engine.model.erasure import Erasure
from engine.model.event import EventKind, payload_digest
from engine.queries.event_erasure import ErasedBy
from engine.queries.event_proof import EventProof, Fault, event_proof
from engine.record.event_proof import fault_of
from engine.record.sealing import seal
from engine.record.signing import replace_key
from engine.storage.tables import event, tree
from tests.engine.record.scenes import Scene, at, origin_of, read, rechain, reseal, set_up
from tests.offices import Office


@pytest.fixture
def scene(sealed_office: Office, sealing: Sealing) -> Scene:
    """Give an office with three sealed cases."""
    return set_up(sealed_office, sealing)


def proof(scene: Scene, seq: int = 2) -> EventProof:
    return event_proof(scene.office.engine, scene.office.people["agus"], scene.case, seq)


def fault(scene: Scene, seq: int = 2) -> Fault | None:
    return fault_of(scene.office.engine, proof(scene, seq))


def erasure(scene: Scene, seq: int) -> ErasedBy:
    found = proof(scene, seq).erased_by
    assert found
    return found


def forge(scene: Scene, connection: Connection, **facts: Any) -> None:
    """Put an erasure of event 2 behind the case's events, and take the text of that one out."""
    model = read(connection, scene.case)[-1]
    told = '{"documents":[],"events":[2],"kept":[],"letter":"12/U","reason":"Permintaan"}'
    values = {column: getattr(model, column) for column in ("stream", "at", "actor", "salt")}
    values |= {
        "seq": model.seq + 1,
        "scope": 0,
        "kind": EventKind.DATA_ERASED.value,
        "payload": told,
        "digest": payload_digest(told.encode(), model.salt or b""),
        "chain": b"\1" * 32,
    }
    connection.execute(insert(event).values(values | facts))
    connection.execute(update(event).where(at(scene.case, 2)).values(payload=None, salt=None))


def test_what_is_as_it_was_recorded_holds(scene: Scene) -> None:
    assert [fault(scene, seq) for seq in (1, 2, 3)] == [None] * 3


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"payload": "{}"}, Fault.TEXT),
        ({"payload": None, "salt": None}, Fault.GONE),
        ({"element": "lain"}, Fault.PLACE),
        ({"sealed": 999_999}, Fault.PLACE),
        ({"sealed": -1}, Fault.PLACE),
    ],
)
def test_what_was_done_to_it_by_hand_is_said(
    scene: Scene, values: Mapping[str, Any], expected: Fault
) -> None:
    with scene.unguarded() as connection:
        connection.execute(update(event).where(at(scene.case, 2)).values(values))
    assert fault(scene) is expected


def test_a_text_erased_on_demand_still_holds_and_its_salt_left_behind_is_said(scene: Scene) -> None:
    dewi = scene.office.people["dewi"]
    salt = scene.office.events(scene.case)[2].salt
    cancellation.cancel(scene.office.engine, dewi, scene.case, "Ditarik")
    asked = Erasure(events=frozenset({3}), letter="12/U", reason="Permintaan", attempt=new_id())
    erasures.erase(scene.office.engine, dewi, scene.case, asked)
    seal(scene.office.engine)
    assert fault(scene, 3) is None
    assert erasure(scene, 3).seq == len(scene.office.events(scene.case))
    with scene.unguarded() as connection:
        connection.execute(update(event).where(at(scene.case, 3)).values(salt=salt))
    assert fault(scene, 3) is Fault.SALT


def test_an_erasure_that_was_written_anew_excuses_nothing(scene: Scene) -> None:
    dewi = scene.office.people["dewi"]
    cancellation.cancel(scene.office.engine, dewi, scene.case, "Ditarik")
    asked = Erasure(events=frozenset({3}), letter="12/U", reason="Permintaan", attempt=new_id())
    erasures.erase(scene.office.engine, dewi, scene.case, asked)
    last = scene.office.events(scene.case)[-1]
    told = (last.payload or "").replace('"events":[3]', '"events":[2,3]')
    with scene.unguarded() as connection:
        connection.execute(update(event).where(at(scene.case, last.seq)).values(payload=told))
        connection.execute(update(event).where(at(scene.case, 2)).values(payload=None, salt=None))
    assert fault(scene) is Fault.GONE


@pytest.mark.parametrize("sealed", [None, 0, 999_999])
def test_an_erasure_put_in_by_hand_excuses_nothing(scene: Scene, sealed: int | None) -> None:
    with scene.unguarded() as connection:
        if sealed == 0:
            connection.execute(update(event).where(event.c.sealed == 0).values(sealed=None))
        forge(scene, connection, sealed=sealed)
    assert fault(scene) is Fault.ERASURE
    assert scene.found()[0]


def test_an_erasure_put_in_with_its_chain_excuses_nothing_at_a_place_that_is_not_its_own(
    scene: Scene,
) -> None:
    with scene.unguarded() as connection:
        connection.execute(update(event).where(event.c.sealed == 0).values(sealed=None))
        forge(scene, connection, sealed=0)
        rechain(connection, scene.case)
    assert erasure(scene, 2).is_chained
    assert fault(scene) is Fault.ERASURE


def test_an_erasure_excuses_wholly_once_it_is_sealed(scene: Scene) -> None:
    dewi = scene.office.people["dewi"]
    cancellation.cancel(scene.office.engine, dewi, scene.case, "Ditarik")
    asked = Erasure(events=frozenset({2}), letter="12/U", reason="Permintaan", attempt=new_id())
    erasures.erase(scene.office.engine, dewi, scene.case, asked)
    assert erasure(scene, 2).seal is None
    seal(scene.office.engine)
    assert erasure(scene, 2).seal
    assert fault(scene) is None


def test_another_key_in_the_database_signs_nothing(scene: Scene) -> None:
    signer = replace_key(scene.sealing.key.with_name("foreign.key"), origin_of(scene.office.engine.store))
    with scene.unguarded() as connection:
        reseal(connection, signer)
        connection.execute(update(tree).values(key=signer.public.line))
    assert proof(scene).fault is None
    assert fault(scene) is Fault.SIGNATURE
