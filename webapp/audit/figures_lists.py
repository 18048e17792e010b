"""What stands behind figures, case by case: deviations of a class, and why steps were done again."""

from __future__ import annotations

from engine.queries.figures_deviations import Deviation, DeviationKind
from engine.queries.figures_rework import Reason
from webapp.audit.figures_words import deviation_words, kind_words, replay_of
from webapp.audit.tables import Column, Table, text, when
from webapp.language import gettext
from webapp.standing import named_round


def deviations_table(kind: DeviationKind, rows: tuple[Deviation, ...]) -> Table:
    """List deviations of a class."""
    return Table(
        key=kind.value,
        caption=kind_words(kind),
        columns=(
            Column(label=gettext("Case")),
            Column(label=gettext("Step")),
            Column(label=gettext("Who")),
            Column(label=gettext("When")),
            Column(label=gettext("What differs")),
        ),
        rows=tuple(
            (
                text(one.number, replay_of(one.case, one.seq)),
                text(named_round(one.step, one.round) if one.step else "–"),
                text(one.who or "–"),
                when(one.at),
                text(deviation_words(one, kind) or one.title),
            )
            for one in rows
        ),
    )


def reasons_table(reasons: tuple[Reason, ...]) -> Table:
    """List why steps were done again."""
    return Table(
        key="reasons",
        caption=gettext("Why steps were done again"),
        columns=(
            Column(label=gettext("Case")),
            Column(label=gettext("From step")),
            Column(label=gettext("Back to")),
            Column(label=gettext("Who")),
            Column(label=gettext("When")),
            Column(label=gettext("Reason")),
        ),
        rows=tuple(
            (
                text(one.number, replay_of(one.case, one.seq)),
                text(one.source),
                text(named_round(one.target, one.round)),
                text(one.who or "–"),
                when(one.at),
                text(one.words or "–"),
            )
            for one in reasons
        ),
    )
