"""Office archives that mean harm in less usual ways."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest

from engine.uploads import UploadRefused, check

TYPES = (
    '<Types><Override ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


def an_archive(**parts: bytes | str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(UploadRefused) as refused:
        check("a.docx", io.BytesIO(content))
    return str(refused.value)


def test_a_part_behind_a_password_is_refused() -> None:
    content = bytearray(an_archive(**{"word/document.xml": b"x"}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1  # the flag of an encrypted part, in the directory
    assert "password" in refusal(bytes(content))


def test_two_parts_of_one_name_are_refused() -> None:
    target = io.BytesIO(an_archive(**{"word/document.xml": b"x"}))
    with (
        zipfile.ZipFile(target, "a") as archive,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        archive.writestr("word/document.xml", b"y")
    assert "damaged" in refusal(target.getvalue())


def test_thousands_of_parts_are_refused() -> None:
    assert "unpacks to far more" in refusal(an_archive(**{f"word/{n}.xml": b"" for n in range(5001)}))


def test_a_list_of_kinds_of_absurd_size_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"0123456789abcdef" * (21 << 16))
        archive.writestr("word/media/image1.png", bytes(range(256)) * 4096, compress_type=zipfile.ZIP_STORED)
    assert "damaged" in refusal(target.getvalue())


def test_documents_inside_documents_inside_documents_are_refused() -> None:
    inner = an_archive()
    for _depth in range(3):
        inner = an_archive(**{"word/embeddings/Microsoft_Word.docx": inner})
    assert "unpacks to far more" in refusal(inner)


def test_a_link_that_is_followed_by_hand_is_no_harm() -> None:
    link = '<Relationship Type="http://x/relationships/hyperlink" Target="http://x" TargetMode="External"/>'
    inside = '<Relationship Type="http://x/relationships/oleObject" Target="embeddings/x.xlsx"/>'
    content = an_archive(**{"word/_rels/document.xml.rels": f"<Relationships>{link}{inside}</Relationships>"})
    assert check("a.docx", io.BytesIO(content)).size == len(content)


def test_folders_of_the_archive_are_passed_over() -> None:
    target = io.BytesIO(an_archive())
    with zipfile.ZipFile(target, "a") as archive:
        archive.mkdir("word")
    assert check("a.docx", io.BytesIO(target.getvalue()))


def test_a_directory_of_a_million_entries_is_refused_before_it_is_read() -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[0] * 9, 1, *[0] * 6) + b"a"
    many = entry * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, len(many), 4, 0)
    tracemalloc.start()
    try:
        assert "unpacks to far more" in refusal(b"PK\x03\x04" + many + end)
        assert tracemalloc.get_traced_memory()[1] < 150 << 20  # an object of each would take 500 MB
    finally:
        tracemalloc.stop()
