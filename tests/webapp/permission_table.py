"""How the permission table is written: a row per route, a column per kind of user.

An area's rows stand in ``tests/webapp/<area>/routes.py`` as ``ROUTES``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Kind of user -> who plays it in the office of the tests ("" is nobody signed in).
KINDS: Mapping[str, str] = {
    "anonymous": "",
    "kadin": "budi",
    "sekdin": "sri",
    "kasub": "rina",
    "staf": "joko",
    "pemilik": "putu",
    "pengesah": "lina",
    "auditor": "agus",
    "admin": "dewi",
    "no-role": "tono",
    "stranger": "dewi",  # who holds every role, but in another office
}
SIGN_IN = "sign-in"  # sent to the sign-in page, before anything else is looked at
HIDDEN = 404


@dataclass(frozen=True, kw_only=True)
class Route:
    """One route and what each kind of user is answered.

    ``answers`` are statuses; who is not named gets ``others``. The anonymous are sent to sign in
    unless named. ``address`` has ``{names}`` of the facts of the test.
    """

    rule: str
    method: str = "GET"
    address: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, int | str] = field(default_factory=dict)
    others: int = HIDDEN

    def answer_to(self, kind: str) -> int | str:
        """Say what a kind of user is answered."""
        return self.answers.get(kind, SIGN_IN if kind == "anonymous" else self.others)

    @property
    def key(self) -> tuple[str, str]:
        """Give method and rule, as the application knows them."""
        return self.method, self.rule


def only(kinds: str, status: int) -> dict[str, int | str]:
    """Answer these kinds (names separated by spaces) with a status."""
    return dict.fromkeys(kinds.split(), status)


def everybody(status: int) -> dict[str, int | str]:
    """Answer everybody with a status, the anonymous too."""
    return dict.fromkeys(KINDS, status)
