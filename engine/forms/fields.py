"""What a form consists of: frozen values, read once per version and kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from engine.forms.conditions import Condition
from engine.forms.patterns import Pattern

Raw = Mapping[str, Sequence[str]]  # name of a field -> what was typed, as it was typed

MOST_ROWS = 500  # of one list
MOST_CELLS = 4_000  # of one list, so that what a form may hold is also what a request may carry
TABLE_COLUMNS = 4  # lists of at least so many columns are drawn as a table


class FieldType(StrEnum):
    """What a field takes; the values are form-js component types, with datetime split by subtype."""

    TEXTFIELD = "textfield"  # one line; "" when empty
    TEXTAREA = "textarea"  # several lines; "" when empty
    NUMBER = "number"  # int or float; None when empty
    CHECKBOX = "checkbox"  # bool
    CHECKLIST = "checklist"  # list of option values
    RADIO = "radio"  # an option value; None when nothing is chosen
    SELECT = "select"  # an option value; None when nothing is chosen
    TAGLIST = "taglist"  # list of option values
    DATE = "date"  # "2026-11-24"; None when empty
    TIME = "time"  # "09:00"; None when empty
    DATETIME = "datetime"  # "2026-11-24T09:00:00+07:00"; None when empty
    FILE = "filepicker"  # list of blob ids (hex)
    LIST = "dynamiclist"  # list of {column: value}
    GROUP = "group"  # holds fields, has no value
    TEXT = "text"  # a heading and words, has no value
    SEPARATOR = "separator"  # a line or gap, has no value


TEXTS = frozenset({FieldType.TEXTFIELD, FieldType.TEXTAREA})
CHOICES = frozenset({FieldType.RADIO, FieldType.SELECT})
SEVERAL = frozenset({FieldType.CHECKLIST, FieldType.TAGLIST})
MOMENTS = frozenset({FieldType.DATE, FieldType.TIME, FieldType.DATETIME})
WITHOUT_VALUE = frozenset({FieldType.GROUP, FieldType.TEXT, FieldType.SEPARATOR})


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One answer to choose: the value that is kept, and what people read."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Field:
    """One component of a form. What does not apply to its type is at its default.

    ``fields`` are the columns of a list or the members of a group. ``row`` and ``width`` are
    form-js' layout: fields of one row stand beside each other, a full row is 16 wide.
    """

    type: FieldType
    key: str = ""  # empty for what has no value
    label: str = ""
    description: str = ""  # help below the label; the words of a text component
    required: bool = False
    readonly: bool = False  # shown as prefilled; what is submitted for it is ignored
    options: tuple[Option, ...] = ()
    fields: tuple[Field, ...] = ()
    default: str | bool | float | tuple[str, ...] | None = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: Pattern | None = None
    kind: str = ""  # of a text: "email" or "phone"
    decimals: int | None = None  # of a number; 0 is whole numbers only
    no_past: bool = False  # of a date: not before today
    multiple: bool = False  # of a file
    accept: tuple[str, ...] = ()  # of a file: extensions in lower case, ".pdf"
    first_rows: int = 1  # empty rows a list begins with
    level: int = 2  # of a text's heading
    prefix: str = ""
    suffix: str = ""
    row: str = ""
    width: int | None = None
    hide: Condition | None = None
    # Our additions, from the component's ``properties``.
    required_if: tuple[str, str] | None = None  # (key, value)
    source: str = ""  # "people", "people:<role key>", "units": the server supplies the options
    shared: str = ""  # variable it is also written to, and prefilled from
    assigns: str = ""  # element whose next task goes to the named person
    document: str = ""  # output document a file fills
    printed_in: tuple[str, ...] = ()  # documents made from the form that show it; empty is all of them
    decision: str = ""  # document whose state the answer sets; first option accepts
    notes: bool = False  # the reviewer's notes
    prefill: str = ""  # "case.year", "today", "now", "round", "me", "<element>.<field>"
    workday: bool = False
    number_if: tuple[str, str] | None = None  # of a text: (key, value) with which it must hold a number
    not_before: str = ""  # of a moment: "today", "arrival" (of the task), or the key of another field
    not_after: str = ""
    plain: str = ""  # "letter_number", "signature": plain text for now, and the page says so
    example: str = ""  # shown when it is left empty

    @property
    def has_value(self) -> bool:
        """Tell whether it takes something that is kept."""
        return self.type not in WITHOUT_VALUE

    @property
    def is_table(self) -> bool:
        """Tell whether a list is drawn as a table."""
        return self.type is FieldType.LIST and len(self.fields) >= TABLE_COLUMNS

    @cached_property
    def column_keys(self) -> tuple[str, ...]:
        """Keys of a list's columns, in their order."""
        return tuple(field.key for field in self.fields)

    @cached_property
    def option_values(self) -> frozenset[str]:
        """Values that may be chosen, where the form itself lists them."""
        return frozenset(option.value for option in self.options)

    @property
    def most_rows(self) -> int:
        """Rows a list may have."""
        return min(MOST_ROWS, MOST_CELLS // max(1, len(self.fields)))

    def cell(self, row: int, column: str) -> str:
        """Name a cell of a list: ``indikator.0.target``."""
        return f"{self.key}.{row}.{column}"

    def rows_in(self, raw: Raw) -> tuple[int, ...]:
        """Find the row numbers (0-based, as submitted) of a list, in order; gaps are possible."""
        return row_numbers(self.key, raw)


def row_numbers(key: str, names: Iterable[str]) -> tuple[int, ...]:
    """Find which rows of a list are named; ``indikator.007.x`` or a sixth digit is nobody's row."""
    start = key + "."
    found = set()
    for name in names:
        if name.startswith(start):
            number, dot, _ = name[len(start) :].partition(".")
            if dot and len(number) <= 5 and number.isascii() and number.isdigit():  # noqa: PLR2004
                found.add(number)
    return tuple(sorted(int(number) for number in found if number == "0" or number[0] != "0"))


@dataclass(frozen=True, kw_only=True)
class FormDefinition:
    """A form as it was read. ``digest`` is the SHA-256 of its canonical text."""

    key: str
    title: str
    fields: tuple[Field, ...]
    digest: bytes

    def __hash__(self) -> int:
        """Hash by the digest, so that what is compiled per form is found at once."""
        return hash(self.digest)

    @cached_property
    def inputs(self) -> tuple[Field, ...]:
        """Every field that takes a value, out of their groups, in order; columns are not among them."""
        return tuple(field for field in self.every if field.has_value)

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        """Inputs by their key."""
        return {field.key: field for field in self.inputs}

    @cached_property
    def decision(self) -> Field | None:
        """The field that drives a review, drawn by the page as buttons."""
        return next((field for field in self.inputs if field.decision), None)

    @cached_property
    def notes(self) -> Field | None:
        """The reviewer's notes, shown to whoever gets the work back."""
        return next((field for field in self.inputs if field.notes), None)

    @cached_property
    def shared(self) -> tuple[str, ...]:
        """Variables that are written besides the step's own."""
        return tuple(field.shared for field in self.inputs if field.shared)

    @cached_property
    def assigned_elements(self) -> tuple[str, ...]:
        """Elements whose next task a field of this form gives to somebody."""
        return tuple(dict.fromkeys(field.assigns for field in self.inputs if field.assigns))

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Option lists the server must supply, columns included."""
        every = (part for field in self.inputs for part in (field, *field.fields))
        return tuple(dict.fromkeys(part.source for part in every if part.source))

    @cached_property
    def files(self) -> tuple[Field, ...]:
        """Fields that take files."""
        return tuple(field for field in self.inputs if field.type is FieldType.FILE)

    def row_anchor(self, field: Field, row: int) -> str:
        """Name the anchor of a list's row (0-based): ``baris-3``, where the main list is meant."""
        number = f"baris-{row + 1}"
        return number if field is self.main_list else f"{field.key}-{number}"

    @cached_property
    def main_list(self) -> Field | None:
        """The list that notes speak of: the one that is shared, else the first."""
        return next((field for field in self.lists if field.shared), self.lists[0] if self.lists else None)

    @cached_property
    def every(self) -> tuple[Field, ...]:
        """Every field and group, outermost first; columns are not among them."""
        return tuple(_every(self.fields))

    def printed_in(self, document: str) -> tuple[Field, ...]:
        """Give the inputs that a document made from this form shows; a group passes its own on."""
        return tuple(_printed_in(self.fields, document))

    @cached_property
    def lists(self) -> tuple[Field, ...]:
        """Dynamic lists."""
        return tuple(field for field in self.inputs if field.type is FieldType.LIST)


def _printed_in(fields: tuple[Field, ...], document: str) -> Iterator[Field]:
    for field in fields:
        if field.printed_in and document not in field.printed_in:
            continue
        if field.type is FieldType.GROUP:
            yield from _printed_in(field.fields, document)
        elif field.has_value:
            yield field


def _every(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        if field.type is FieldType.GROUP:
            yield from _every(field.fields)
