"""Who may do what: denied unless a role's kind allows it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from enum import StrEnum


class RoleKind(StrEnum):
    """What a role is for."""

    PERFORMER = "performer"  # works on tasks, and nothing else
    OWNER = "owner"  # process owner (pemilik SOP)
    APPROVER = "approver"  # who puts SOPs in force (pengesah)
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """One thing that may be allowed."""

    WORK = "work"  # work on tasks of the lanes that name the role, and start cases
    READ_LIBRARY = "read-library"
    SUPERVISE_CASES = "supervise-cases"  # see every case of the office; auditors: what a letter covers
    CANCEL_CASE = "cancel-case"
    AMEND_STEPS = "amend-steps"  # correct what others entered at a finished step
    SOLVE_INCIDENTS = "solve-incidents"  # see what failed with its data, retry and correct it
    RESUME_SOPS = "resume-sops"  # let an SOP go on that was stopped as too slow
    DEPLOY = "deploy"
    REVISE = "revise"  # draft SOPs, try them, ask for their approval
    READ_REVIEWS = "read-reviews"  # what was said of a revision, and how it was decided
    APPROVE = "approve"  # approve what others drafted, put it in force, withdraw it
    MANAGE_PEOPLE = "manage-people"
    READ_RECORD = "read-record"  # replay cases, check the record, see figures, take evidence and logs away
    AUDIT = "audit"  # write findings and ask for explanations, under a letter of assignment
    ANSWER_AUDIT = "answer-audit"  # answer findings for the office, and say what was done about them


_ALLOWED: dict[RoleKind, frozenset[Permission]] = {
    RoleKind.PERFORMER: frozenset({Permission.WORK, Permission.READ_LIBRARY}),
    RoleKind.OWNER: frozenset(
        {
            Permission.WORK,
            Permission.READ_LIBRARY,
            Permission.SUPERVISE_CASES,
            Permission.CANCEL_CASE,
            Permission.AMEND_STEPS,
            Permission.SOLVE_INCIDENTS,
            Permission.DEPLOY,
            Permission.REVISE,
            Permission.READ_REVIEWS,
            Permission.READ_RECORD,
            Permission.ANSWER_AUDIT,
        }
    ),
    RoleKind.APPROVER: frozenset(
        {Permission.WORK, Permission.READ_LIBRARY, Permission.READ_REVIEWS, Permission.APPROVE}
    ),
    RoleKind.AUDITOR: frozenset(
        {
            Permission.READ_LIBRARY,
            Permission.SUPERVISE_CASES,
            Permission.READ_REVIEWS,
            Permission.READ_RECORD,
            Permission.AUDIT,
        }
    ),
    RoleKind.ADMINISTRATOR: frozenset(
        {
            Permission.READ_LIBRARY,
            Permission.SUPERVISE_CASES,
            Permission.CANCEL_CASE,
            Permission.AMEND_STEPS,
            Permission.SOLVE_INCIDENTS,
            Permission.RESUME_SOPS,
            Permission.MANAGE_PEOPLE,
            Permission.ANSWER_AUDIT,
        }
    ),
}


BY_ASSIGNMENT = frozenset({RoleKind.AUDITOR})  # kinds that supervise only what a valid letter covers
WORKING = tuple(kind for kind in RoleKind if Permission.WORK in _ALLOWED[kind])  # kinds that lanes may name


def permissions_of(kind: RoleKind) -> AbstractSet[Permission]:
    """Everything a kind of role allows."""
    return _ALLOWED[kind]
