"""See that the machine has what the tests need: ``python -m tests.provision``; run by ``make test``."""

from __future__ import annotations

from tests import chromium, postgres
from tests.mining import environment as mining


def main() -> None:
    """Find or install it; fail with a sentence for each thing that cannot be had."""
    missing = []
    for provide in (chromium.provide, postgres.find_binaries, mining.provide):
        try:
            provide()
        except (chromium.NoChromium, postgres.NoPostgres, mining.NoMining) as error:
            missing.append(f"tests: {error}")
    if missing:
        raise SystemExit("\n".join(missing))


if __name__ == "__main__":
    main()
