"""Every checkpoint there is, in the database and outside of it, and which of them count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import Sentence, say
from engine.model.checkpoint import PublicKey, Sink, copy_name, read_note
from engine.record.findings import Findings, Wrong
from engine.record.signing import is_signed
from engine.record.tree_check import Expected
from engine.storage import checkpoints, seals
from engine.storage.seals import Tree
from engine.storage.transaction import Connection


@dataclass(kw_only=True)
class Known:
    """What was signed, and how many checkpoints were found where."""

    tree: Tree | None
    expected: list[Expected] = field(default_factory=list)
    inside: int = 0
    outside: int = 0


def listed(folders: Sequence[Path]) -> list[Path]:
    """List the copies in folders, before a snapshot is taken: what is brought later counts more events."""
    return [path for folder in folders for path in sorted(folder.glob("*.txt"))]


def known(
    connection: Connection,
    keys: Sequence[PublicKey],
    copies: Sequence[Path],
    findings: Findings,
    brought_to: Path | None = None,
) -> Known:
    """Read all checkpoints; what nobody signed, or what counts more events than there are, is a finding.

    So are copies that were brought to a folder and are not there any more.
    """
    found = Known(tree=_tree(connection, findings))
    origin = found.tree.origin if found.tree else None
    for text, source, outside in _texts(connection, found.tree, copies):
        found.outside += outside
        found.inside += not outside
        one = _checked(text, source, outside, keys, origin, findings)
        if one is not None:
            found.expected.append(one)
    _ahead(found, findings)
    if brought_to is not None:
        _missing(connection, brought_to, findings)
    return found


def _tree(connection: Connection, findings: Findings) -> Tree | None:
    try:
        tree = seals.tree_of(connection)
        if tree is not None:
            tree.edge()
    except Exception:  # noqa: BLE001 - whatever stands there, it is no tree
        findings.add(Wrong(code="tree", sentence=say("The tree kept in the database cannot be read as one.")))
        return None
    return tree


def _texts(
    connection: Connection, tree: Tree | None, copies: Sequence[Path]
) -> Iterator[tuple[str, Sentence, bool]]:
    if tree is not None:
        yield tree.checkpoint, say("The newest checkpoint in the database"), False
    for size, text in checkpoints.texts(connection):
        yield text, say("The checkpoint of %(size)s events in the database", size=size), False
    for path in copies:
        source = say("The checkpoint in %(path)s", path=str(path))
        try:
            yield path.read_text("utf-8"), source, True
        except (OSError, UnicodeDecodeError):
            yield "", source, True


def _checked(
    text: str,
    source: Sentence,
    outside: bool,  # noqa: FBT001 - where it was found
    keys: Sequence[PublicKey],
    origin: str | None,
    findings: Findings,
) -> Expected | None:
    try:
        note = read_note(text)
    except (ValueError, TypeError):
        findings.add(Wrong(code="note", sentence=say("%(source)s cannot be read as one.", source=source)))
        return None
    told = note.checkpoint
    if origin is not None and told.origin != origin:
        sentence = say(
            "%(source)s is of another record: %(found)s, not %(expected)s.",
            source=source,
            found=told.origin,
            expected=origin,
        )
        findings.add(Wrong(code="origin", sentence=sentence))
        return None
    if not is_signed(note, keys):
        sentence = say("%(source)s was not signed by the key of this record.", source=source)
        findings.add(Wrong(code="signature", sentence=sentence))
        return None
    return Expected(size=told.size, root=told.root, at=told.at, source=source, outside=outside)


def _ahead(found: Known, findings: Findings) -> None:
    """Say where more was signed than there is: the record was put back to an older copy, or cut off."""
    size = found.tree.size if found.tree else 0
    ahead = max(found.expected, key=lambda one: one.size, default=None)
    if ahead is None or ahead.size <= size:
        return
    sentence = say(
        "%(source)s counts %(more)s events on %(at)s, the record has sealed only %(found)s: "
        "it was put back to an older copy, or cut off.",
        source=ahead.source,
        more=ahead.size,
        at=ahead.at,
        found=size,
    )
    findings.add(Wrong(code="rollback", sentence=sentence, index=size))


def _missing(connection: Connection, folder: Path, findings: Findings) -> None:
    """Say which copies the database brought to a folder that has them no more."""
    brought = checkpoints.brought(connection, Sink.FOLDER)
    gone = [size for size in brought if not (folder / copy_name(size)).exists()]
    if gone:
        sentence = say(
            "%(count)s checkpoints were brought to %(path)s and are not there, "
            "the newest of %(size)s events.",
            count=len(gone),
            path=str(folder),
            size=max(gone),
        )
        findings.add(Wrong(code="copies", sentence=sentence))
