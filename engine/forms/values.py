"""One field: what was typed becomes a clean value, or a sentence that says what to correct."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from engine.errors import Sentence, say
from engine.forms.context import FormContext
from engine.forms.fields import CHOICES, SEVERAL, TEXTS, Field, FieldType, Option
from engine.forms.notation import date_of, date_text, moment_of, number_of, number_text, time_of
from engine.forms.prefill import empty_value

LONGEST_LINE = 1_000  # characters, where the form sets no limit
LONGEST_TEXT = 20_000
_LONGEST_SHORT = 60  # characters of a number, date or time
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+")
_PHONE = re.compile(r"\+?[0-9 ()./-]{5,25}", re.ASCII)
_ID = re.compile("[0-9a-f]{32}")
_MOST_NAMED = 8  # options that are named where something else was typed
_SATURDAY, _SUNDAY = 5, 6


class Unreadable(ValueError):
    """What was typed cannot be the field's value."""

    def __init__(self, sentence: Sentence) -> None:
        """Keep the sentence for the field."""
        super().__init__()
        self.sentence = sentence


def is_empty(value: Any) -> bool:  # noqa: ANN401 - any clean value
    """Tell whether a clean value is nothing; 0 is something."""
    return value is None or value is False or value in ("", [])


def read_value(field: Field, texts: Sequence[str], context: FormContext) -> Any:  # noqa: ANN401 - by type
    """Give the clean value of one field, or raise Unreadable. Nothing typed is the empty value."""
    if field.type in SEVERAL:
        return _several(field, texts, context)
    text = texts[-1] if texts else ""
    if not text or text.isspace():
        return empty_value(field)
    if not text.isprintable() and _UNSTORABLE.search(text):
        raise Unreadable(say("It holds characters that cannot be kept. Type it again without them."))
    if field.type in TEXTS:
        return _text(field, text)
    if field.type is FieldType.CHECKBOX:
        return True
    if field.type in CHOICES:
        return _choice(field, text, context)
    text = text.strip()
    if len(text) > _LONGEST_SHORT:
        raise Unreadable(say("This is too long. Write at most %(most)s characters.", most=_LONGEST_SHORT))
    return _READ[field.type](field, text, context)


def _text(field: Field, text: str) -> str:
    if field.type is FieldType.TEXTFIELD:
        text = text.strip() if text.isprintable() else " ".join(text.split())
    elif not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\f", "\n").strip()
    else:
        text = text.strip()
    most = field.max_length or (LONGEST_LINE if field.type is FieldType.TEXTFIELD else LONGEST_TEXT)
    if len(text) > most:
        raise Unreadable(
            say("This has %(length)s characters. Shorten it to %(most)s.", length=len(text), most=most)
        )
    if field.min_length and len(text) < field.min_length:
        raise Unreadable(
            say("This is too short. Write at least %(least)s characters.", least=field.min_length)
        )
    if field.pattern or field.kind:
        _formed(field, text)
    return text


def _formed(field: Field, text: str) -> None:
    if field.kind == "email" and not _EMAIL.fullmatch(text):
        raise Unreadable(say("This is not an e-mail address. Write it like nama@example.go.id."))
    if field.kind == "phone" and not _PHONE.fullmatch(text):
        raise Unreadable(say("This is not a telephone number. Write it like 0342 801234."))
    if field.pattern and not field.pattern.matches(text):
        if field.example:
            raise Unreadable(
                say("This does not have the expected form. Write it like %(example)s.", example=field.example)
            )
        raise Unreadable(say("This does not have the expected form. Check it against the description."))


def _choice(field: Field, text: str, context: FormContext) -> str:
    known = field.option_values if not field.source else {one.value for one in context.options_of(field)}
    if text not in known:
        raise Unreadable(no_option((text,), context.options_of(field)))
    return text


def no_option(texts: Sequence[str], options: Sequence[Option]) -> Sentence:
    """Say what is no option and, where they are few, which ones are; of an id (hex) only that it is gone."""
    typed = [text[:_LONGEST_SHORT] for text in texts if not _ID.fullmatch(text)]
    if not typed:
        return say("This answer is no longer among the options. Choose again.")
    if len(options) > _MOST_NAMED:
        return say("“%(text)s” is not among the options. Choose one of the list.", text=", ".join(typed))
    return say(
        "“%(text)s” is not among the options: %(options)s.",
        text=", ".join(typed),
        options=", ".join(option.label for option in options),
    )


def _several(field: Field, texts: Sequence[str], context: FormContext) -> list[str]:
    chosen = dict.fromkeys(text for text in texts if text.strip())
    if not chosen:
        return []
    order = [one.value for one in context.options_of(field)]
    if not set(order).issuperset(chosen):
        raise Unreadable(no_option([text for text in chosen if text not in order], context.options_of(field)))
    return [value for value in dict.fromkeys(order) if value in chosen]


def _number(field: Field, text: str, _context: FormContext) -> int | float:
    value = number_of(text)
    if value is None and field.decimals == 0:
        raise Unreadable(say("This is not a number. Write digits, for example 12."))
    if value is None:
        raise Unreadable(say("This is not a number. Write digits, with a comma before decimals: 1.234,5."))
    if field.decimals == 0 and not isinstance(value, int):
        raise Unreadable(say("This must be a whole number. Write it without decimals."))
    if field.decimals and number_text(value) != number_text(round(value, field.decimals)):
        raise Unreadable(
            say("This has too many decimals. Write at most %(most)s after the comma.", most=field.decimals)
        )
    if field.minimum is not None and value < field.minimum:
        raise Unreadable(
            say("This is too small. Write at least %(least)s.", least=number_text(field.minimum))
        )
    if field.maximum is not None and value > field.maximum:
        raise Unreadable(say("This is too large. Write at most %(most)s.", most=number_text(field.maximum)))
    return value


def _date(field: Field, text: str, context: FormContext) -> str:
    day = date_of(text)
    if day is None:
        raise Unreadable(say("This is not a date. Write day, month and year, for example 24-11-2026."))
    _fitting_day(field, day, context)
    return day.isoformat()


def _time(_field: Field, text: str, _context: FormContext) -> str:
    clock = time_of(text)
    if clock is None:
        raise Unreadable(say("Write hours and minutes, for example 09.00."))
    return f"{clock:%H:%M}"


def _moment(field: Field, text: str, context: FormContext) -> str:
    moment = moment_of(text, context.now.tzinfo)
    if moment is None:
        raise Unreadable(say("Write date and time, for example 24-11-2026 09.00."))
    _fitting_day(field, moment.date(), context)
    return moment.isoformat()


def _fitting_day(field: Field, day: date, context: FormContext) -> None:
    written = date_text(day.isoformat())
    if field.no_past and day < context.today:
        raise Unreadable(say("%(date)s has passed. Choose today or a later day.", date=written))
    if not field.workday or context.is_workday(day):
        return
    if day.weekday() == _SUNDAY:
        raise Unreadable(say("%(date)s is a Sunday. Choose a working day.", date=written))
    if day.weekday() == _SATURDAY:
        raise Unreadable(say("%(date)s is a Saturday. Choose a working day.", date=written))
    raise Unreadable(say("%(date)s is a holiday. Choose a working day.", date=written))


_READ: Mapping[FieldType, Callable[[Field, str, FormContext], str | int | float]] = {
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.TIME: _time,
    FieldType.DATETIME: _moment,
}
