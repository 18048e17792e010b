"""``alur audit verify``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engine.model.checkpoint import PublicKey
from engine.record.archive_check import check_file
from engine.record.signing import public_file, public_keys
from engine.record.verification import Asked, Verified, verify
from engine.record.verified_words import in_words
from engine.storage.migrating import is_current
from webapp.commands.archive_told import tell_archive, tell_findings
from webapp.commands.opening import must_exist, opened
from webapp.commands.starting import read_settings
from webapp.commands.telling import tell

_BESIDE = (
    "The copies of checkpoints lie in the data folder: whoever can put that back to an older state has both. "
    "Set ALUR_CHECKPOINT_DIR to a folder elsewhere, or compare with copies of your own (--checkpoints)."
)
_STEP = 100_000  # events between lines where there is no terminal


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.option(
    "--checkpoints",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with copies of checkpoints; may be given again. Without: the one of the settings.",
)
@click.option(
    "--key",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Public keys, a line each. Without: the file beside the key of the settings.",
)
@click.option(
    "--documents/--no-documents", default=True, help="Read the bytes of every document too (the default)."
)
@click.option(
    "--archive",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Check an archive file alone, without the database.",
)
def command(
    folders: tuple[Path, ...], key: Path | None, file: Path | None, *, as_json: bool, documents: bool
) -> None:
    """Check every event, the seals and the checkpoints; exit code 1 when anything is wrong."""
    settings = read_settings()
    if file is not None:
        with _progress(quiet=as_json) as progress:
            checked = check_file(file, _trusted(key, settings.seal_file), progress=progress)
        tell_archive(checked, as_json=as_json)
        raise SystemExit(1 if checked.findings.total else 0)
    must_exist(settings)
    with opened(settings) as (engine, _):
        if not is_current(engine.store):
            raise click.ClickException("The database is not of this release. Run: alur migrate")
        asked = Asked(
            keys=public_keys(key or public_file(settings.seal_file)),
            folders=folders or (settings.checkpoint_folder,),
            read_documents=documents,
        )
        with _progress(quiet=as_json) as progress:
            found = verify(engine, asked, progress)
    if as_json:
        tell(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    else:
        data = settings.data_dir.resolve()
        is_beside = all(
            one.resolve().is_relative_to(data) for one in folders or (settings.checkpoint_folder,)
        )
        _print(found, _BESIDE if is_beside else "")
    raise SystemExit(1 if found.findings.total else 0)


def _trusted(key: Path | None, of_settings: Path) -> list[PublicKey] | None:
    """Give the keys an archive may be signed by; None where nobody has any: then it is told which one did."""
    path = key or public_file(of_settings)
    return public_keys(path) if key or path.is_file() else None


def _print(found: Verified, remark: str) -> None:
    for sentence in in_words(found):
        tell(str(sentence))
    if remark:
        tell(remark)
    tell_findings(found.findings, "the record is not as it was written")


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how far it got: a bar on a terminal, else a line now and then."""
    if quiet or not sys.stdout.isatty():
        yield _nothing if quiet else _Lines().tell
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(), transient=True) as bar:
        events = bar.add_task("events", total=None)
        yield lambda done, total: bar.update(events, completed=done, total=total)


def _nothing(_done: int, _total: int) -> None:
    """Say nothing."""


class _Lines:
    def __init__(self) -> None:
        self._said = 0

    def tell(self, done: int, total: int) -> None:
        """Say how far it got, after each so many events."""
        if done // _STEP > self._said:
            self._said = done // _STEP
            tell(f"{done:,} of {total:,} events")
