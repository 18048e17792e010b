"""*Paket bukti audit*: a case as one file that anybody can check without Alur (docs/record-format.md)."""

from __future__ import annotations

from engine.record.bundle.making import CHECKS, EVENT_CHECK, Bundle, make, prepare, sheets_of, shipped

__all__ = ["CHECKS", "EVENT_CHECK", "Bundle", "make", "prepare", "sheets_of", "shipped"]
