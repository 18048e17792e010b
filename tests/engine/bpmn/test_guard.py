from __future__ import annotations

import pytest

from engine.bpmn.guard import MAX_BYTES, read_tree
from engine.bpmn.lint import lint_bytes
from engine.errors import Refused
from engine.expressions.sandbox import Sandbox
from engine.xml_guard import file_text
from tests.costs import cost
from tests.engine.bpmn.drawn import diagram, flows, start_end, tasks

BPMN = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
GOOD = diagram(start_end(), tasks("a"), flows("start", "a", "end"))
LAUGHS = (
    '<!DOCTYPE d [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + f"]><definitions {BPMN}>&j;</definitions>"
)
WIDE = f"<definitions {BPMN}>" + "<process/>" * 60_000 + "</definitions>"
DEEP = f"<definitions {BPMN}>" + "<a>" * 200_000
MANY_ATTRIBUTES = f"<definitions {BPMN} " + " ".join(f'a{n}=""' for n in range(60_000)) + "/>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "encoding"),
        (b"PK\x03\x04aaaa", "xml"),
        (b"%PDF-1.7 hello", "xml"),
        (b"just words", "xml"),
        (b"<!DOCTYPE html><html><body>hi</body></html>", "doctype"),
        (b"<html><body>hi</body></html>", "no-bpmn"),
        (b"<html><body><br></body></html>", "xml"),
        (b"<definitions/>", "no-bpmn"),
        (
            GOOD.replace(b'name="A"', b'xmlns:g="urn:alur:generated" g:instantiates=" "'),
            "own-namespace",
        ),
        (GOOD[:-40], "xml"),
        (GOOD + b"<more/>", "xml"),
        (GOOD.decode().encode("utf-16")[:-1], "encoding"),
        (b'<?xml version="1.0" encoding="UTF-7"?>' + GOOD, "encoding"),
        (b'<?xml version="1.0"' + b" " * 5000 + b'encoding="UTF-7"?>+ADwAIQ-DOCTYPE' + GOOD, "xml"),
        (b'<?xml version="1.0" encoding="ISO-8859-99"?>' + GOOD, "encoding"),
        (b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-16"?>' + GOOD, "encoding"),
        (('<?xml version="1.0" encoding="UTF-8"?>' + GOOD.decode()).encode("utf-16"), "encoding"),
        (b"<?xml version='1.0'?><!-- a --><?b c?>\n<!DOCTYPE d>" + GOOD, "doctype"),
        (f"<!DOCTYPE d><definitions {BPMN}/>".encode("utf-16"), "doctype"),
        (GOOD.replace(b"<bpmn:process", b"<!DOCTYPE d><bpmn:process", 1), "xml"),
        (b"<!-- never closed" + GOOD, "xml"),
        (b'<?xml version="1.0" encoding="UTF-16"?>' + GOOD, "encoding"),
        (GOOD.replace(b'name="A"', b'name="\xe9"'), "encoding"),
        (GOOD.replace(b'name="A"', b'name="\x00"'), "xml"),
        (LAUGHS.encode(), "doctype"),
        (f'<!DOCTYPE d SYSTEM "file:///etc/passwd"><definitions {BPMN}/>'.encode(), "doctype"),
        (f"<definitions {BPMN}>&unknown;</definitions>".encode(), "xml"),
        (b"<!---->" * 200_000 + GOOD, "too-many-nodes"),
        (("<a>" + "<?xml " * 60_000).encode("utf-16"), "xml"),
        (WIDE.encode(), "too-many-nodes"),
        (MANY_ATTRIBUTES.encode(), "too-many-nodes"),
        (DEEP.encode(), "too-deep"),
        (f"<definitions {BPMN}>{'x' * 30_000}</definitions>".encode(), "text-too-long"),
        (f"<definitions {BPMN}><process/>{'x' * 30_000}</definitions>".encode(), "text-too-long"),
        (f'<definitions {BPMN} id="{"x" * 30_000}"/>'.encode(), "text-too-long"),
        (GOOD + b" " * MAX_BYTES, "too-large"),
    ],
    ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else value,
)
def test_a_hostile_or_broken_file_is_refused_at_once(content: bytes, code: str) -> None:
    def tried() -> Refused:
        with pytest.raises(Refused) as refused:
            read_tree(content)
        return refused.value

    seconds, refused = cost(tried)
    assert seconds < 2
    assert [finding.code for finding in refused.findings] == [code]
    assert str(refused)


@pytest.mark.parametrize("head", [b"", b'<?xml version="1.0" encoding="utf-8"?>\n', b"\xef\xbb\xbf"])
def test_a_bpmn_file_is_read(head: bytes) -> None:
    tree = read_tree(head + GOOD)
    assert tree.getroot().tag.endswith("definitions")


NAMED = GOOD.decode().replace('name="A"', 'name="Größe"')


def written(encoding: str, declared: str = "", before: bytes = b"") -> bytes:
    head = f'<?xml version="1.0" encoding="{declared or encoding}"?>\n'
    return before + (head + NAMED).encode(encoding)


@pytest.mark.parametrize(
    "content",
    [
        written("utf-8"),
        written("utf-8", before=b"\xef\xbb\xbf"),
        written("utf-16"),
        NAMED.encode("utf-16"),
        written("utf-16-le", "UTF-16", before=b"\xff\xfe"),
        written("utf-16-be", "utf-16", before=b"\xfe\xff"),
        written("utf-16-le", "UTF-16"),
        written("utf-16-be", "UTF-16BE"),
        written("iso-8859-1", "ISO-8859-1"),
        written("iso-8859-15"),
        written("windows-1252"),
        written("latin-1", "latin1"),
        ("<?xml version='1.0' encoding='iso-8859-1'?>" + NAMED).encode("latin-1"),
    ],
)
def test_a_file_may_be_in_another_encoding_that_it_declares(content: bytes) -> None:
    tree = read_tree(content)
    assert [one.get("name") for one in tree.iter("{*}userTask")] == ["Größe"]
    kept = file_text(content)
    assert [one.get("name") for one in read_tree(kept.encode()).iter("{*}userTask")] == ["Größe"]


def test_words_about_a_doctype_are_none(sandbox: Sandbox) -> None:
    described = "<bpmn:documentation><![CDATA[<!DOCTYPE html>]]></bpmn:documentation><!-- <!DOCTYPE x> -->"
    content = GOOD.replace(b"</bpmn:process>", b"</bpmn:process>" + described.encode())
    assert lint_bytes(content, sandbox).problems == ()


@pytest.mark.parametrize(
    "long",
    [
        "<bpmn:documentation>{}</bpmn:documentation>",
        '<bpmn:extensionElements><v xmlns="urn:v" picture="{}"><x>{}</x></v></bpmn:extensionElements>',
        '<bpmn:userTask id="b" xmlns:v="urn:v" v:icon="{}"/>',
    ],
)
def test_what_is_only_shown_may_be_long(long: str) -> None:
    content = GOOD.decode().replace(
        "<bpmn:startEvent", long.replace("{}", "x" * 100_000) + "<bpmn:startEvent"
    )
    assert read_tree(content.encode()).getroot() is not None


@pytest.mark.parametrize("inside", ["<task/>", '<receiveTask instantiate="1"/>'])
def test_thousands_of_elements_without_an_id_are_read_at_once(inside: str) -> None:
    """Both took minutes: one looked for a free id from the first, the other at all flows for each task."""
    content = f'<definitions {BPMN}><process id="p">{inside * 20_000}</process></definitions>'
    seconds, tree = cost(lambda: read_tree(content.encode()))
    assert seconds < 2
    ids = [one.get("id") for one in tree.getroot().iter("{*}task", "{*}receiveTask")]
    assert len(set(ids)) == len(ids) == 20_000
