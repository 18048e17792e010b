"""All pages of auditors, a module per part."""

from __future__ import annotations

from webapp.audit import cases, completeness, figures, replay
from webapp.audit.area import blueprint

__all__ = ["blueprint", "cases", "completeness", "figures", "replay"]
