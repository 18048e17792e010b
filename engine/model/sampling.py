"""Samples of cases: drawn so that anybody can draw them again, and how far their working papers have come."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """What an auditor says of one case of a sample."""

    OPEN = "open"  # not looked at yet
    IN_ORDER = "in-order"
    EXCEPTION = "exception"


class SampleState(StrEnum):
    """How far the working papers of a sample have come."""

    DRAWN = "drawn"  # the team looks at the cases
    CONCLUDED = "concluded"  # by who prepared them
    REVIEWED = "reviewed"  # by another of the team; nothing is changed any more


def rank(seed: str, number: str) -> bytes:
    """Give the place of a case by its number: SHA-256 of the seed, a newline and the number, in UTF-8."""
    return hashlib.sha256(f"{seed}\n{number}".encode()).digest()


def draw(seed: str, numbers: Iterable[str], size: int) -> list[str]:
    """Draw cases at random: those with the smallest ranks, in this order; all where there are fewer.

    The seed decides alone, so whoever knows it and the numbers draws the same with any program. A seed
    that is fixed before the numbers are known leaves nobody a choice.
    """
    return heapq.nsmallest(size, numbers, key=lambda number: rank(seed, number))


def population_digest(numbers: Iterable[str]) -> bytes:
    """Name what was drawn from: SHA-256 of all numbers, sorted, each with a newline behind it."""
    return hashlib.sha256("".join(f"{number}\n" for number in sorted(numbers)).encode()).digest()
