"""The permission table of revisions: owners draft, approvers decide, everybody reads what was signed."""

from __future__ import annotations

from tests.webapp.permission_table import Route, only

_DRAFT = "/library/<key>/drafts/<uuid:draft_id>"
_IN_DRAFT = "/library/izin/drafts/{draft}"
_FORM = f"{_DRAFT}/forms/<form_key>"
_IN_FORM = f"{_IN_DRAFT}/forms/mengajukan"
_VERSION = "/library/<key>/versions/<int:number>"
_IN_VERSION = "/library/izin/versions/2"

ROUTES = (
    Route(rule="/library/new", answers=only("pemilik stranger", 200)),
    Route(
        rule="/library/new",
        method="POST",
        fields={"name": "Cuti Tahunan", "roles": "staf"},
        answers=only("pemilik stranger", 303),
    ),
    Route(
        rule="/library/<key>/draft",
        address="/library/izin/draft",
        answers=only("pemilik", 303) | only("stranger", 200),
    ),
    Route(
        rule="/library/<key>/drafts",
        method="POST",
        address="/library/izin/drafts",
        fields={"revision": "1"},
        answers=only("pemilik stranger", 303),
    ),
    Route(rule=_DRAFT, address=_IN_DRAFT, answers=only("pemilik", 200)),
    Route(rule=_DRAFT, method="PUT", address=_IN_DRAFT, answers=only("pemilik", 409)),
    Route(rule=f"{_DRAFT}/lint", method="POST", address=f"{_IN_DRAFT}/lint", answers=only("pemilik", 422)),
    Route(
        rule=f"{_DRAFT}/expression",
        method="POST",
        address=f"{_IN_DRAFT}/expression",
        answers=only("pemilik", 200),
    ),
    Route(rule=f"{_DRAFT}/diagram.bpmn", address=f"{_IN_DRAFT}/diagram.bpmn", answers=only("pemilik", 200)),
    Route(rule=f"{_DRAFT}/difference", address=f"{_IN_DRAFT}/difference", answers=only("pemilik", 200)),
    Route(
        rule="/library/<key>/compare",
        address="/library/izin/compare?old=1&new=2",
        answers=only("kadin sekdin kasub staf pemilik pengesah auditor admin", 200),
    ),
    Route(rule=f"{_DRAFT}/forms", address=f"{_IN_DRAFT}/forms", answers=only("pemilik", 200)),
    Route(
        rule=f"{_DRAFT}/forms",
        method="POST",
        address=f"{_IN_DRAFT}/forms",
        fields={"revision": "1", "key": "baru"},
        answers=only("pemilik", 303),
    ),
    Route(rule=_FORM, address=_IN_FORM, answers=only("pemilik", 200)),
    Route(rule=_FORM, method="POST", address=_IN_FORM, answers=only("pemilik", 422)),
    Route(
        rule=f"{_FORM}/name",
        method="POST",
        address=f"{_IN_FORM}/name",
        fields={"revision": "1", "key": "baru"},
        answers=only("pemilik", 303),
    ),
    Route(
        rule=f"{_FORM}/removal",
        method="POST",
        address=f"{_IN_FORM}/removal",
        fields={"revision": "1"},
        answers=only("pemilik", 303),
    ),
    Route(
        rule=f"{_DRAFT}/preview",
        method="POST",
        address=f"{_IN_DRAFT}/preview",
        fields={"key": "mengajukan", "text": "x"},
        answers=only("pemilik", 422),
    ),
    Route(rule=f"{_DRAFT}/questions", address=f"{_IN_DRAFT}/questions", answers=only("pemilik", 200)),
    Route(
        rule=f"{_DRAFT}/questions/<question>",
        method="POST",
        address=f"{_IN_DRAFT}/questions/siapa",
        fields={"revision": "1", "answer": "staf"},
        answers=only("pemilik", 404),  # it asks nothing
    ),
    Route(rule=f"{_DRAFT}/package.zip", address=f"{_IN_DRAFT}/package.zip", answers=only("pemilik", 200)),
    Route(rule=f"{_DRAFT}/upload", address=f"{_IN_DRAFT}/upload", answers=only("pemilik", 200)),
    Route(
        rule=f"{_DRAFT}/upload",
        method="POST",
        address=f"{_IN_DRAFT}/upload",
        answers=only("pemilik", 422),  # no file
    ),
    Route(
        rule=f"{_DRAFT}/upload/another",
        method="POST",
        address=f"{_IN_DRAFT}/upload/another",
        answers=only("pemilik", 422),  # no file
    ),
    Route(
        rule=f"{_DRAFT}/upload/take-over",
        method="POST",
        address=f"{_IN_DRAFT}/upload/take-over",
        fields={"revision": "1", "element": "mengajukan"},
        answers=only("pemilik", 303),
    ),
    Route(
        rule=f"{_DRAFT}/content",
        method="POST",
        address=f"{_IN_DRAFT}/content",
        fields={"revision": "1", "kept": "1"},
        answers=only("pemilik", 404),  # nothing is kept yet
    ),
    Route(rule=f"{_DRAFT}/discard", address=f"{_IN_DRAFT}/discard", answers=only("pemilik", 200)),
    Route(
        rule=f"{_DRAFT}/discard",
        method="POST",
        address=f"{_IN_DRAFT}/discard",
        fields={"revision": "1"},
        answers=only("pemilik", 303),
    ),
    Route(rule=f"{_DRAFT}/rehearsal", address=f"{_IN_DRAFT}/rehearsal", answers=only("pemilik", 200)),
    Route(
        rule=f"{_DRAFT}/rehearsal",
        method="POST",
        address=f"{_IN_DRAFT}/rehearsal",
        fields={"year": "2027"},
        answers=only("pemilik", 303),
    ),
    # There is no rehearsal yet: whoever may have one is led to its beginning.
    *(
        Route(
            rule=f"{_DRAFT}/rehearsal/{what}",
            method="POST",
            address=f"{_IN_DRAFT}/rehearsal/{what}",
            fields={"next": "1", "code": "X", "failed": "1"},
            answers=only("pemilik", 303),
        )
        for what in ("tasks", "clock", "answers", "messages", "undo", "end")
    ),
    Route(rule=f"{_DRAFT}/submission", address=f"{_IN_DRAFT}/submission", answers=only("pemilik", 200)),
    Route(
        rule=f"{_DRAFT}/submission",
        method="POST",
        address=f"{_IN_DRAFT}/submission",
        fields={"revision": "1"},
        answers=only("pemilik", 409),  # nothing was changed
    ),
    Route(
        rule=f"{_VERSION}/reading",
        address=f"{_IN_VERSION}/reading",
        answers=only("kadin sekdin kasub staf pemilik pengesah auditor admin", 200),
    ),
    Route(
        rule=f"{_VERSION}/acknowledgement",
        method="POST",
        address=f"{_IN_VERSION}/acknowledgement",
        answers=only("kadin sekdin kasub staf pemilik pengesah auditor admin", 409),  # it is not in force
    ),
    Route(
        rule="/library/<key>/acknowledgements",
        address="/library/izin/acknowledgements",
        answers=only("pemilik auditor admin stranger", 200),
    ),
    Route(
        rule="/library/<key>/acknowledgements",
        method="POST",
        address="/library/izin/acknowledgements",
        fields={"policy": "warn"},
        answers=only("pemilik stranger", 303),
    ),
    Route(
        rule=f"{_VERSION}/review",
        address=f"{_IN_VERSION}/review",
        answers=only("pemilik pengesah auditor", 200),
    ),
    Route(
        rule=f"{_VERSION}/review",
        method="POST",
        address=f"{_IN_VERSION}/review",
        answers=only("pemilik", 409),  # it is under review already
    ),
    Route(
        rule=f"{_VERSION}/approval",
        method="POST",
        address=f"{_IN_VERSION}/approval",
        answers=only("pengesah", 422),
    ),
    Route(
        rule=f"{_VERSION}/approval/proof",
        address=f"{_IN_VERSION}/approval/proof",
        answers=only("pemilik pengesah", 200),
    ),
    Route(
        rule=f"{_VERSION}/approval/proof",
        method="POST",
        address=f"{_IN_VERSION}/approval/proof",
        answers=only("pemilik pengesah", 303),
    ),
    Route(rule=f"{_VERSION}/approval/paper", address=f"{_IN_VERSION}/approval/paper"),  # there is none yet
    Route(
        rule=f"{_VERSION}/return",
        method="POST",
        address=f"{_IN_VERSION}/return",
        fields={"reason": "Belum lengkap"},
        answers=only("pengesah", 303),
    ),
    Route(
        rule=f"{_VERSION}/withdrawal",
        address=f"{_IN_VERSION}/withdrawal",
        answers=only("pemilik pengesah", 200),
    ),
    Route(
        rule=f"{_VERSION}/withdrawal",
        method="POST",
        address=f"{_IN_VERSION}/withdrawal",
        answers=only("pemilik pengesah", 422),
    ),
    Route(rule=f"{_VERSION}/reinstatement", address=f"{_IN_VERSION}/reinstatement"),  # it waits for approval
    Route(
        rule=f"{_VERSION}/reinstatement",
        method="POST",
        address=f"{_IN_VERSION}/reinstatement",
        fields={"reason": "Revisi 3 keliru"},
        answers=only("pengesah", 409),
    ),
    Route(
        rule=f"{_VERSION}/comments",
        method="POST",
        address=f"{_IN_VERSION}/comments",
        fields={"text": "Baik"},
        answers=only("pemilik pengesah", 303),
    ),
    Route(
        rule=f"{_VERSION}/comments/<uuid:comment_id>/settlement",
        method="POST",
        address=f"{_IN_VERSION}/comments/{{comment}}/settlement",
        answers=only("pemilik pengesah", 303),
    ),
)
