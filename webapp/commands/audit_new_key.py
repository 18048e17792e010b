"""``alur audit new-key``."""

from __future__ import annotations

import click

from engine.actions.seal_key import note_seal_key
from engine.model.checkpoint import read_public_key
from engine.record.sealing import seal
from engine.record.signing import public_file, replace_key
from engine.storage import seals
from webapp.commands.opening import at_desk
from webapp.commands.telling import tell


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(*, yes: bool) -> None:
    """Make another key, where the old one was lost or seen by others.

    What the old one signed still counts, for the public part stays. The old key itself is gone. That it was
    replaced is on record, and the record is signed by the new one at once.
    """
    with at_desk() as desk:
        path = desk.settings.seal_file
        with desk.engine.store.reading() as connection:
            tree = seals.tree_of(connection)
        if tree is None:
            raise click.ClickException("Nothing was sealed yet: the worker makes the first key itself.")
        if not yes:
            click.confirm(f"Replace the key in {path}?", abort=True)
        signer = replace_key(path, tree.origin)
        note_seal_key(desk.engine, read_public_key(tree.key).fingerprint, signer.public.fingerprint)
        seal(desk.engine)
    tell(f"Checkpoints are signed by another key from now on. Its fingerprint: {signer.public.fingerprint}")
    tell(f"Give {public_file(path)} to the auditors.")
