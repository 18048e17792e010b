"""The proof of one event is checked by a program of its own, which refuses whatever was changed."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engine.record.bundles import VERIFY, one_proof, verified

CHECK = VERIFY.with_name("verify_event.py")
Proof = dict[str, Any]


@pytest.fixture(scope="module")
def proof(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Make one proof."""
    return one_proof(empty_sqlite, tmp_path_factory.mktemp("proof"))


def told(proof: bytes, folder: Path, *options: str) -> tuple[int, str]:
    path = folder / "bukti.json"
    path.write_bytes(proof)
    return verified(path, *options, check=CHECK)


def test_it_says_what_the_event_says_and_where_it_stands(proof: bytes, tmp_path: Path) -> None:
    code, said = told(proof, tmp_path)
    assert code == 0, said
    assert said.startswith("UTUH: kejadian 3 (task.completed) dicatat pada 2026-11-23 09:00:00 WIB")
    assert '"kegiatan":"Pelatihan"' in said
    assert "BANDINGKAN" in said
    key = said.split("Sidik jari kunci: ")[1].split("\n")[0]
    code, said = told(proof, tmp_path, "--key", key, "--language", "en")
    assert (code, "COMPARE" in said) == (0, False)
    assert told(proof, tmp_path, "--key", "b" * 64)[0] == 1


def _payload(one: Proof) -> None:
    one["event"]["payload"] = one["event"]["payload"].replace("Pelatihan", "Perjalanan")


def _case(one: Proof) -> None:
    one["case"]["id"] = "0" * 32


def _signature(one: Proof) -> None:
    body, _, last = one["checkpoint"].rpartition(" ")
    raw = bytearray(base64.b64decode(last))
    raw[-1] ^= 1
    one["checkpoint"] = f"{body} {base64.b64encode(raw).decode()}\n"


def _cut(one: Proof) -> None:
    """Let the text begin later: what stood before it is called salt."""
    text, at = one["event"]["payload"], one["event"]["payload"].index("{", 1)
    one["event"] |= {"payload": text[at:], "salt": one["event"]["salt"] + text[:at].encode().hex()}


CHANGES: dict[str, tuple[Callable[[Proof], None], str]] = {
    "payload": (_payload, "Isi kejadian 3 diubah."),
    "cut": (_cut, "Isi kejadian 3 diubah."),
    "salt left": (lambda one: one["event"].update(payload=None), "Isi kejadian 3 diubah."),
    "zone in words": (lambda one: one.update(zone=["WIB, diverifikasi BPK.", 420]), "bukan zona waktu"),
    "zone of years": (lambda one: one.update(zone=["WIB", -3679200]), "bukan zona waktu"),
    "who": (lambda one: one["event"].update(actor="0" * 32), "Kejadian 3 tidak terbukti"),
    "when": (lambda one: one["event"].update(at="2026-11-23T03:00:00.000000Z"), "Kejadian 3 tidak terbukti"),
    "index": (lambda one: one.update(index=one["index"] + 1), "Kejadian 3 tidak terbukti"),
    "far": (lambda one: one.update(index=10**9), "Kejadian 3 tidak terbukti"),
    "path": (lambda one: one["path"].append("00" * 32), "Kejadian 3 tidak terbukti"),
    "case": (_case, "bukan dari berkas yang disebut"),
    "signature": (_signature, "Tanda tangan titik periksa tidak sah"),
    "size": (
        lambda one: one.update(checkpoint=one["checkpoint"].replace("\n", "\n9", 1)),
        "Tanda tangan titik periksa tidak sah",
    ),
}


@pytest.mark.parametrize("name", list(CHANGES))
def test_what_was_changed_is_refused(proof: bytes, tmp_path: Path, name: str) -> None:
    change, sentence = CHANGES[name]
    changed = json.loads(proof)
    change(changed)
    code, said = told(json.dumps(changed).encode(), tmp_path)
    assert code == 1
    assert said.startswith("TIDAK UTUH. ")
    assert sentence in said


def test_an_erased_text_is_said_to_be_gone(proof: bytes, tmp_path: Path) -> None:
    erased = json.loads(proof)
    erased["event"] |= {"payload": None, "salt": ""}
    code, said = told(json.dumps(erased).encode(), tmp_path)
    assert code == 0
    assert "Hanya digest-nya yang terbukti." in said


@pytest.mark.parametrize("content", [b"Ini surat.", b"{}", b"[]"])
def test_what_is_no_proof_is_called_so(tmp_path: Path, content: bytes) -> None:
    code, said = told(content, tmp_path)
    assert code == 1
    assert said.startswith("TIDAK DAPAT DIPERIKSA. ")
