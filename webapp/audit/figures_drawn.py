"""What is drawn of the figures of an SOP besides its diagram: times of steps, and the ways cases took."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from engine.model.figures import share
from engine.queries.figures import FiguresPage
from engine.queries.figures_steps import StepFigures
from engine.queries.figures_variants import Variant, Variants
from webapp import wording
from webapp.audit.figures_words import replay_of
from webapp.audit.tables import Column, Table, count, minutes, percent, text
from webapp.drawing.time_bars import TimeBar, draw_time_bars
from webapp.drawing.ways import WayStop, draw_way
from webapp.language import gettext, ngettext


@dataclass(frozen=True, kw_only=True)
class WaysView:
    """The ways cases took, drawn and as a table; ``others`` is a sentence, empty where all are shown."""

    ways: tuple[Way, ...]
    table: Table
    others: str


def ways_view(found: Variants, day_length: int) -> WaysView:
    """Put ways into drawings and words."""
    return WaysView(ways=ways_of(found), table=variants_table(found, day_length), others=others_words(found))


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way that cases took: the drawing, the same in words, how many went it, and one of them."""

    drawing: Markup
    words: str
    often: str
    address: str
    number: str


def step_name(one: StepFigures) -> str:
    """Name a step with its number."""
    return f"{one.number} {one.name}" if one.number is not None else one.name


def step_bars(page: FiguresPage) -> Markup:
    """Draw each step's median, how far nine in ten go, and the standard time."""
    day = page.day_length
    return draw_time_bars([_bar(one, day) for one in page.steps.steps if one.sums.count], day_minutes=day)


def _bar(one: StepFigures, day: int) -> TimeBar:
    median, p90 = one.sums.worked.median or 0, one.sums.worked.p90 or 0
    words = gettext(
        "median %(median)s, 9 in 10 at most %(p90)s",
        median=wording.short_time(median, day),
        p90=wording.short_time(p90, day),
    )
    return TimeBar(
        label=step_name(one), words=words, worked=median, waited=p90 - median, standard=one.standard
    )


def bars_legend() -> tuple[tuple[str, str], ...]:
    """Say what the parts of the bars are."""
    return (
        ("within", gettext("Working time, median")),
        ("over", gettext("Beyond the standard time")),
        ("waited", gettext("Up to 9 in 10")),
        ("standard", gettext("Standard time")),
    )


def ways_of(found: Variants) -> tuple[Way, ...]:
    """Draw the most frequent ways."""
    return tuple(
        Way(
            drawing=draw_way([WayStop(sign=_sign(stop.number), again=stop.again) for stop in one.stops]),
            words=_words(one),
            often=_often(one, found.cases),
            address=replay_of(one.case, None),
            number=one.number,
        )
        for one in found.shown
    )


def _often(one: Variant, cases: int) -> str:
    part = share(one.count, cases)
    return ngettext("%(num)s case (%(share)s %%)", "%(num)s cases (%(share)s %%)", one.count, share=part)


def _sign(number: int | None) -> str:
    return "?" if number is None else str(number)


def _words(one: Variant) -> str:
    return " → ".join(_sign(stop.number) if stop.number is not None else stop.name for stop in one.stops)


def variants_table(found: Variants, day_length: int) -> Table:
    """Put the ways into a table."""
    unit = gettext("working minutes")
    cycle = gettext("From start to end, median")
    return Table(
        key="variants",
        caption=gettext("Ways that finished cases took"),
        columns=(
            Column(label=gettext("Steps in their order")),
            Column(label=gettext("Cases"), is_number=True),
            Column(label=gettext("Share"), exact=gettext("Share (percent)"), is_number=True),
            Column(label=cycle, exact=f"{cycle} ({unit})", is_number=True),
            Column(label=gettext("One of them")),
        ),
        rows=tuple(
            (
                text(_words(one)),
                count(one.count),
                percent(share(one.count, found.cases)),
                minutes(one.cycle.median, day_length),
                text(one.number, replay_of(one.case, None)),
            )
            for one in found.shown
        ),
    )


def others_words(found: Variants) -> str:
    """Say how many cases went other ways."""
    if not found.other_ways:
        return ""
    return ngettext(
        "%(num)s more case went one of %(ways)s other ways.",
        "%(num)s more cases went one of %(ways)s other ways.",
        found.others,
        ways=wording.number(found.other_ways),
    )
