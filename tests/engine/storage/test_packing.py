"""What is packed comes back to the letter, and only where it is worth it."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, text

from engine.clock import SetClock
from engine.ids import new_id
from engine.storage.packing import Bulky, packed, unpacked
from engine.storage.tables import event
from engine.storage.transaction import Store

SUBMITTED = json.dumps(
    {"roles": ["ketua"], "data": {"rows": [{"name": f"Baris {n}", "unit": "%"} for n in range(12)]}}
)


@given(st.text(st.characters(codec="utf-8")))
def test_a_text_comes_back_to_the_letter(written: str) -> None:
    assert unpacked(packed(written)) == written


def test_what_people_submit_takes_a_third() -> None:
    assert len(packed(SUBMITTED)) < len(SUBMITTED) / 3


def test_what_the_first_dictionary_packed_is_read_for_ever() -> None:
    """The bytes are of the first release: whoever changes its dictionary loses the record."""
    assert unpacked(bytes.fromhex(FIRST)) == '{"roles":["ketua"],"data":{"catatan":"Baik"},"worked":10}'


FIRST = "0043f2583630a813956211de4b06d2c070011ae5949899ad548b30c2d0a01600"


def test_what_the_second_dictionary_packed_is_read_for_ever() -> None:
    assert unpacked(bytes.fromhex(SECOND)) == OPENED


OPENED = '{"task":"01a2","role":"kasub","clock":"arrival","trail":[["flow","ke_mengisi"]]}'
SECOND = "01438ad8442344d402b37b6912d12909e8e7745089074c2800"


def test_what_the_third_dictionary_packed_is_read_for_ever() -> None:
    assert unpacked(bytes.fromhex(THIRD)) == WITH_AN_IDENTITY


WITH_AN_IDENTITY = (
    '{"task":"01a21bee16d471049a4dd77e532f9eef",'
    '"role":"kasub","clock":"arrival","trail":[["flow","ke_mengisi"]]}'
)
THIRD = "02c316a5c05c5e9a44740202fa341d54d001d3070001a21bee16d471049a4dd77e532f9eef"


@given(st.lists(st.binary(min_size=16, max_size=16), max_size=5), st.text("0123456789abcdef\0é", max_size=80))
def test_identities_come_back_among_what_looks_like_them(identities: list[bytes], between: str) -> None:
    written = between.join(one.hex() for one in identities)
    assert unpacked(packed(written)) == written


def test_an_identity_takes_no_more_bytes_than_it_has() -> None:
    one, other = f'"{new_id().hex}"', f'"{new_id().hex}"'
    assert len(packed(f"[{one},{one},{other}]")) <= len(packed(f"[{one}]")) + 2 * 16 + 4


def test_a_bulky_payload_is_bytes_on_sqlite_and_text_for_everybody_who_reads(
    store: Store, clock: SetClock
) -> None:
    row = {"stream": new_id(), "scope": 0, "at": clock.now(), "digest": bytes(32), "chain": bytes(32)}
    with store.transaction() as connection:
        connection.execute(
            insert(event),
            [
                row | {"seq": 1, "kind": "task.completed", "payload": Bulky(SUBMITTED)},
                row | {"seq": 2, "kind": "task.claimed", "payload": SUBMITTED},
                row | {"seq": 3, "kind": "task.opened", "payload": Bulky("~")},  # no byte to be saved
            ],
        )
        read = connection.scalars(select(event.c.payload).order_by(event.c.seq)).all()
        assert read == [SUBMITTED, SUBMITTED, "~"]
        if store.dialect == "sqlite":
            kinds = connection.scalars(text("SELECT typeof(payload) FROM event ORDER BY seq")).all()
            assert kinds == ["blob", "text", "text"]
