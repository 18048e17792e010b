"""Connectors of installed packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.connectors import call, signatures
from engine.connectors.registry import Outgoing, connectors_of
from engine.errors import AlurError

GOOD = '''
class Stamp:
    """Stamps what it is given."""

    name = "stamp"
    needed = ("text",)
    optional = ("colour",)

    def call(self, inputs, idempotency_key):
        return {"stamped": inputs["text"], "key": idempotency_key}
'''


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, module: str, source: str, *points: str) -> None:
    """Lay a package down as pip does."""
    (folder / f"{module}.py").write_text(source)
    about = folder / f"{module}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    lines = "\n".join(f"{point} = {module}:{point}" for point in points)
    (about / "entry_points.txt").write_text(f"[alur.connectors]\n{lines}\n")
    monkeypatch.syspath_prepend(folder)


def test_our_own_are_there_and_say_what_they_take() -> None:
    found = signatures(connectors_of(Outgoing()))
    assert {"http", "email"} <= found.keys()
    assert (found["http"].needed, "json" in found["http"].optional) == ({"url"}, True)


def test_an_installed_one_is_called_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, "stamps_a", GOOD, "Stamp")
    found = connectors_of(Outgoing())
    assert signatures(found)["stamp"].needed == {"text"}
    assert call(found, "stamp", {"text": "x"}, "k") == {"stamped": "x", "key": "k"}


@pytest.mark.parametrize(
    ("module", "source", "why"),
    [
        ("stamps_b", GOOD.replace('"stamp"', '"http"'), "Two connectors are named http"),
        ("stamps_c", "raise RuntimeError('no licence')", "stamps_c:Stamp cannot be loaded: RuntimeError"),
        ("stamps_d", "Stamp = None", "cannot be loaded: AttributeError"),
        ("stamps_e", GOOD.replace('("text",)', "(5,)"), "is no connector"),
        ("stamps_f", GOOD.replace("def call", "def called"), "cannot be loaded"),
    ],
)
def test_one_that_cannot_be_used_is_told_at_the_start(
    module: str, source: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, module, source, "Stamp")
    with pytest.raises(AlurError, match=why):
        connectors_of(Outgoing())
