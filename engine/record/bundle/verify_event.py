"""Periksa bukti satu kejadian Alur tanpa jaringan. Check the proof of one event of Alur without a network.

    python verify_event.py BUKTI.json [--key KUNCI] [--language id|en]

KUNCI: fingerprint or file of the key that the office published. Needs Python 3.10 and the package
cryptography, nothing of Alur. Ends with 0 where everything holds, else 1. Format: docs/record-format.md.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HEADER = "scope stream seq kind at actor on_behalf_of attempt element round iteration"  # parts of an event
WRONG = {
    "case": ("Kejadian ini bukan dari berkas yang disebut.", "The event is not of the case that is named."),
    "digest": ("Isi kejadian {} diubah.", "What event {} says was changed."),
    "key": ("Ditandatangani dengan kunci lain: {}", "It was signed with another key: {}"),
    "proof": ("Kejadian {} tidak terbukti ada dalam catatan.", "Event {} is not shown to be in the record."),
    "signature": ("Tanda tangan titik periksa tidak sah.", "The signature of the checkpoint does not hold."),
    "zone": ("Zona waktunya bukan zona waktu.", "Its time zone is none."),
    "unread": ("TIDAK DAPAT DIPERIKSA. Tidak terbaca: {}", "COULD NOT BE CHECKED. It cannot be read: {}"),
}
TOLD = (  # the last line only where no key was named
    """UTUH: kejadian {seq} ({kind}) dicatat pada {when}, dan ada dalam catatan seperti saat ditulis.
Ini kejadian ke-{number} dari {size} kejadian yang ditandatangani pada {at}.
{said}
Tidak ditunjukkan: nomor berkas, kejadian lain, dan apakah yang dicatat itu benar.
Sidik jari kunci: {key}
BANDINGKAN dengan yang diumumkan instansi: siapa pun dapat menandatangani dengan kunci lain.""",
    """INTACT: event {seq} ({kind}) was recorded on {when}, and stands in the record as it was written.
It is number {number} of the {size} events that were signed on {at}.
{said}
Not shown: the number of the case, other events, and whether what was recorded is true.
Fingerprint of the key: {key}
COMPARE it with the one that the office published: anybody could have signed with another key.""",
)
SAID = (
    ("Isinya: {}", "It says: {}"),
    (
        "File ini tidak memuat isinya: dihapus, atau dikeluarkan darinya. Hanya digest-nya yang terbukti.",
        "This file does not have what it says: erased, or left out of the file. Its digest alone is proved.",
    ),
)


class Wrong(Exception):
    """Something is not as it was signed."""


def must(holds: object, what: str, *about: object) -> None:
    """Stop where something does not hold."""
    if not holds:
        raise Wrong(what, *about)


def climb(at: int, last: int, leaf: bytes, path: list[str]) -> bytes:
    """Hash upwards from a leaf: the root of the tree, or nothing (RFC 9162, 2.1.3.2)."""
    for other in map(bytes.fromhex, path):
        if last == 0:
            return b""
        if at & 1 or at == last:
            leaf = hashlib.sha256(b"\1" + other + leaf).digest()
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            leaf = hashlib.sha256(b"\1" + leaf + other).digest()
        at, last = at >> 1, last >> 1
    return leaf if last == 0 else b""


def signed(note: str, name: str, key: bytes) -> list[str]:
    """Give the lines of a note that the key signed under a name."""
    body, _, last = note.rpartition("\n\n")
    raw = base64.b64decode(last.rpartition(" ")[2])
    known = hashlib.sha256(f"{name}\n\1".encode() + key).digest()[:4]
    as_written = f"{body}\n\n\u2014 {name} {base64.b64encode(raw).decode()}\n"
    must(note == as_written and raw[:4] == known, "signature")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(raw[4:], f"{body}\n".encode())
    except InvalidSignature:
        raise Wrong("signature") from None
    return body.split("\n")


def keys_in(text: str) -> list[bytes]:
    """Read public keys, a line each: name+id+base64 of 0x01 and 32 bytes."""
    return [base64.b64decode(line.split("+", 2)[2])[1:] for line in text.split()]


def is_whole(text: str) -> bool:
    """Tell whether a text is one JSON object, and no part of one."""
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def check(proof: dict[str, Any], wanted: list[str] | None) -> dict[str, Any]:
    """Check a proof, whose key must be among those wanted; gives what is to be told."""
    event, index, key = proof["event"], proof["index"], keys_in(proof["key"])[0]
    print_of = hashlib.sha256(key).digest()
    must(wanted is None or print_of.hex() in wanted, "key", print_of.hex(" ", 2))
    origin, size, root, at = signed(proof["checkpoint"], proof["record"], key)
    must(origin == proof["record"], "signature")
    must((event["scope"], event["stream"]) == ("instance", proof["case"]["id"]), "case")
    seq, digest, said = event["seq"], bytes.fromhex(event["digest"]), event["payload"]
    salt = bytes.fromhex(event["salt"])
    if said is None:
        must(not salt, "digest", seq)
    else:  # one cut alone leaves a salt of its length, or none, and a text that is one whole JSON object
        must(len(salt) in {0, 16} and is_whole(said), "digest", seq)
        must(hashlib.sha256(salt + said.encode()).digest() == digest, "digest", seq)
    header = "\n".join(str(event[part]) for part in HEADER.split()).encode()
    leaf = hashlib.sha256(b"\0" + header + digest).digest()
    must(0 <= index < int(size), "proof", seq)
    must(climb(index, int(size) - 1, leaf, proof["path"]) == base64.b64decode(root), "proof", seq)
    zone, minutes = proof["zone"]  # of the office; not signed, so nothing but a clock's difference
    must(re.fullmatch(r"[A-Za-z0-9+-]{1,8}", zone) and type(minutes) is int, "zone")
    must(abs(minutes) <= 14 * 60, "zone")
    when, signed_at = (
        f"{datetime.fromisoformat(one[:19]) + timedelta(minutes=minutes)} {zone} ({one[:19]}Z)"
        for one in (event["at"], at)
    )
    facts = {"when": when, "at": signed_at, "number": index + 1, "size": size, "key": print_of.hex(" ", 2)}
    return facts | {"seq": seq, "kind": event["kind"], "said": said}


def main() -> int:
    """Check the proof that is named, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("proof", type=Path)
    parser.add_argument("--key", type=Path)
    parser.add_argument("--language", choices=("id", "en"), default="id")
    asked = parser.parse_args()
    own, wanted, code = ("id", "en").index(asked.language), None, 1
    try:
        if asked.key:
            keys = keys_in(asked.key.read_text("utf-8")) if asked.key.is_file() else []
            wanted = [hashlib.sha256(one).hexdigest() for one in keys] or ["".join(str(asked.key).split())]
        facts = check(json.loads(asked.proof.read_bytes()), wanted)
        facts["said"] = SAID[facts["said"] is None][own].format(facts["said"])
        lines = TOLD[own].format(**facts).rsplit("\n", 1)
        code, said = 0, lines[0] if wanted else "\n".join(lines)
    except Wrong as wrong:
        said = ("TIDAK UTUH. ", "NOT INTACT. ")[own] + WRONG[wrong.args[0]][own].format(*wrong.args[1:])
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        said = WRONG["unread"][own].format(asked.proof if isinstance(error, OSError) else repr(error))
    sys.stdout.buffer.write(f"{said}\n".encode(sys.stdout.encoding, "replace"))
    return code


if __name__ == "__main__":
    sys.exit(main())
