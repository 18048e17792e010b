"""Browsers as slow as a busy machine's: ``ALUR_SLOW=8 pytest -p tests.slow tests/journeys/test_editor.py``.

A journey that passes only where pages are quick fails here, and not for the first time elsewhere.
"""

from __future__ import annotations

import os

from playwright.sync_api import BrowserContext, Page

_TIMES = float(os.environ.get("ALUR_SLOW", "8"))
_at_full_speed = BrowserContext.new_page


def _slow_page(context: BrowserContext) -> Page:
    """Open a page whose scripts take so many times as long."""
    page = _at_full_speed(context)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": _TIMES})
    return page


BrowserContext.new_page = _slow_page  # type: ignore[method-assign]
