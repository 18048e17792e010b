"""Figures of very many cases are not worked out before whoever asks has chosen to wait, or asked for less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial, wraps
from typing import Any, ParamSpec

from flask import render_template, request

from engine.queries.figures import usual_sop
from engine.queries.figures_asked import FiguresAsked
from engine.queries.figures_size import PartOfPeriod, figures_size
from webapp import current, wording
from webapp.audit.area import Page
from webapp.audit.figures_asked import address_of, asked_for

_P = ParamSpec("_P")


def unless_large(view: Callable[_P, Page]) -> Callable[_P, Page]:
    """Answer at once with the parts of a long period; ``whole`` in the address asks for all of it."""

    @wraps(view)
    def answered(*args: _P.args, **kwargs: _P.kwargs) -> Page:
        if "whole" in request.args:
            return view(*args, **kwargs)
        asked = asked_for(request.args, partial(usual_sop, current.engine(), current.actor()))
        size = figures_size(current.engine(), current.actor(), asked) if asked.sop else None
        if size is None:
            return view(*args, **kwargs)
        named = request.view_args or {}

        def here(asked: FiguresAsked, **more: Any) -> str:
            return address_of(asked, request.endpoint or "", **named, **more)

        periods = [replace(asked, since=one.since, until=one.until) for one in size.parts]
        parts = [
            (_named(one), one.cases, here(period)) for one, period in zip(size.parts, periods, strict=True)
        ]
        return render_template(
            "audit/figures_large.html", size=size, asked=asked, parts=parts, whole=here(asked, whole=1)
        )

    return answered


def _named(part: PartOfPeriod) -> str:
    return wording.month_named(part.since) if part.is_month else str(part.since.year)
