"""Periksa paket bukti audit Alur tanpa jaringan. Check an evidence bundle of Alur without a network.

    python verify.py PAKET.zip [--key KUNCI] [--language id|en]

KUNCI: fingerprint or file of the key that the office published. Needs Python 3.10 and the package
cryptography, nothing of Alur. Ends with 0 where everything holds, else 1. Format: docs/record-format.md.
"""

import argparse
import base64
import hashlib
import json
import struct
import sys
import zlib
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LOCAL, LISTED, END = struct.Struct("<4s5H3L2H"), struct.Struct("<3H2L"), struct.Struct("<4s4H2LH")  # of PKZIP
HEADER = "scope stream seq kind at actor on_behalf_of attempt element round iteration"  # parts of an event
LAST = ("manifest.json", "manifest.sig")  # they vouch for all others
WRONG = {
    "archive": ("Paket diubah pada atau di dekat {}.", "The archive was changed at or near {}."),
    "missing": ("{} tidak ada.", "{} is missing."),
    "unknown": ("{} tidak termasuk paket ini.", "{} does not belong to this bundle."),
    "bytes": ("{} diubah.", "{} was changed."),
    "signature": ("Tanda tangan {} tidak sah.", "The signature of {} does not hold."),
    "key": ("Ditandatangani dengan kunci lain: {}", "It was signed with another key: {}"),
    "next": ("Setelah kejadian {} ada yang hilang atau asing.", "After event {} one is missing or foreign."),
    "digest": ("Isi kejadian {} diubah.", "What event {} says was changed."),
    "proof": ("Kejadian {} tidak terbukti ada dalam catatan.", "Event {} is not shown to be in the record."),
    "older": ("{} bukan awal catatan ini.", "{} is no beginning of this record."),
    "document": ("Dokumen {} bukan yang dicatat.", "Document {} is not the one on record."),
    "version": ("SOP revisi {} bukan yang dicatat.", "Revision {} of the SOP is not the one on record."),
    "erased": ("{} kosong tanpa catatan penghapusan.", "{} is empty, with no erasure on record."),
    "other": ("Ini bukan paket bukti, atau dikemas ulang.", "This is no bundle, or one packed anew."),
    "unread": ("TIDAK DAPAT DIPERIKSA. Tidak terbaca: {}", "COULD NOT BE CHECKED. It cannot be read: {}"),
}
TOLD = (  # the last line only where no key was named
    """UTUH: berkas {number}, {title}. {files} isi paket lengkap, tidak ada yang berubah.
{events} kejadian, urut tanpa celah, semuanya ada dalam catatan yang pada {at} berisi {size}.
{earlier} titik periksa sebelumnya cocok. {documents} dokumen dan SOP revisi {versions} sesuai catatan.
Dihapus menurut hukum: isi {erased_events} kejadian (digest-nya tetap terbukti) dan {gone} dokumen.
Tidak ditunjukkan: kejadian sesudahnya, dan apakah yang dicatat itu benar.
Sidik jari kunci: {key}
BANDINGKAN dengan yang diumumkan instansi: siapa pun dapat menandatangani dengan kunci lain.""",
    """INTACT: case {number}, {title}. All {files} files of the archive are there, and unchanged.
{events} events in their order, none missing between, all in the record, which had {size} on {at}.
{earlier} earlier checkpoints agree. {documents} documents and revision {versions} of the SOP are as recorded.
Erased on legal demand: what {erased_events} events said (their digests still hold), and {gone} documents.
Not shown: what happened afterwards, and whether what was recorded is true.
Fingerprint of the key: {key}
COMPARE it with the one that the office published: anybody could have signed with another key.""",
)


class Wrong(Exception):
    """Something is not as it was signed."""


def must(holds: object, what: str, *about: object) -> None:
    """Stop where something does not hold."""
    if not holds:
        raise Wrong(what, *about)


class Bundle:
    """A bundle whose every byte was read: name -> (where a file begins, its size, its SHA-256)."""

    def __init__(self, file: BinaryIO) -> None:
        """Read an archive, which must be what its files make it: no gap, nothing hidden or behind it."""
        self.file, self.files = file, dict[str, tuple[int, int, str]]()
        name, what, listed, at = LAST[0], "other", b"", 0
        while (start := file.read(LOCAL.size))[:4] == b"PK\3\4" and len(start) == LOCAL.size:
            crc, size, _, length = LOCAL.unpack(start)[6:10]
            raw = file.read(length)
            expected = LOCAL.pack(b"PK\3\4", 20, 0x800, 0, 0, 0x21, crc, size, size, length, 0)
            name, known = raw.decode(errors="replace"), name
            must(start + raw == expected + name.encode() and name not in self.files, what, name or known)
            content = file.read(size)
            must(len(content) == size and zlib.crc32(content) == crc, "bytes", name)
            self.files[name] = (at + LOCAL.size + length, size, hashlib.sha256(content).hexdigest())
            listed += b"PK\1\2\x14\3" + start[4:] + LISTED.pack(0, 0, 0, 0x81A40000, at) + raw
            at, what = file.tell(), "archive"
        listed += END.pack(b"PK\5\6", 0, 0, *[len(self.files)] * 2, len(listed), at, 0)
        must(start + file.read(len(listed)) == listed, what, name)

    def read(self, name: str) -> bytes:
        """Give the bytes of a file."""
        must(name in self.files, "missing", name)
        self.file.seek(self.files[name][0])
        return self.file.read(self.files[name][1])

    def lines(self, name: str) -> list[Any]:
        """Read a file of JSON, line by line."""
        return [json.loads(line) for line in self.read(name).splitlines()]

    def under(self, folder: str) -> list[tuple[str, str]]:
        """Give names, without the folder's, and digests of the files in a folder."""
        return [(name[len(folder) :], one[2]) for name, one in self.files.items() if name.startswith(folder)]


def signed(bundle: Bundle, file: str, name: str, keys: list[bytes]) -> list[str]:
    """Give the lines of a note that one of the keys signed under a name."""
    body, _, last = (note := bundle.read(file).decode()).rpartition("\n\n")
    raw = base64.b64decode(last.rpartition(" ")[2])
    must(note == f"{body}\n\n\u2014 {name} {base64.b64encode(raw).decode()}\n", "signature", file)
    for key in keys:
        if hashlib.sha256(f"{name}\n\1".encode() + key).digest()[:4] == raw[:4]:
            with suppress(InvalidSignature):
                Ed25519PublicKey.from_public_bytes(key).verify(raw[4:], f"{body}\n".encode())
                return body.split("\n")
    raise Wrong("signature", file)


def keys_in(text: str) -> list[bytes]:
    """Read public keys, a line each: name+id+base64 of 0x01 and 32 bytes."""
    return [base64.b64decode(line.split("+", 2)[2])[1:] for line in text.split()]


def climb(at: int, last: int, old: bytes, new: bytes, path: list[str]) -> tuple[bytes, bytes] | None:
    """Hash upwards from a node: the roots of the tree that ended there, and of the whole (RFC 9162, 2.1)."""
    for other in map(bytes.fromhex, path):
        if last == 0:
            return None
        if at & 1 or at == last:
            old, new = (hashlib.sha256(b"\1" + other + one).digest() for one in (old, new))
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = hashlib.sha256(b"\1" + new + other).digest()
        at, last = at >> 1, last >> 1
    return (old, new) if last == 0 else None


def check_checkpoints(bundle: Bundle, record: str, keys: list[bytes]) -> tuple[int, bytes, str, int]:
    """Check that earlier checkpoints are of this record; gives size, root, time, and how many they are."""
    origin, size, root, at = signed(bundle, "checkpoint.txt", record, keys[:1])
    must(origin == record, "signature", "checkpoint.txt")
    last, now, earlier = int(size) - 1, base64.b64decode(root), bundle.lines("consistency.jsonl")
    for one in earlier:
        origin, first, was, _ = signed(bundle, one["file"], record, keys)
        before, place, top = base64.b64decode(was), int(first) - 1, last
        path = one["path"] if int(first) & place else [before.hex(), *one["path"]]  # a power of two
        while place & 1:
            place, top = place >> 1, top >> 1
        start, same = bytes.fromhex(path[0]), origin == record and 0 < int(first) < int(size)
        must(same and climb(place, top, start, start, path[1:]) == (before, now), "older", one["file"])
    return int(size), now, at, len(earlier)


def check_events(bundle: Bundle, case: str, size: int, root: bytes) -> tuple[int, list[tuple[str, Any]]]:
    """Check each event, its place in the case and in the record; gives their number and what they say."""
    seq, index, link, kept, said = 0, -1, bytes(32), "", []
    for one, proof in zip(bundle.lines("events.jsonl"), bundle.lines("proofs.jsonl"), strict=True):
        same = (one["scope"], one["stream"], one["seq"]) == ("instance", case, seq + 1)
        must(same and index < proof["index"] < size, "next", seq)
        seq, index, digest = seq + 1, proof["index"], bytes.fromhex(one["digest"])
        header = "\n".join(str(one[part]) for part in HEADER.split()).encode()
        if one["payload"] is not None:
            salt, entry = bytes.fromhex(one["salt"]), json.loads(one["payload"])
            whole = len(salt) in {0, 16} and isinstance(entry, dict)  # nothing moved between salt and text
            must(whole and hashlib.sha256(salt + one["payload"].encode()).digest() == digest, "digest", seq)
            said.append((one["kind"], entry))
        link, kept = hashlib.sha256(link + header + digest).digest(), one["chain"]
        must(kept in {"", link.hex()}, "next", seq)
        leaf = hashlib.sha256(b"\0" + header + digest).digest()
        must((climb(index, size - 1, leaf, leaf, proof["path"]) or [b""])[-1] == root, "proof", seq)
    must(kept, "next", seq)  # an act that was recorded whole ends with its link
    return seq, said


def check_content(bundle: Bundle, manifest: dict[str, Any], said: list[tuple[str, Any]]) -> dict[str, Any]:
    """Check that documents and SOP are those that events name; gives what is to be told of them."""
    lists = [one.get("documents", []) + one.get("kept", []) for _, one in said]
    named = {one[0]: one[-1] for some in lists for one in some if isinstance(one, list) and one[-1]}
    named |= {one["no"]: one["sha256"] for kind, one in said if kind == "document.added"}
    here = {int(name.split("-")[0]): digest for name, digest in bundle.under("documents/")}
    told = all("kept" in one for kind, one in said if kind == "data.erased")  # not by earlier releases
    for no in named.keys() | here.keys() if told else named:
        must(here.get(no) == named.get(no) or no in manifest["erased_documents"], "document", no)
    known: dict[str, str] = dict(manifest["recoded"])
    for number in sorted({name.split("/")[0] for name, _ in bundle.under("versions/")} - known.keys()):
        files = sorted(one for one in bundle.under(f"versions/{number}/") if one[0] != "README.md")
        known[number] = hashlib.sha256("".join(f"{a} {b}\n" for a, b in files).encode()).hexdigest()[:32]
    starts = [("case.started", one["begun"]) for _, one in said if "begun" in one]  # erased, and kept so
    for kind, one in said + starts:
        now = {"case.started": one.get("version"), "case.moved": one.get("revisions", [0])[-1]}.get(kind, "?")
        must(now == "?" or known.get(str(now)) == one["sop"], "version", now)
        must("sop" not in one or one["sop"] in known.values(), "version", now)
    return {"documents": len(here), "versions": ", ".join(known), "gone": len(manifest["erased_documents"])}


def check(file: BinaryIO, wanted: list[str] | None) -> dict[str, Any]:
    """Check a bundle, whose key must be among those wanted; gives what is to be told."""
    bundle = Bundle(file)
    keys = keys_in(bundle.read("key.pub").decode())
    key = hashlib.sha256(keys[0]).digest()
    must(wanted is None or key.hex() in wanted, "key", key.hex(" ", 2))
    manifest: dict[str, Any] = json.loads(bundle.read(LAST[0]))
    said = signed(bundle, LAST[1], f"{manifest['record']}/bundle", keys[:1])
    must(said == [f"{manifest['record']}/bundle", bundle.files[LAST[0]][2]], "bytes", LAST[0])
    listed = {one["name"]: (one["size"], one["sha256"]) for one in manifest["files"]}
    for name in [*listed, *bundle.files]:
        must(name in bundle.files, "missing", name)
        must(name in listed or name in LAST, "unknown", name)
        must(name in LAST or listed[name] == bundle.files[name][1:], "bytes", name)
    size, root, at, earlier = check_checkpoints(bundle, manifest["record"], keys)
    events, told = check_events(bundle, manifest["case"]["id"], size, root)
    lost = [one["seq"] for one in bundle.lines("events.jsonl") if one["payload"] is None]
    must((events, len(lost)) == (manifest["events"], manifest["erased_events"]), "next", events)
    for what, empty in (("events", lost), ("documents", manifest["erased_documents"])):
        demanded = {no for kind, one in told if kind == "data.erased" for no in one[what]}
        must(demanded.issuperset(empty), "erased", f"{what} {sorted({*empty} - demanded)}")
    zone, minutes = manifest["zone"]  # of the office
    local = f"{datetime.fromisoformat(at[:19]) + timedelta(minutes=minutes)} {zone} ({at[:19]}Z)"
    facts = {**manifest, **manifest["case"], **check_content(bundle, manifest, told), "earlier": earlier}
    return facts | {"size": size, "at": local, "key": key.hex(" ", 2), "files": len(bundle.files)}


def main() -> int:
    """Check the bundle that is named, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", type=Path)
    parser.add_argument("--language", choices=("id", "en"), default="id")
    asked = parser.parse_args()
    own, wanted, code = ("id", "en").index(asked.language), None, 1
    try:
        if asked.key:
            keys = keys_in(asked.key.read_text("utf-8")) if asked.key.is_file() else []
            wanted = [hashlib.sha256(one).hexdigest() for one in keys] or ["".join(str(asked.key).split())]
        with asked.bundle.open("rb") as file:
            lines = TOLD[own].format(**check(file, wanted)).split("\n")
        code, said = 0, "\n".join(lines[:-1] if wanted else lines)
    except Wrong as wrong:
        said = ("TIDAK UTUH. ", "NOT INTACT. ")[own] + WRONG[wrong.args[0]][own].format(*wrong.args[1:])
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        said = WRONG["unread"][own].format(asked.bundle if isinstance(error, OSError) else repr(error))
    sys.stdout.buffer.write(f"{said}\n".encode(sys.stdout.encoding, "replace"))
    return code


if __name__ == "__main__":
    sys.exit(main())
