"""Types that a DMN file names itself (item definitions), as the type of FEEL they stand on."""

from __future__ import annotations

from lxml import etree

_MOST_NAMES = 5  # that lead from one to the other


class Types:
    """The item definitions of a file."""

    def __init__(self, root: etree._Element, namespace: str) -> None:
        """Read them."""
        self._known: dict[str, tuple[str, str]] = {}  # name -> type it stands on, its allowed values
        for element in root.iterchildren(f"{{{namespace}}}itemDefinition"):
            name = element.get("name") or ""
            base = element.findtext(f"{{{namespace}}}typeRef") or ""
            allowed = element.findtext(f"{{{namespace}}}allowedValues/{{{namespace}}}text") or ""
            self._known[name] = (_local(base), allowed.strip())

    def base(self, kind: str | None) -> str:
        """Give the type of FEEL that a name stands on, or the name itself."""
        found = _local(kind or "")
        for _ in range(_MOST_NAMES):
            if found not in self._known:
                break
            found = self._known[found][0]
        return found

    def allowed(self, kind: str | None) -> str:
        """Give the allowed values of a type."""
        return self._known.get(_local(kind or ""), ("", ""))[1]


def _local(name: str) -> str:
    """Leave out the prefix of ``feel:string``."""
    return name.strip().rpartition(":")[2][:80]
