"""What Python's errors mean, in the words of an office; what is not known here stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.errors import Sentence, say

_TYPES = {
    "str": say("a text"),
    "int": say("a number"),
    "float": say("a number"),
    "bool": say("yes or no"),
    "list": say("a list"),
    "dict": say("values with names"),
    "NoneType": say("nothing"),
}


def _kind(name: str) -> Sentence | str:
    return _TYPES.get(name, name)


_MEANINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Sentence]], ...] = (
    (
        re.compile(r"TypeError: '[<>]=?' not supported between instances of '(\w+)' and '(\w+)'"),
        lambda found: say(
            "%(one)s and %(other)s cannot be compared", one=_kind(found[1]), other=_kind(found[2])
        ),
    ),
    (
        re.compile(r"TypeError: unsupported operand type\(s\) for (\S+): '(\w+)' and '(\w+)'"),
        lambda found: say(
            "%(sign)s does not go with %(one)s and %(other)s",
            sign=found[1],
            one=_kind(found[2]),
            other=_kind(found[3]),
        ),
    ),
    (
        re.compile(r"TypeError: can only concatenate (\w+) \(not \"(\w+)\"\) to \w+"),
        lambda found: say(
            "%(sign)s does not go with %(one)s and %(other)s",
            sign="+",
            one=_kind(found[1]),
            other=_kind(found[2]),
        ),
    ),
    (
        re.compile(r"KeyError: (.+)"),
        lambda found: say("there is no value named %(name)s in it", name=found[1]),
    ),
    (
        re.compile(r"IndexError: .*out of range"),
        lambda _found: say("the list or text is shorter than that"),
    ),
    (
        re.compile(r"ZeroDivisionError: .*"),
        lambda _found: say("it divides by zero"),
    ),
    (
        re.compile(r"(?:TypeError|AttributeError): 'NoneType' object (?:is not subscriptable|has no .*)"),
        lambda _found: say("the value that is looked into is empty"),
    ),
    (
        re.compile(r"ValueError: invalid literal for int\(\) with base 10: (.*)"),
        lambda found: say("%(text)s is no whole number", text=found[1]),
    ),
)


def in_plain_words(error: str) -> Sentence:
    """Give the meaning of the first line of an error."""
    for pattern, meaning in _MEANINGS:
        found = pattern.fullmatch(error)
        if found is not None:
            return meaning(found)
    return say("%(detail)s", detail=error)
