"""From a form's definition, what was typed and what is wrong, to the view that the macros draw."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from flask_babel import gettext

from engine.errors import Problem
from engine.forms.definition import Field, FieldType, FormDefinition, Option, Raw
from engine.forms.raw import paste_box
from engine.forms.values import no_option
from webapp.forms.views import (
    FieldView,
    FormView,
    ListView,
    ProblemLink,
    RowView,
    SectionView,
    StagedFile,
    column_parts,
    in_lines,
    lost_choices,
)
from webapp.forms.words import brief, help_of, place_of, said
from webapp.rendering import is_id, sentence

_NOTHING: Mapping[str, str] = {}
_NO_FILES: Mapping[str, Sequence[StagedFile]] = {}
_NO_OPTIONS: Mapping[str, Sequence[Option]] = {}
_BEGINS_SECTION = frozenset({FieldType.TEXT, FieldType.GROUP, FieldType.LIST})
_FACTS = 2  # short values under a row's title
_FACT_LENGTH = 14  # characters


def draw_form(  # noqa: PLR0913 - everything that stands in a form
    form: FormDefinition,
    raw: Raw,
    *,
    options: Mapping[str, Sequence[Option]] = _NO_OPTIONS,
    problems: Sequence[Problem] = (),
    staged: Mapping[str, Sequence[StagedFile]] = _NO_FILES,
    earlier: Mapping[str, str] = _NOTHING,
    earlier_round: int = 1,
    pretended: Collection[str] | None = None,
) -> FormView:
    """Draw a form as it stands.

    ``options`` are those the server supplies, by source; ``earlier`` what a round before had, by the
    fields' names. Problems of fields that are not the form's own are in the summary too. ``pretended``
    are the files that are said to be there, where none are taken.
    """
    drawer = _Drawer(form, raw, options, staged)
    drawer.pretended = pretended
    drawer.problems = {one.field: said(one) for one in reversed(problems)}
    drawer.marks = {
        name: gettext("Round %(round)s: %(text)s", round=earlier_round, text=text)
        for name, text in earlier.items()
    }
    sections = tuple(drawer.sections())
    return FormView(
        form=form,
        sections=sections,
        problems=problem_links(form, raw, problems),
        decision=drawer.every.get(form.decision.key) if form.decision else None,
        every=drawer.every,
    )


def problem_links(
    form: FormDefinition | None, raw: Raw, problems: Sequence[Problem]
) -> tuple[ProblemLink, ...]:
    """Make the lines of the summary, in the order of the problems."""
    ordinals = {
        f"{field.key}.{index}": number
        for field in (form.lists if form else ())
        for number, index in enumerate(field.rows_in(raw), 1)
    }
    return tuple(
        ProblemLink(anchor=one.field, text=f"{place_of(form, one, ordinals)}: {brief(said(one))}")
        for one in problems
    )


class _Drawer:
    def __init__(
        self,
        form: FormDefinition,
        raw: Raw,
        options: Mapping[str, Sequence[Option]],
        staged: Mapping[str, Sequence[StagedFile]],
    ) -> None:
        self.form, self.raw, self.options, self.staged = form, raw, options, staged
        self.pretended: Collection[str] | None = None
        self.problems: Mapping[str, str] = {}
        self.marks: Mapping[str, str] = {}
        self.every: dict[str, FieldView] = {}

    def sections(self) -> Iterator[SectionView]:
        """Cut the form where a heading, a group or a list begins."""
        heading, words = self.form.title, ""
        loose: list[FieldView] = []
        for field in self.form.fields:
            if field.type not in _BEGINS_SECTION:
                loose += self._loose(field)
                continue
            if loose or words:
                yield SectionView(heading=heading, words=words, lines=in_lines(loose))
            loose = []
            is_text = field.type is FieldType.TEXT
            heading, words = (field.label, field.description) if is_text else ("", "")
            if not is_text:
                yield self._block(field)
        if loose or words:
            yield SectionView(heading=heading, words=words, lines=in_lines(loose))

    def _loose(self, field: Field) -> list[FieldView]:
        view = self._field(field)
        return [] if field.decision else [view]

    def _block(self, field: Field) -> SectionView:
        if field.type is FieldType.GROUP:
            return self._group(field)
        view = self._field(field)
        return SectionView(heading=field.label, words=view.help, list=view)

    def _group(self, group: Field) -> SectionView:
        return SectionView(
            heading=group.label,
            words=help_of(group, self.form.by_key),
            lines=in_lines(list(self._members(group))),
            group=True,
        )

    def _members(self, group: Field) -> Iterator[FieldView]:
        """Draw what a group holds; groups within stand in it as fieldsets."""
        for field in group.fields:
            if field.type is FieldType.GROUP:
                help_ = help_of(field, self.form.by_key)
                yield FieldView(
                    field=field, name="", help=help_, members=in_lines(list(self._members(field)))
                )
            else:
                yield from self._loose(field)

    def _field(self, field: Field) -> FieldView:
        texts = self.raw.get(field.key, ())
        problem = self._problem(field, field.key, texts)
        view = FieldView(
            field=field,
            name=field.key,
            texts=texts,
            help=help_of(field, self.form.by_key, example=not any(texts) and not problem),
            problem=problem,
            mark=self.marks.get(field.key, ""),
            options=self._options(field),
            files=self.staged.get(field.key, ()),
            pretended=None if self.pretended is None else field.key in self.pretended,
            table=self._list(field) if field.type is FieldType.LIST else None,
        )
        if field.key:
            self.every[field.key] = view
        return view

    def _problem(self, field: Field, name: str, texts: Sequence[str]) -> str:
        """Say what is wrong; what was pasted and is no option is told before anything is sent."""
        lost = lost_choices(field, texts, self._options(field))
        told = self.problems.get(name, "")
        return told or (sentence(no_option(lost, self._options(field))) if lost else "")

    def _options(self, field: Field) -> Sequence[Option]:
        return self.options.get(field.source, ()) if field.source else field.options

    def _list(self, field: Field) -> ListView:
        rows = [
            self._row(field, str(index), number) for number, index in enumerate(field.rows_in(self.raw), 1)
        ]
        title = _title_column(field, rows)
        paste = paste_box(field)
        return ListView(
            columns=field.fields,
            parts=column_parts(field.fields),
            rows=tuple(_summed_up(row, title) for row in rows),
            empty=self._row(field, "__n__", None),
            is_table=field.is_table,
            add=f"add:{field.key}",
            paste=paste,
            pasted="\n".join(self.raw.get(paste, ())),
            paste_problem=self.problems.get(paste, ""),
        )

    def _row(self, field: Field, index: str, number: int | None) -> RowView:
        near = {**self.form.by_key, **{column.key: column for column in field.fields}}
        cells = []
        for column in field.fields:
            name = f"{field.key}.{index}.{column.key}"
            texts = self.raw.get(name, ()) if number else _default_texts(column)
            cells.append(
                FieldView(
                    field=column,
                    name=name,
                    texts=texts,
                    help="" if field.is_table else help_of(column, near),
                    problem=self._problem(column, name, texts),
                    mark=self.marks.get(name, ""),
                    options=self._options(column),
                )
            )
        anchor = self.form.row_anchor(field, number - 1) if number else ""
        return RowView(
            index=index,
            number=str(number or "__row__"),
            anchor=anchor or self.form.row_anchor(field, 0).removesuffix("1") + "__row__",
            cells=tuple(cells),
            remove=f"remove:{field.key}:{index}",
        )


def _default_texts(column: Field) -> Sequence[str]:
    default = column.default
    if default is None or default is False:
        return ()
    if isinstance(default, tuple):
        return default
    return ("true",) if default is True else (str(default).replace(".", ","),)


def _title_column(field: Field, rows: Sequence[RowView]) -> int:
    """Pick the column that tells rows apart best, for the cards of a phone."""
    different = [len({row.cells[place].text for row in rows}) for place in range(len(field.fields))]
    return max(range(len(different)), key=lambda place: (different[place], -place), default=0)


def _summed_up(row: RowView, title: int) -> RowView:
    words = [(cell, _read(cell)) for cell in row.cells]
    facts = [
        f"{cell.field.label} {text}"
        for place, (cell, text) in enumerate(words)
        if place != title and text and len(text) <= _FACT_LENGTH
    ]
    return RowView(
        index=row.index,
        number=row.number,
        anchor=row.anchor,
        cells=row.cells,
        title=words[title][1] if words else "",
        line=" · ".join(facts[:_FACTS]),
        remove=row.remove,
    )


def _read(cell: FieldView) -> str:
    if cell.field.type is FieldType.CHECKBOX:
        return str(gettext("Yes")) if cell.text else ""
    labels = {option.value: option.label for option in cell.options}
    return ", ".join(labels.get(text, "" if is_id(text) else text) for text in cell.texts)
