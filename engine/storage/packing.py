"""Long texts of the record in fewer bytes on SQLite; PostgreSQL compresses long values by itself.

What people submit is JSON whose frame is the same in every case. It is deflated (RFC 1951, raw) with
a dictionary of that frame; the first byte tells which dictionary. Identities and digests in it, which
nothing can be guessed of, stand behind it as bytes. What the record hashes is the text.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from engine.storage.archive_files import whole

# A small window and little memory: it is the length of a form, and setting up costs more than packing.
_LEVEL, _WINDOW, _MEMORY = 6, -13, 5
_IDENTITY = re.compile("([0-9a-f]{32})")  # a digest in full is two of them
_TAKEN_OUT = "\0"  # what stands in its place; JSON has none
# By number, for ever: a better one is added behind the others. The likeliest words stand last.
_FIRST, _SECOND = (
    (
        b'"label":"name":"description":"date":"time":"unit":"note":"person":"number":"year":"status":'
        b'"approved""returned""draft"true,false,null,"","",[],[],{}"2026-01-01T09:00:00+07:00","2026-'
        b'"lender":"substitute":"standing":"definitive""plt""plh"'
        b'{"roles":["","data":{"":"","":["","","":[{"":"","was":{"assigned":{"":["draft":1,'
        b'"documents":[[1,"",1,null],[1,"",1,"","done_on":"","version":1,"form":"","calendar":"",'
        b'"software":"0.1.0/3.2.0/1","worked":0,"waited":0}'
    ),
    # Of every event of a case, with the words that letters and forms of offices are made of.
    (
        b'"person":"number":"year":"title":"state":"description":"date":"time":"note":"status":'
        b'"approved""returned""draft""signed""substitute":"definitive"true,false,null,"key":"'
        b'","unit":"","uraian":"","jenis":"","banyaknya":"","jumlah":"","satuan":"","target":"",'
        b'"sumber_data":"","penanggung_jawab":"","batas_waktu":"","alamat":"","telepon":"","nip":"",'
        b'"pangkat":"","golongan":"","instansi":"","dasar":"","maksud":"","tujuan":"","waktu":"",'
        b'"tempat":"","acara":"","peserta":["","nomor":"","nomor_surat":"","nomor_agenda":"",'
        b'"nomor_dokumen":"","kode_klasifikasi":"","tanggal_surat":"","tanggal_diterima":"",'
        b'"tanggal_terima":"","tanggal_penetapan":"","tanggal":"","hari_tanggal":"","sifat":"Biasa",'
        b'"sifat":"Segera","sifat":"Rahasia","perihal":"","hal":"","lampiran":"","lampiran":[],'
        b'"yth":["","tembusan":["","penandatangan":"","isi_disposisi":"","diteruskan_kepada":["",'
        b'"judul":"","nama":"","jabatan":"","penerima":"","tanda_tangan":"","bukti":["","bukti":[],'
        b'"keputusan":"Ya","keputusan":"Tidak","catatan":"","keterangan":"","jawaban":"Hadir",'
        b'"berkas":"",Kepala Dinas Kabupaten Provinsi Bidang Seksi Subbagian Sekretariat Daerah Surat '
        b"Keputusan Undangan rapat pembahasan Penyusunan Laporan Pelaksanaan Kegiatan tahun dan di yang "
        b'untuk dengan pada oleh dari :00:00+07:00","2026-11-2027-01-2026-12-:30:00+00:00",'
        b'"clock":"arrival","assignee":"","trail":[["flow","ke_"],["value","",1,0,true],'
        b'["flow","ya"],["flow","tidak"]]}{"task":"01","role":"","due":"2026-11-2T0:00:00+00:00",'
        b'"clock":"arrival","trail":[["flow","ke_selesai"]]}{"trail":[["flow","ke_selesai"]]}'
        b'{"task":"01","role":"{"roles":{"":"definitive"},"number":"001//2026","year":2027,"title":"",'
        b'"key":"","version":1,"state":"trial","sop":"","calendar":"","software":"0.1.0/3.2.0/1"}'
        b'{"roles":{"":"plt"},"roles":{"":"definitive"},"data":{"":"","":["","","":[{"":"",'
        b'"was":{"assigned":{"":["draft":1,"documents":[[1,"",1,null],[1,"",1,""]],'
        b'"decided":[1,"draft","approved"],"done_on":"","worked":0,"waited":0,"version":1,"sop":"",'
        b'"form":"","calendar":"","software":"0.1.0/3.2.0/1"}'
    ),
)


# The second where identities were taken out, with what completions end with.
_THIRD = (
    _SECOND[: _SECOND.rindex(b'"worked":')]
    .replace(b'"task":"01"', b'"task":"\0"')
    .replace(b'"assignee":""', b'"assignee":"\0"')
    .replace(b'"sop":"","calendar":""', b'"sop":"\0","calendar":"\0"')
    .replace(b'[1,"",1,""]', b'[1,"",1,"\0\0"]')
    + b'"worked":0,"waited":0,"sop":"\0","form":"\0","calendar":"\0","software":"0.2.0/3.2.0/1"}'
)
_DICTIONARIES = (_FIRST, _SECOND, _THIRD)
_WHOLE, _WITHOUT_IDENTITIES = 1, 2  # with which a text is packed


def _begun(number: int) -> Any:  # noqa: ANN401 - zlib does not name it
    return zlib.compressobj(
        _LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, _DICTIONARIES[number]
    )


# Begun once, and copied for each text.
_BEGUN = {number: _begun(number) for number in (_WHOLE, _WITHOUT_IDENTITIES)}


class Bulky(str):
    """A text worth packing."""

    __slots__ = ()


def packed(text: str) -> bytes:
    """Pack a text."""
    parts = [text] if _TAKEN_OUT in text else _IDENTITY.split(text)
    number = _WHOLE if _TAKEN_OUT in text else _WITHOUT_IDENTITIES
    deflate = _BEGUN[number].copy()
    small: bytes = deflate.compress(_TAKEN_OUT.join(parts[::2]).encode()) + deflate.flush()
    return bytes((number,)) + small + bytes.fromhex("".join(parts[1::2]))


def unpacked(value: bytes) -> str:
    """Give the text back."""
    inflate = zlib.decompressobj(_WINDOW, _DICTIONARIES[value[0]])
    text = (inflate.decompress(value[1:]) + inflate.flush()).decode()
    if not inflate.unused_data:
        return text
    identities = iter(_IDENTITY.findall(inflate.unused_data.hex()))
    first, *others = text.split(_TAKEN_OUT)
    return first + "".join(next(identities) + part for part in others)


class PackedText(TypeDecorator[str]):
    """Text; a Bulky one is packed on SQLite, where a column takes bytes as well."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Convert on the way in."""
        return None if dialect.name == "postgresql" else _bound

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:  # noqa: ARG002 - SQLAlchemy's
        """Convert on the way out."""
        return None if dialect.name == "postgresql" else _read


def _bound(value: str | None) -> str | bytes | None:
    if not isinstance(value, Bulky):
        return value
    small = packed(value)
    return small if len(small) < len(value.encode()) else str(value)


def _read(value: str | bytes | None) -> str | None:
    return unpacked(value) if isinstance(value, bytes) else value


class RecordText(PackedText):
    """Text of the record: where an archive file has it, it is read from there.

    Which files those are hangs on the database: no statement that reads such a column is ``Prepared``, for
    those are shared by all databases of a kind.
    """

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002 - SQLAlchemy's
        """Convert on the way out; ArchiveUnreadable where the file is missing, damaged, or was changed."""

        def read(value: str | bytes | None) -> str | None:
            text = _read(value)
            return whole(dialect, text) if text is not None and text[:1] == "@" else text

        return read
