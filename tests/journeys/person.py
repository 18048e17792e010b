"""What a person can do in front of the pages, with scripts or without."""

from __future__ import annotations

from typing import Protocol


class Person(Protocol):
    """Finds everything by its words."""

    @property
    def heading(self) -> str:
        """Read the h1."""

    def sees(self, words: str) -> bool:
        """Tell whether the page says this (with scripts: soon)."""

    def stands_at(self, heading: str) -> bool:
        """Tell whether this is the page's heading (with scripts: soon)."""

    def comes_to(self, part: str) -> bool:
        """Tell whether the page's address has this (with scripts: soon)."""

    def read(self, pattern: str) -> str:
        """Read the first group of a pattern in the page's words."""

    def open(self, address: str) -> None:
        """Go to an address of the site."""

    def follow(self, words: str) -> None:
        """Follow the link that says this."""

    def press(self, words: str, *, within: str = "") -> None:
        """Press the button that says this, in the group with that legend."""

    def fill(self, label: str, value: str, *, within: str = "") -> None:
        """Type into the field with this label, or pick the option of a select."""

    def tick(self, group: str, *options: str) -> None:
        """Choose options of the group with this legend."""

    def attach(self, label: str, filename: str, content: bytes) -> None:
        """Choose a file in the field with this label."""

    def value(self, label: str) -> str:
        """Read what stands in a field."""

    def has_button(self, words: str) -> bool:
        """Tell whether there is a button that says this."""
