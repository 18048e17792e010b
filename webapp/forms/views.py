"""View models of a form: everything the macros of ``templates/forms/`` need, already in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from engine.forms.definition import Field, FieldType, FormDefinition, Option
from engine.forms.fields import CHOICES, SEVERAL

_SHORT = frozenset({FieldType.NUMBER, FieldType.DATE, FieldType.TIME, FieldType.DATETIME})
_SHORT_TEXT = 40  # characters: a text that can be no longer gets a short field
_MOST_BESIDE = 5  # columns of a table that still fits beside a side column
_CELL_PARTS = {FieldType.TEXTAREA: 4, FieldType.NUMBER: 2, FieldType.DATE: 3, FieldType.TIME: 2}
PARTS = 48  # a table's width, for its columns' classes


@dataclass(frozen=True, kw_only=True)
class StagedFile:
    """A file that was chosen before and waits with the draft."""

    blob: str  # hex
    name: str
    meta: str = ""  # "PDF, 2,1 MB"
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """A field with its name, what stands in it, and what is wrong with it."""

    field: Field
    name: str
    texts: Sequence[str] = ()
    help: str = ""
    problem: str = ""
    mark: str = ""  # what an earlier round had here: "Putaran 1: 71,40"
    options: Sequence[Option] = ()
    files: Sequence[StagedFile] = ()
    pretended: bool | None = None  # of a file in a rehearsal: whether it is said to be there
    members: tuple[Line, ...] = ()  # of a group
    table: ListView | None = None

    @property
    def type(self) -> str:
        """Form-js' name of the type, for the macro that draws it."""
        return self.field.type.value

    @property
    def text(self) -> str:
        """What was typed."""
        return self.texts[-1] if self.texts else ""

    @property
    def optional(self) -> bool:
        """Tell whether the label says that it may be left empty."""
        one = self.field
        never = one.required or one.required_if or one.readonly or one.decision or one.hide
        return not never and one.type is not FieldType.CHECKBOX

    @property
    def described(self) -> str:
        """Ids of help, problem and mark, for ``aria-describedby``."""
        ends = (("help", self.help), ("problem", self.problem), ("mark", self.mark))
        return " ".join(f"{self.name}-{end}" for end, words in ends if words)

    @property
    def size(self) -> str:
        """Class for how wide the field is where it stands alone."""
        longest = self.field.max_length or _SHORT_TEXT + 1
        return "short" if self.field.type in _SHORT or longest <= _SHORT_TEXT else ""

    @property
    def input_mode(self) -> str:
        """Keyboard of a phone."""
        if self.field.type is FieldType.NUMBER:
            negative = self.field.minimum is None or self.field.minimum < 0
            return "text" if negative else "numeric" if self.field.decimals == 0 else "decimal"
        return {"email": "email", "phone": "tel"}.get(self.field.kind, "text")

    @property
    def lost(self) -> tuple[str, ...]:
        """What was pasted or chosen before and is no option; it stays, so that nobody wonders."""
        return lost_choices(self.field, self.texts, self.options)


@dataclass(frozen=True, kw_only=True)
class Line:
    """Fields that stand beside each other."""

    fields: tuple[FieldView, ...]


@dataclass(frozen=True, kw_only=True)
class RowView:
    """A row of a list; ``number`` counts from 1, ``index`` is the row's place in its names."""

    index: str
    number: str
    anchor: str
    cells: tuple[FieldView, ...]
    title: str = ""
    line: str = ""  # short facts under the title
    remove: str = ""  # name of its button

    @property
    def has_problem(self) -> bool:
        """Tell whether a cell is wrong: such rows stand open."""
        return any(cell.problem for cell in self.cells)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing stands in it yet: such rows stand open."""
        return not any(text.strip() for cell in self.cells for text in cell.texts)

    @property
    def has_mark(self) -> bool:
        """Tell whether a cell differs from an earlier round."""
        return any(cell.mark for cell in self.cells)


@dataclass(frozen=True, kw_only=True)
class ListView:
    """A dynamic list: its rows, an empty row to copy, and the paste box."""

    columns: tuple[Field, ...]
    parts: tuple[int, ...]  # widths of the columns, of PARTS
    rows: tuple[RowView, ...]
    empty: RowView  # its index is "__n__", its number "__row__"
    is_table: bool
    add: str
    paste: str
    pasted: str = ""
    paste_problem: str = ""

    @property
    def is_broad(self) -> bool:
        """Tell whether it is a table that needs the whole width of a page."""
        return self.is_table and len(self.columns) > _MOST_BESIDE


@dataclass(frozen=True, kw_only=True)
class SectionView:
    """A block of the page: loose fields under a heading, a group, or a list."""

    heading: str = ""
    words: str = ""
    lines: tuple[Line, ...] = ()
    group: bool = False
    list: FieldView | None = None
    group_help: str = ""

    @property
    def is_broad(self) -> bool:
        """Tell whether it holds a table that needs the whole width of a page."""
        return self.list is not None and self.list.table is not None and self.list.table.is_broad


@dataclass(frozen=True, kw_only=True)
class ProblemLink:
    """A line of the summary: where it leads, and what is wrong there."""

    anchor: str
    text: str


@dataclass(frozen=True, kw_only=True)
class FormView:
    """A form ready to draw. ``decision`` is not among the sections: the page draws it as buttons."""

    form: FormDefinition
    sections: tuple[SectionView, ...]
    problems: tuple[ProblemLink, ...] = ()
    decision: FieldView | None = None
    every: Mapping[str, FieldView] = field(default_factory=dict)  # inputs by key

    @property
    def lists(self) -> tuple[FieldView, ...]:
        """Give the dynamic lists, in their order."""
        return tuple(section.list for section in self.sections if section.list is not None)

    @cached_property
    def has_files(self) -> bool:
        """Tell whether the page's form must be ``multipart/form-data``."""
        return bool(self.form.files)


def lost_choices(field: Field, texts: Sequence[str], options: Sequence[Option]) -> tuple[str, ...]:
    """Find which texts of a choice are none of its options."""
    if field.type not in CHOICES | SEVERAL:
        return ()
    known = {option.value for option in options}
    return tuple(text for text in texts if text.strip() and text not in known)


def column_parts(columns: Sequence[Field]) -> tuple[int, ...]:
    """Share a table's width among its columns: as the form says, else by what they hold."""
    wished = [column.width or _CELL_PARTS.get(column.type, 3) for column in columns]
    whole = sum(wished) or 1
    return tuple(max(2, round(PARTS * one / whole)) for one in wished)


def in_lines(fields: Iterable[FieldView]) -> tuple[Line, ...]:
    """Put fields of one layout row beside each other; what is long or many stands alone."""
    lines: list[list[FieldView]] = []
    for one in fields:
        row = one.field.row
        if lines and row and lines[-1][-1].field.row == row:
            lines[-1].append(one)
        else:
            lines.append([one])
    return tuple(Line(fields=tuple(line)) for line in lines)
