"""An SOP as a ZIP archive: what is written is read again, and what is hostile is refused with a sentence."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from engine.actions.deployment import read_package
from engine.actions.packages import package_zip, read_zip
from engine.errors import Refused
from tests.offices import SAMPLES

WHOLE = read_package(SAMPLES / "retribusi")
DIAGRAM = {"process.bpmn": WHOLE.bpmn}


def archive(files: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return buffer.getvalue()


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        read_zip(content, "izin")
    return refused.value.findings[0].code, str(refused.value.sentence)


def test_what_is_written_is_read_again() -> None:
    read = read_zip(package_zip(WHOLE), "retribusi")
    assert read == WHOLE
    assert read.digest == WHOLE.digest


def test_the_same_package_gives_the_same_bytes() -> None:
    assert package_zip(WHOLE) == package_zip(read_zip(package_zip(WHOLE), "retribusi"))


def test_a_folder_that_was_packed_as_a_whole_is_read_and_what_systems_leave_is_passed_over() -> None:
    files = {
        "retribusi/": b"",
        "retribusi/process.bpmn": WHOLE.bpmn,
        "retribusi/forms/": b"",
        "retribusi/forms/mengajukan.json": b"{}",
        "retribusi/.DS_Store": b"x",
        "__MACOSX/retribusi/._process.bpmn": b"x",
    }
    read = read_zip(archive(files))
    assert (read.key, set(read.forms)) == ("retribusi", {"mengajukan"})


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("/process.bpmn", "file-name"),
        ("../process.bpmn", "file-name"),
        ("forms/../../etc/passwd", "file-name"),
        ("forms//x.json", "file-name"),
        ("./forms/x.json", "file-name"),
        ("forms\\x.json", "file-name"),
        ("C:/x.dmn", "file-name"),
        ("forms/x\n.json", "file-name"),
        ("forms/inner/x.json", "file-unknown"),
        ("inner/x.dmn", "file-unknown"),
        ("forms/.json", "file-unknown"),
        ("run.sh", "file-unknown"),
        ("process.bpmn.exe", "file-unknown"),
    ],
)
def test_names_that_lead_elsewhere_or_mean_nothing_are_refused(name: str, code: str) -> None:
    found, sentence = refusal(archive({**DIAGRAM, name: b"{}"}))
    assert found == code
    assert "The archive holds" in sentence


def test_a_name_with_a_nul_is_refused() -> None:
    content = archive({**DIAGRAM, "forms/ab.json": b"{}"})
    found, _sentence = refusal(content.replace(b"forms/ab.json", b"forms/a\x00.json"))
    assert found in {"file-name", "bad-zip"}


def test_a_name_that_the_archive_tells_in_two_ways_is_refused() -> None:
    content = archive({**DIAGRAM, "forms/ab.json": b"{}"})
    at = content.index(b"forms/ab.json")
    assert refusal(content[:at] + b"forms/xy.json" + content[at + 13 :])[0] == "bad-zip"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("process.bpmn", WHOLE.bpmn)
        file.writestr("process.bpmn", b"<other/>")
    assert refusal(buffer.getvalue())[0] == "file-twice"


def test_a_file_that_unpacks_to_more_than_may_be_is_refused() -> None:
    bomb = archive({**DIAGRAM, "big.dmn": b"\0" * 5_000_000})
    assert len(bomb) < 50_000
    assert refusal(bomb) == ("too-large", "big.dmn has more than 2000000 bytes")


def test_an_archive_that_lies_about_sizes_is_unpacked_no_further_than_may_be() -> None:
    content = archive({"big.dmn": b"\0" * 5_000_000, **DIAGRAM})
    lie = content.replace(struct.pack("<L", 5_000_000), struct.pack("<L", 100))
    assert lie != content
    assert refusal(lie)[0] in {"bad-zip", "too-large"}


def test_many_files_that_are_large_together_are_refused() -> None:
    files = {f"d{number}.dmn": b" " * 1_900_000 for number in range(17)}
    code, sentence = refusal(archive({**DIAGRAM, **files}))
    assert (code, "Unpacked" in sentence) == ("too-large", True)


def test_too_many_files_are_refused() -> None:
    files = {f"forms/f{number}.json": b"{}" for number in range(600)}
    assert refusal(archive({**DIAGRAM, **files}))[0] == "too-many-files"


def test_encrypted_files_are_refused() -> None:
    content = archive(DIAGRAM)
    at = content.index(b"PK\x01\x02") + 8
    flags = struct.unpack("<H", content[at : at + 2])[0] | 1
    assert refusal(content[:at] + struct.pack("<H", flags) + content[at + 2 :])[0] == "encrypted"


def test_files_packed_in_other_ways_are_refused() -> None:
    assert refusal(archive(DIAGRAM, zipfile.ZIP_BZIP2))[0] == "packing"


def test_links_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("process.bpmn", WHOLE.bpmn)
        link = zipfile.ZipInfo("README.md")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    assert refusal(buffer.getvalue())[0] == "link"


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive at all", archive(DIAGRAM)[:-30]])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    assert refusal(content) == ("bad-zip", "The file is not a ZIP archive that can be read")


def test_an_archive_without_a_diagram_is_refused() -> None:
    assert refusal(archive({"README.md": b"x"}))[0] == "no-diagram"


def test_a_key_that_could_not_be_an_address_is_refused() -> None:
    with pytest.raises(Refused, match="cannot be the key"):
        read_zip(archive(DIAGRAM), "Izin Kegiatan")


def test_forms_that_are_no_text_are_refused() -> None:
    assert refusal(archive({**DIAGRAM, "forms/x.json": b"\xff\xfe"}))[0] == "encoding"


def test_a_package_that_changed_on_its_way_is_refused_or_another(tmp_path: Path) -> None:
    """Any one byte made another: it is refused, or what was read is told by its digest."""
    content = package_zip(WHOLE)
    for at in range(0, len(content), 37):
        changed = content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :]
        try:
            read_zip(changed, "retribusi")
        except Refused as refused:
            assert str(refused.sentence)  # noqa: PT017 - any reason will do
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("told", [0, 65535])
def test_an_endless_list_is_refused_before_it_is_read(told: int) -> None:
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", *(20, 20, 0, 0, 0, 33), *[0] * 3, 1, *[0] * 6) + b"x"
    listed = entry * 400_000
    content = listed + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, told, told, len(listed), 0, 0)
    with zipfile.ZipFile(
        io.BytesIO(
            entry * 3
            + content[len(listed) :].replace(
                struct.pack("<I", len(listed)), struct.pack("<I", 3 * len(entry))
            )
        )
    ) as few:
        assert len(few.infolist()) == 3  # what is told is not looked at
    tracemalloc.start()
    assert refusal(content)[0] == "too-many-files"
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000
