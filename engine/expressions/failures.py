"""What is said when an expression cannot be run to its end."""

from __future__ import annotations

import re

import pydantic_monty as monty

from engine.errors import AlurError, Busy, Sentence, say
from engine.expressions.limits import MEGABYTES, SECONDS
from engine.expressions.plain_words import in_plain_words

_UNKNOWN = re.compile(r"name '([^']*)' is not defined")


class ExpressionFailed(AlurError):
    """An expression that could not be run to its end; the sentence says where and why."""

    def __init__(self, sentence: Sentence, *, timed_out: bool = False, unknown_name: bool = False) -> None:
        """Tell a time-out apart: running it again may succeed on a quieter machine.

        So may a name that nobody has set yet.
        """
        super().__init__(sentence)
        self.timed_out = timed_out
        self.unknown_name = unknown_name


def too_slow() -> ExpressionFailed:
    """Say that the time was over."""
    return ExpressionFailed(
        say("it ran longer than %(seconds)s seconds and was stopped", seconds=SECONDS), timed_out=True
    )


def busy() -> Busy:
    """Say that others are at work in the sandbox."""
    return Busy(
        say("Too many conditions of SOPs are being worked out just now. Please try again in a moment.")
    )


def failure_of(
    error: monty.MontySyntaxError | monty.MontyRuntimeError, lines_before: int
) -> ExpressionFailed:
    """Say what monty found; ``lines_before`` are those put before the source."""
    cause = error.exception()
    if isinstance(cause, TimeoutError):
        return too_slow()
    if isinstance(cause, MemoryError):
        return ExpressionFailed(
            say("it needed more than %(megabytes)s MB and was stopped", megabytes=MEGABYTES)
        )
    frames = error.traceback()
    line = frames[0].line - lines_before if frames else 0
    column = frames[0].column if frames else 0
    unknown = _UNKNOWN.search(str(error))
    if unknown:
        return unknown_name(line, column, unknown.group(1))
    if line > 0:
        sentence = say(
            "line %(line)s, column %(column)s: %(detail)s",
            line=line,
            column=column,
            detail=in_plain_words(short(error)),
        )
    else:
        sentence = in_plain_words(short(error))
    return ExpressionFailed(sentence)


def unknown_name(line: int, column: int, name: str) -> ExpressionFailed:
    """Say that a name is not known, and where (both counted from 1)."""
    return ExpressionFailed(
        say(
            "line %(line)s, column %(column)s: the name %(name)s is not known",
            line=line,
            column=column,
            name=name,
        ),
        unknown_name=True,
    )


def short(error: Exception) -> str:
    """Give the first line of an error, at most 300 characters."""
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return text[:300]
