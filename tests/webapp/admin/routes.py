"""The permission table of the administrator's pages.

The stranger administers another office: lists are of that office, and what is of this one is not found.
"""

from __future__ import annotations

from tests.webapp.permission_table import Route, only

BOTH = "admin stranger"

ROUTES = (
    Route(rule="/admin", answers=only(BOTH, 303)),
    Route(rule="/admin/people", answers=only(BOTH, 200)),
    Route(rule="/admin/people", method="POST", answers=only(BOTH, 422)),
    Route(rule="/admin/people/new", answers=only(BOTH, 200)),
    Route(rule="/admin/erasures", answers=only(BOTH, 200)),
    Route(rule="/admin/erasures", method="POST", answers=only(BOTH, 422)),
    Route(
        rule="/admin/erasures/<uuid:case_id>", address="/admin/erasures/{case}", answers=only("admin", 200)
    ),
    Route(
        rule="/admin/erasures/<uuid:case_id>",
        method="POST",
        address="/admin/erasures/{case}",
        answers=only("admin", 422),
    ),
    Route(
        rule="/admin/people/<uuid:person_id>", address="/admin/people/{person}", answers=only("admin", 200)
    ),
    Route(
        rule="/admin/people/<uuid:person_id>",
        method="POST",
        address="/admin/people/{person}",
        answers=only("admin", 422),
    ),
    Route(
        rule="/admin/people/<uuid:person_id>/deactivation",
        method="POST",
        address="/admin/people/{person}/deactivation",
        answers=only("admin", 303),
    ),
    Route(
        rule="/admin/people/<uuid:person_id>/activation",
        method="POST",
        address="/admin/people/{person}/activation",
        answers=only("admin", 303),
    ),
    Route(
        rule="/admin/people/<uuid:person_id>/password-link",
        method="POST",
        address="/admin/people/{person}/password-link",
        answers=only("admin", 303),
    ),
    Route(
        rule="/admin/people/<uuid:person_id>/password-link",
        address="/admin/people/{person}/password-link",
        answers=only("admin", 200),
    ),
    Route(rule="/admin/tasks", answers=only(BOTH, 200)),
    Route(
        rule="/admin/tasks/<uuid:task_id>/release",
        method="POST",
        address="/admin/tasks/{task}/release",
        answers=only("admin", 303),
    ),
    Route(rule="/admin/roles", answers=only(BOTH, 200)),
    Route(rule="/admin/roles", method="POST", answers=only(BOTH, 422)),
    Route(rule="/admin/roles/new", answers=only(BOTH, 200)),
    Route(
        rule="/admin/roles/<uuid:role_id>/assignments/new",
        address="/admin/roles/{role}/assignments/new",
        answers=only("admin", 200),
    ),
    Route(
        rule="/admin/roles/<uuid:role_id>/assignments",
        method="POST",
        address="/admin/roles/{role}/assignments",
        answers=only("admin", 422),
    ),
    Route(
        rule="/admin/assignments/<uuid:assignment_id>/end",
        address="/admin/assignments/{assignment}/end",
        answers=only("admin", 200),
    ),
    Route(
        rule="/admin/assignments/<uuid:assignment_id>/end",
        method="POST",
        address="/admin/assignments/{assignment}/end",
        answers=only("admin", 422),
    ),
    Route(rule="/admin/assignments", answers=only(BOTH, 200)),
    Route(rule="/admin/assignments", method="POST", answers=only(BOTH, 422)),
    Route(rule="/admin/assignments/new", answers=only(BOTH, 200)),
    Route(
        rule="/admin/assignments/<uuid:assignment_id>",
        address="/admin/assignments/{letter}",
        answers=only("admin", 200),
    ),
    Route(
        rule="/admin/assignments/<uuid:assignment_id>",
        method="POST",
        address="/admin/assignments/{letter}",
        answers=only("admin", 422),
    ),
    Route(
        rule="/admin/assignments/<uuid:assignment_id>/ending",
        method="POST",
        address="/admin/assignments/{letter}/ending",
        answers=only("admin", 422),
    ),
    Route(rule="/admin/jobs", answers=only(BOTH, 200)),
    Route(
        rule="/admin/jobs/<uuid:job_id>/retry",
        method="POST",
        address="/admin/jobs/{job}/retry",
        answers=only("admin", 303),
    ),
    Route(rule="/admin/units", answers=only(BOTH, 200)),
    Route(rule="/admin/units", method="POST", answers=only(BOTH, 422)),
)
