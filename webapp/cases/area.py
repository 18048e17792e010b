"""What the pages of cases share: one blueprint, and the words their templates use."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from webapp import standing, stops
from webapp.cases import papers
from webapp.drawing.sop_table import standard_time_words

Page = str | tuple[str, int] | Response

blueprint = Blueprint("cases", __name__, url_prefix="/cases")

for _function, _name in (
    (papers.icon_of, "document_icon"),
    (papers.meta_of, "document_meta"),
    (papers.state_words, "document_state"),
    (papers.state_tag, "document_tag"),
    (papers.shown, "submission_shown"),
    (papers.who_when, "who_when"),
    (standing.status_words, "case_status"),
    (standing.due_of_line, "line_due"),
    (standing.named_round, "with_round"),
    (standard_time_words, "standard_time"),
    (stops.named, "named_in"),
):
    blueprint.add_app_template_filter(_function, _name)
