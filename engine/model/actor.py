"""Who acts, with which roles, on that day, in that office."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from engine.model.assignment import Coverage
from engine.model.permission import BY_ASSIGNMENT, WORKING, Permission, RoleKind, permissions_of


class Standing(StrEnum):
    """How somebody holds a role (Indonesian administrative terms)."""

    DEFINITIVE = "definitive"
    PLT = "plt"  # pelaksana tugas: acting, the post is vacant
    PLH = "plh"  # pelaksana harian: acting while the holder is away


@dataclass(frozen=True, kw_only=True)
class HeldRole:
    """A role somebody holds today."""

    key: str  # "kasub": what a lane names
    label: str  # "Kasub": the column head
    name: str  # "Kasubbag Penyusunan Program"
    kind: RoleKind
    standing: Standing = Standing.DEFINITIVE


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A signed-in person in one office; or the system (``person`` is None)."""

    person: UUID | None
    office: UUID
    name: str
    roles: tuple[HeldRole, ...] = ()
    on_behalf_of: UUID | None = None
    coverage: tuple[Coverage, ...] = ()  # by the letters of assignment that are valid today

    @property
    def supervises_all(self) -> bool:
        """Tell whether some role lets them see every case of the office."""
        return any(
            Permission.SUPERVISE_CASES in permissions_of(role.kind)
            for role in self.roles
            if role.kind not in BY_ASSIGNMENT
        )

    @property
    def needs_assignment(self) -> bool:
        """Tell whether they supervise only what a valid letter of assignment covers."""
        return self.may(Permission.SUPERVISE_CASES) and not self.supervises_all

    @property
    def covers(self) -> tuple[Coverage, ...]:
        """Give what they may read by assignment; nothing for whoever needs none, or is no auditor today."""
        return self.coverage if self.needs_assignment else ()

    @property
    def role_keys(self) -> tuple[str, ...]:
        """Keys of the roles held today that lanes may name: what may be worked on."""
        return tuple(role.key for role in self.roles if role.kind in WORKING)

    @property
    def permissions(self) -> AbstractSet[Permission]:
        """Everything the roles allow together; nothing else is allowed."""
        return frozenset().union(*(permissions_of(role.kind) for role in self.roles))

    def may(self, permission: Permission) -> bool:
        """Tell whether any role held today allows it."""
        return any(permission in permissions_of(role.kind) for role in self.roles)

    def holds(self, role: str) -> bool:
        """Tell whether a role that lanes may name is held today."""
        return role in self.role_keys
