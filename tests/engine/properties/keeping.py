"""What failed once is kept in ``found.json`` by itself, and tried before anything else from then on."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.engine.properties.drawing import Block

FOUND = Path(__file__).parent / "found.json"


def found(way: str, path: Path = FOUND) -> dict[str, tuple[Block, list[int]]]:
    """Give what is kept for one way of playing, by what was wrong."""
    kept: dict[str, dict[str, Any]] = json.loads(path.read_text())
    return {
        why: (Block.read(one["block"]), one["acts"])
        for why, one in kept.items()
        if one.get("way", "diagram") == way
    }


class Keeper:
    """Remembers the last example that failed: the smallest, as they are made smaller until it ends."""

    def __init__(self, way: str, path: Path = FOUND) -> None:
        """Keep for one way of playing."""
        self.way, self.path = way, path
        self.last: dict[str, Any] | None = None

    @contextmanager
    def trying(self, block: Block, acts: list[int]) -> Iterator[None]:
        """Try an example."""
        try:
            yield
        except BaseException:
            self.last = {"way": self.way, "block": block.plain(), "acts": acts}
            raise

    def keep(self) -> None:
        """Write it down, and say how it is tried again."""
        if self.last is None:
            return
        digest = sha256(json.dumps(self.last).encode()).hexdigest()[:8]
        name = f"{self.way} {digest}"
        with self.path.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # another worker may have found something too
            kept = json.load(file) | {name: self.last}
            lines = ",\n".join(f"{json.dumps(why)}: {json.dumps(kept[why])}" for why in kept)
            file.seek(0)
            file.write(f"{{\n{lines}\n}}\n")
            file.truncate()
        print(  # noqa: T201 - for whoever looks at the failure
            f"Kept as “{name}” in {self.path}. To try it again:\n"
            f"  .venv/bin/python -m pytest tests/engine/properties -k {digest}"
        )


@contextmanager
def keeping(way: str, path: Path = FOUND) -> Iterator[Keeper]:
    """Keep what fails meanwhile."""
    keeper = Keeper(way, path)
    try:
        yield keeper
    except BaseException:
        keeper.keep()
        raise
