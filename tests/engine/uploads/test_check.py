"""What may be uploaded, and what the sentence says to those who may not."""

from __future__ import annotations

import io
import tempfile
import zipfile
import zlib

import pytest
from fpdf import FPDF

from engine.errors import UploadRefused
from engine.model.file_kind import MAX_BYTES
from engine.uploads import CheckedUpload, check

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES = '<Types><Override ContentType="application/vnd.openxmlformats-officedocument.%s.main+xml"/></Types>'


def a_pdf() -> bytes:
    document = FPDF()
    document.add_page()
    document.set_font("helvetica")
    document.cell(text="Hasil analisis")
    return bytes(document.output())


def an_archive(parts: dict[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def a_docx(**more: bytes | str) -> bytes:
    types = TYPES % "wordprocessingml.document"
    return an_archive({"[Content_Types].xml": types, "word/document.xml": "<w:document/>"} | more)


def an_object_stream(objects: bytes) -> bytes:
    packed = zlib.compress(b"7 0 " + objects)
    head = b"5 0 obj <</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d>> " % len(packed)
    return head + b"stream\n" + packed + b"\nendstream endobj"


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(UploadRefused) as refused:
        check(name, io.BytesIO(content))
    assert refused.value.sentence.values["name"]
    return str(refused.value)


def test_a_place_takes_only_its_kinds_whatever_the_ending_looks_like() -> None:
    assert check("pindai.jpeg", io.BytesIO(b"\xff\xd8\xff\xe0rest"), [".pdf", ".jpg"]).size == 8
    with pytest.raises(UploadRefused) as refused:
        check("surat.txt", io.BytesIO(b"Isi surat"), [".pdf", ".jpg", ".jpeg"])
    assert str(refused.value) == "surat.txt is a TXT file. Choose one of this kind: PDF, JPG."
    with pytest.raises(UploadRefused, match="not what its name says"):
        check("surat.pdf", io.BytesIO(b"Isi surat"), [".pdf"])


def test_a_pdf_is_kept_with_its_size_and_the_stream_is_at_its_start() -> None:
    stream = io.BytesIO(a_pdf())
    upload = check("Hasil analisis.PDF", stream)
    assert upload == CheckedUpload(
        filename="Hasil analisis.PDF", media_type="application/pdf", size=len(a_pdf())
    )
    assert stream.read(5) == b"%PDF-"


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n...", "image/png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0...", "image/jpeg"),
        ("a.webp", b"RIFF\x04\0\0\0WEBP", "image/webp"),
        ("a.csv", "nama;nilai\r\nSatu;1 ÷ 2\r\n".encode(), "text/csv"),
        ("a.txt", "caf\xe9".encode("latin-1"), "text/plain"),
    ],
)
def test_pictures_and_text_are_kept(name: str, content: bytes, media_type: str) -> None:
    assert check(name, io.BytesIO(content)).media_type == media_type


@pytest.mark.parametrize(
    ("extension", "kind"),
    [
        ("docx", "wordprocessingml.document"),
        ("xlsx", "spreadsheetml.sheet"),
        ("pptx", "presentationml.presentation"),
    ],
)
def test_office_documents_are_kept(extension: str, kind: str) -> None:
    content = an_archive({"[Content_Types].xml": TYPES % kind})
    assert check(f"a.{extension}", io.BytesIO(content)).media_type.startswith("application/vnd.openxml")


def test_an_open_document_is_kept_and_its_kind_must_match() -> None:
    content = an_archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"})
    assert check("a.odt", io.BytesIO(content)).media_type == "application/vnd.oasis.opendocument.text"
    assert "damaged or not what its name says" in refusal("a.ods", content)


def test_a_chart_with_its_workbook_is_kept_but_not_one_with_macros() -> None:
    plain = an_archive({"[Content_Types].xml": TYPES % "spreadsheetml.sheet"})
    macros = an_archive({"[Content_Types].xml": TYPES % "spreadsheetml.sheet", "xl/vbaProject.bin": "x"})
    chart = "word/embeddings/Microsoft_Excel_Sheet.xlsx"
    assert check("a.docx", io.BytesIO(a_docx(**{chart: plain})))
    assert "macros" in refusal("a.docx", a_docx(**{chart: macros}))


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a.svg", "a.zip", "a", ".pdf.exe", "a.pdf\u202efdp.exe"])
def test_other_kinds_are_refused_with_the_list_of_those_accepted(name: str) -> None:
    assert ".pdf, .docx, .xlsx" in refusal(name, b"%PDF-1.7")


@pytest.mark.parametrize(("name", "modern"), [("a.doc", ".docx"), ("a.xls", ".xlsx"), ("a.docm", ".docx")])
def test_older_office_files_are_told_what_to_become(name: str, modern: str) -> None:
    assert f"Save it as {modern}" in refusal(name, OLE)


def test_an_office_file_with_a_password_is_refused() -> None:
    assert "password" in refusal("a.docx", OLE + b"\0" * 600)


def test_an_empty_file_is_refused() -> None:
    assert "is empty" in refusal("a.pdf", b"")


def test_a_file_beyond_the_limit_is_refused_without_being_read() -> None:
    with tempfile.TemporaryFile() as stream:
        stream.truncate(MAX_BYTES + 1)
        with pytest.raises(UploadRefused, match="larger than 50 MB"):
            check("a.pdf", stream)


@pytest.mark.parametrize("name", ["a.pdf", "a.png", "a.docx", "a.jpg", "a.webp"])
def test_a_program_with_another_ending_is_refused(name: str) -> None:
    assert "not what its name says" in refusal(name, b"MZ\x90\x00" + b"\0" * 2000)


@pytest.mark.parametrize(
    "active",
    [
        b"<</S /JavaScript /JS (app.alert(1))>>",
        b"<</S/J#61vaScript/JS(x)>>",
        b"<</S /#4a#61#76#61#53#63#72#69#70#74>>",
        b"<</S /Launch /F (cmd.exe)>>",
        an_object_stream(b"<</S /JavaScript /JS (app.alert(1))>>"),
    ],
)
def test_a_pdf_that_runs_something_is_refused(active: bytes) -> None:
    assert "contains a program" in refusal("a.pdf", a_pdf() + active)


def test_a_pdf_with_files_inside_is_refused() -> None:
    document = FPDF()
    document.add_page()
    document.embed_file(bytes=b"MZ", basename="a.exe")
    assert "other files inside" in refusal("a.pdf", bytes(document.output()))


def test_a_pdf_with_a_password_is_refused() -> None:
    assert "password" in refusal("a.pdf", a_pdf() + b"trailer <</Encrypt 9 0 R>>")


def test_a_pdf_whose_objects_unpack_to_too_much_is_refused() -> None:
    assert "packed too tightly" in refusal("a.pdf", a_pdf() + an_object_stream(b"0 " * (40 << 20)))


def test_a_pdf_on_the_disk_is_checked_in_place() -> None:
    with tempfile.TemporaryFile() as stream:
        stream.write(a_pdf() + an_object_stream(b"<</S /Launch>>"))
        with pytest.raises(UploadRefused, match="contains a program"):
            check("a.pdf", stream)


@pytest.mark.parametrize(
    "parts",
    [
        {"word/vbaProject.bin": b"x"},
        {"word/activeX/activeX1.xml": b"<x/>"},
        {"word/embeddings/oleObject1.bin": OLE},
        {"word/media/image1.png": b"MZ\x90\0"},
    ],
)
def test_macros_and_embedded_programs_are_refused(parts: dict[str, bytes]) -> None:
    assert "macros or a program" in refusal("a.docx", a_docx(**parts))


def test_a_macro_document_with_a_plain_ending_is_refused() -> None:
    types = TYPES.replace("main+xml", "macroEnabled.main+xml") % "wordprocessingml.document"
    assert "macros" in refusal("a.docx", an_archive({"[Content_Types].xml": types}))


def test_a_template_fetched_from_elsewhere_is_refused() -> None:
    link = (
        '<Relationship Type="http://x/relationships/attachedTemplate" Target="http://x" '
        'TargetMode="External"/>'
    )
    assert "template" in refusal("a.docx", a_docx(**{"word/_rels/settings.xml.rels": link}))


def test_a_zip_bomb_is_refused() -> None:
    assert "unpacks to far more" in refusal("a.docx", a_docx(**{"word/big.xml": b"\0" * (30 << 20)}))


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\x.xml"])
def test_a_part_that_leaves_the_archive_is_refused(name: str) -> None:
    assert "damaged" in refusal("a.docx", a_docx(**{name: b"x"}))


def test_a_damaged_archive_is_refused() -> None:
    whole = a_docx(**{"word/x.xml": bytes(range(256)) * 40})
    assert "damaged" in refusal("a.docx", whole[: len(whole) // 2])
    middle = whole.index(b"word/x.xml") + 30
    assert "damaged" in refusal("a.docx", whole[:middle] + b"\xff" * 20 + whole[middle + 20 :])


def test_an_archive_of_another_kind_is_refused() -> None:
    assert "damaged or not" in refusal("a.docx", an_archive({"readme.txt": "x"}))
    sheet = an_archive({"[Content_Types].xml": TYPES % "spreadsheetml.sheet"})
    assert "damaged or not" in refusal("a.docx", sheet)


def test_binary_content_is_not_text() -> None:
    assert "not a text file" in refusal("a.csv", b"a;b\n\0\1\2")


def test_an_object_stream_that_breaks_off_is_refused() -> None:
    whole = an_object_stream(b"".join(b"<</A %d>>" % number**5 for number in range(2000)))
    at = len(whole) - 200
    broken = whole[:at] + bytes(byte ^ 255 for byte in whole[at : at + 40]) + whole[at + 40 :]
    assert check("a.pdf", io.BytesIO(b"%PDF-1.7\n" + whole))
    assert "damaged" in refusal("a.pdf", b"%PDF-1.7\n" + broken)
