"""All pages of auditors, a module per part."""

from __future__ import annotations

from webapp.audit import completeness, figures
from webapp.audit.area import blueprint

__all__ = ["blueprint", "completeness", "figures"]
