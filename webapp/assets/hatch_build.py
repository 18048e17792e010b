"""Build the assets before they go into a wheel, so that a server needs no Node."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface[Any]):
    """Named by pyproject.toml; nothing happens for an editable installation, which `make` serves."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's interface
        """Build what a wheel carries."""
        if version == "editable" or self.target_name != "wheel":
            return
        sys.path.insert(0, str(Path(self.root)))
        from webapp.assets import build  # noqa: PLC0415 - found by the line above only

        build.main()
