"""The figures of an SOP in tables, sentences and drawings."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from engine.model.figures import Heat, Sums
from engine.queries.figures import FiguresPage
from engine.queries.figures_asked import FiguresAsked
from engine.queries.figures_deviations import MANY, DeviationKind
from engine.queries.figures_rework import SHOWN, Rework
from engine.queries.figures_steps import PartFigures, StepFigures
from webapp import wording
from webapp.audit.figures_asked import address_of
from webapp.audit.figures_drawn import (
    WaysView,
    bars_legend,
    step_bars,
    step_name,
    ways_view,
)
from webapp.audit.figures_lists import reasons_table
from webapp.audit.figures_words import kind_meaning, kind_words
from webapp.audit.tables import Cell, Column, Table, count, minutes, percent, text
from webapp.drawing.heat import HotStep, draw_heat, heat_legend, heat_words
from webapp.drawing.sop_table import standard_time_words
from webapp.language import gettext, ngettext


@dataclass(frozen=True, kw_only=True)
class FiguresView:
    """What the page of figures shows, section by section."""

    facts: tuple[tuple[str, str], ...]
    heat: Markup
    legend: tuple[tuple[str, str], ...]
    hottest: str  # a sentence
    bars: Markup
    bars_legend: tuple[tuple[str, str], ...]
    steps: Table
    roles: Table
    units: Table
    versions: Table
    deviations: Table
    pairs: Table | None  # None, and so the ways: of so many steps they stand on pages of their own
    reasons: Table  # the newest
    ways: WaysView | None

    @property
    def tables(self) -> tuple[Table, ...]:
        """Give all tables, for a workbook."""
        parts = (self.steps, self.roles, self.units, self.versions)
        more = (self.pairs, self.ways.table if self.ways else None)
        return (*parts, self.deviations, *(one for one in more if one is not None))


def view_of(page: FiguresPage, asked: FiguresAsked) -> FiguresView:
    """Put figures into words."""
    sentence = _hottest(page)
    return FiguresView(
        facts=_facts(page),
        heat=draw_heat(
            page.definition.diagram,
            [_hot(one, page.day_length) for one in page.steps.steps if one.number is not None],
            title=gettext("Where time is lost in %(sop)s", sop=page.scope.name),
            description=sentence,
        ),
        legend=heat_legend(),
        hottest=sentence,
        bars=step_bars(page),
        bars_legend=bars_legend(),
        steps=_steps(page),
        roles=_parts("roles", gettext("By performer"), gettext("Performer"), page, page.steps.roles),
        units=_parts("units", gettext("By unit"), gettext("Unit"), page, page.steps.units),
        versions=_parts("versions", gettext("By revision"), gettext("Revision"), page, page.steps.versions),
        deviations=_deviations(page, asked),
        pairs=_pairs(page.rework) if page.rework else None,
        reasons=reasons_table(page.rework.reasons[:SHOWN] if page.rework else ()),
        ways=ways_view(page.variants, page.day_length) if page.variants else None,
    )


def _facts(page: FiguresPage) -> tuple[tuple[str, str], ...]:
    cases, day = page.cases, page.day_length
    return (
        (gettext("Cases started"), wording.number(cases.started)),
        (gettext("Cases finished"), wording.number(cases.finished)),
        (gettext("Cases cancelled"), wording.number(cases.cancelled)),
        (gettext("Cases open at the end"), wording.number(cases.open)),
        (gettext("From start to end, median"), minutes(cases.cycle.median, day).words),
        (gettext("From start to end, 9 in 10 at most"), minutes(cases.cycle.p90, day).words),
        (gettext("Steps completed"), wording.number(page.steps.all.count)),
        (gettext("Steps in time"), percent(page.steps.all.in_time).words),
    )


def _hot(one: StepFigures, day: int) -> HotStep:
    median = one.sums.worked.median
    words = "" if median is None else wording.short_time(median, day)
    return HotStep(element=one.element, heat=one.heat, words=words)


def _hottest(page: FiguresPage) -> str:
    """Name the steps beyond their standard time, the hottest first."""
    hot = [one for one in page.steps.steps if one.heat in {Heat.BEYOND, Heat.FAR_BEYOND}]
    if not page.steps.all.count:
        return gettext("No step was completed in this period.")
    if not hot:
        return gettext("As a rule no step takes longer than its standard time.")
    hot.sort(key=lambda one: -(one.sums.worked.median or 0) / (one.standard or 1))
    named = ", ".join(step_name(one) for one in hot)
    return ngettext(
        "As a rule %(num)s step takes longer than its standard time: %(named)s.",
        "As a rule %(num)s steps take longer than their standard times: %(named)s.",
        len(hot),
        named=named,
    )


def _measures() -> tuple[Column, ...]:
    unit = gettext("working minutes")
    return (
        *(
            Column(label=label, exact=f"{label} ({unit})", is_number=True)
            for label in (
                gettext("Working time, median"),
                gettext("Working time, 9 in 10"),
                gettext("Waiting time, median"),
                gettext("Waiting time, 9 in 10"),
            )
        ),
        Column(label=gettext("In time"), exact=gettext("In time (percent)"), is_number=True),
    )


def _measured(sums: Sums, day: int) -> tuple[Cell, ...]:
    spreads = (sums.worked.median, sums.worked.p90, sums.waited.median, sums.waited.p90)
    return (*(minutes(one, day) for one in spreads), percent(sums.in_time))


def _steps(page: FiguresPage) -> Table:
    return Table(
        key="steps",
        caption=gettext("Each step against its standard time"),
        columns=(
            Column(label=gettext("Step")),
            Column(label=gettext("Completed"), is_number=True),
            Column(label=gettext("Standard time")),
            *_measures(),
            Column(label=gettext("Done again"), is_number=True),
            Column(label=gettext("Against the standard time")),
        ),
        rows=tuple(
            (
                text(step_name(one)),
                count(one.sums.count),
                text(standard_time_words(one.standard_time) or "–"),
                *_measured(one.sums, page.day_length),
                count(one.repeated),
                text(heat_words(one.heat)),
            )
            for one in page.steps.steps
        ),
    )


def _parts(key: str, caption: str, first: str, page: FiguresPage, parts: tuple[PartFigures, ...]) -> Table:
    return Table(
        key=key,
        caption=caption,
        columns=(
            Column(label=first),
            Column(label=gettext("Completed"), is_number=True),
            *_measures(),
        ),
        rows=tuple(
            (text(one.name), count(one.sums.count), *_measured(one.sums, page.day_length)) for one in parts
        ),
    )


def _deviations(page: FiguresPage, asked: FiguresAsked) -> Table:
    """Count each class; what there is leads to its list."""
    return Table(
        key="deviations",
        caption=gettext("Deviations"),
        columns=(
            Column(label=gettext("Deviation")),
            Column(label=gettext("How many"), is_number=True),
            Column(label=gettext("What is counted")),
        ),
        rows=tuple(
            (
                text(
                    kind_words(kind),
                    address_of(asked, "audit.deviations", kind=kind.value) if often else "",
                ),
                _often(kind, often),
                text(kind_meaning(kind)),
            )
            for kind, often in page.deviations.items()
        ),
    )


def _pairs(rework: Rework) -> Table:
    return Table(
        key="rework",
        caption=gettext("Sent back from where to where"),
        columns=(
            Column(label=gettext("From step")),
            Column(label=gettext("Back to")),
            Column(label=gettext("How many"), is_number=True),
        ),
        rows=tuple((text(source), text(target), count(often)) for source, target, often in rework.pairs),
    )


def _often(kind: DeviationKind, often: int) -> Cell:
    """Count a class; one of which no more are counted is "so many or more"."""
    if kind is DeviationKind.NOT_HELD and often >= MANY:
        return Cell(words=gettext("%(count)s or more", count=wording.number(often)), value=often)
    return count(often)
