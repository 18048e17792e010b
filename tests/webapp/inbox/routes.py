"""The permission table of tasks: the task is open in the pool of *staf*.

Who supervises may read it, not do it. The stranger holds every role, but in another office.
"""

from __future__ import annotations

from tests.webapp.permission_table import Route, only
from webapp.inbox.views import ACTS

SUPERVISORS = "pemilik auditor admin"
REFUSED = only(SUPERVISORS, 403)


def act(noun: str, answer: int, **fields: str) -> Route:
    """Describe an act on the task: Staf gets an answer, who supervises is refused, others see nothing."""
    return Route(
        rule=f"/tasks/<uuid:task_id>/{noun}",
        method="POST",
        address=f"/tasks/{{task}}/{noun}",
        fields=fields,
        answers=REFUSED | only("staf", answer),
    )


ROUTES = (
    Route(rule="/tasks", others=200),
    Route(
        rule="/tasks/<uuid:task_id>",
        address="/tasks/{task}",
        answers=only(f"staf {SUPERVISORS}", 200),
    ),
    # The address of a refused form, opened again: it leads to the task, which says who may see it.
    Route(
        rule=f"/tasks/<uuid:task_id>/<any({', '.join(ACTS)}):act>",
        address="/tasks/{task}/completion",
        others=303,
    ),
    act("claim", 303),
    act("release", 303),
    act("completion", 422),
    act("assignment", 403),  # the step cannot be handed to anybody
    act("preparation", 422),
    act("pause", 422),
    act("return", 403, **{"act:step": "mengajukan", "act:why": "Keliru"}),  # nowhere to go back to
    act("documents", 422, **{"act:name": "Lampiran"}),
    act("withdrawal", 403),  # nobody has completed it
    Route(
        rule="/tasks/<uuid:task_id>/draft",
        method="POST",
        address="/tasks/{task}/draft",
        answers=only("staf", 303),
    ),
    Route(
        rule="/tasks/<uuid:task_id>/preview/<int:place>",
        method="POST",
        address="/tasks/{task}/preview/0",
        answers=only("staf", 303),
    ),
    Route(
        rule="/tasks/<uuid:task_id>/preview/<int:place>",
        address="/tasks/{task}/preview/0",
        answers=only("staf", 200),
    ),
    Route(
        rule="/tasks/<uuid:task_id>/preview/<int:place>/<int:page>.webp",
        address="/tasks/{task}/preview/0/1.webp",
        answers=only("staf", 200),
    ),
    Route(
        rule="/tasks/<uuid:task_id>/comments",
        method="POST",
        address="/tasks/{task}/comments",
        answers=only(f"staf {SUPERVISORS}", 422),
    ),
    Route(
        rule="/tasks/<uuid:task_id>/suggestion",
        method="POST",
        address="/tasks/{task}/suggestion",
        answers=only(f"staf {SUPERVISORS}", 422),
    ),
    Route(rule="/suggestions", others=200),
    Route(rule="/suggestions/seen", method="POST", others=303),
    Route(
        rule="/tasks/<uuid:task_id>/amendment",
        address="/tasks/{task}/amendment",
        answers=only(f"staf {SUPERVISORS}", 409),  # it is not done yet
    ),
    Route(
        rule="/tasks/<uuid:task_id>/amendment",
        method="POST",
        address="/tasks/{task}/amendment",
        answers=only(f"staf {SUPERVISORS}", 409),
    ),
    Route(
        rule="/tasks/<uuid:task_id>/staged/<uuid:blob_id>",
        address="/tasks/{task}/staged/{task}",
    ),
)
