"""Reads FEEL (DMN 1.5, 10.3.1): the tests of a cell, and expressions. It builds a tree and evaluates nothing.

Known are literals, variables and paths, comparisons, intervals, lists, arithmetic, ``if``, ``between``,
``in``, ``and``, ``or``, ``not`` and the functions of ``engine.dmn.functions``; all else is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from engine.dmn.functions import FUNCTIONS, read_literal
from engine.dmn.limits import DEEPEST, MOST_DIGITS
from engine.dmn.syntax import (
    Arithmetic,
    Between,
    Call,
    Compare,
    Fits,
    If,
    In,
    Input,
    ListOf,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Path,
    Range,
    Tests,
    Value,
)
from engine.dmn.tokens import NotFeel, Token, misplaced, tokens, unquoted, words_pattern
from engine.errors import say

_LITERALS = {"true": True, "false": False, "null": None}
_PYTHONS = {"True": "true", "False": "false", "None": "null"}
_KEPT = frozenset(["and", "or", "then", "else", "between", "in", "if"])
_UNKNOWN = frozenset(["for", "some", "every", "function", "instance", "return", "satisfies", "external"])
_COMPARED = ("=", "!=", "<", "<=", ">", ">=")


class Reader:
    """Reads the cells of one decision; ``names`` are those of several words that it may use."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        """Prepare for the names."""
        self._several = words_pattern([*names, *FUNCTIONS])
        # The variables of everything read so far, and what is read of each: keys, or "" for all of it.
        self.asked: dict[str, set[str]] = {}

    def tests(self, text: str) -> Tests:
        """Read an input cell; NotFeel where it is not understood. Empty and ``-`` let anything pass."""
        if text.strip() in ("", "-"):
            return Tests()
        parser = _Parser(tokens(text, self._several), self.asked)
        if parser.takes("not", "("):
            tests = parser.inside()
            if parser.at_end:
                return Tests(tests, negated=True)
            parser = _Parser(tokens(text, self._several), self.asked)
        tests = parser.list_of_tests()
        parser.must_end()
        return Tests(tests)

    def expression(self, text: str) -> Node:
        """Read an expression; an empty one is null."""
        if not text.strip():
            return Value(None)
        parser = _Parser(tokens(text, self._several), self.asked)
        node = parser.expression()
        parser.must_end()
        return node


class _Parser:
    def __init__(self, found: list[Token], asked: dict[str, set[str]]) -> None:
        self.tokens = found
        self.asked = asked
        self.place = self.depth = 0
        self.asks = False  # for the input, by ``?``

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    @property
    def at_end(self) -> bool:
        return self.next.kind == "end"

    def must_end(self) -> None:
        if not self.at_end:
            raise self.refused()

    def refused(self) -> NotFeel:
        return misplaced(self.next.text, self.next.place)

    def take(self, *texts: str) -> str:
        """Take the next token where it is one of these, which stand in no quotation marks."""
        if self.next.kind != "text" and self.next.text in texts:
            self.place += 1
            return self.tokens[self.place - 1].text
        return ""

    def takes(self, *texts: str) -> bool:
        """Take several tokens in a row, or none."""
        found = self.tokens[self.place : self.place + len(texts)]
        if tuple(token.text for token in found) != texts or found[0].kind == "text":
            return False
        self.place += len(texts)
        return True

    def need(self, *texts: str) -> str:
        taken = self.take(*texts)
        if not taken:
            raise self.refused()
        return taken

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotFeel(say("it is nested deeper than %(most)s", most=DEEPEST))

    # -- the tests of a cell -----------------------------------------------------------------

    def list_of_tests(self) -> tuple[Node, ...]:
        parts = [self._test()]
        while self.take(","):
            parts.append(self._test())
        return tuple(parts)

    def inside(self) -> tuple[Node, ...]:
        """Read tests up to a closing parenthesis; what looked like the first may begin an interval."""
        self._deeper()
        first = self._test()
        if isinstance(first, Fits) and self.take(".."):
            self.depth -= 1
            return (Fits(self._interval(first.part, with_low=False)),)
        parts = [first]
        while self.take(","):
            parts.append(self._test())
        self.need(")")
        self.depth -= 1
        return tuple(parts)

    def _test(self) -> Node:
        """Read one test: what neither asks for ``?`` nor is true or false by its nature is compared."""
        if sign := self.take(*_COMPARED):
            return Compare(sign, Input(), self._sum())
        asked, self.asks = self.asks, False
        node = self.expression()
        asks, self.asks = self.asks, asked or self.asks
        return node if asks or _tells(node) else Fits(node)

    # -- expressions, the loosest first ------------------------------------------------------

    def expression(self) -> Node:
        self._deeper()
        node = self._if() if self.take("if") else self._any()
        self.depth -= 1
        return node

    def _if(self) -> Node:
        condition = self.expression()
        self.need("then")
        then = self.expression()
        self.need("else")
        return If(condition, then, self.expression())

    def _any(self) -> Node:
        parts = [self._all()]
        while self.take("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Logic(every=False, parts=tuple(parts))

    def _all(self) -> Node:
        parts = [self._comparison()]
        while self.take("and"):
            parts.append(self._comparison())
        return parts[0] if len(parts) == 1 else Logic(every=True, parts=tuple(parts))

    def _comparison(self) -> Node:
        left = self._sum()
        if sign := self.take(*_COMPARED):
            return Compare(sign, left, self._sum())
        if self.take("between"):
            low = self._sum()
            self.need("and")
            return Between(left, low, self._sum())
        if self.take("in"):
            return In(left, Tests(self.inside() if self.take("(") else (Fits(self._sum()),)))
        return left

    def _sum(self) -> Node:
        first, rest = self._product(), []
        while sign := self.take("+", "-"):
            rest.append((sign, self._product()))
        return Arithmetic(first, tuple(rest)) if rest else first

    def _product(self) -> Node:
        first, rest = self._power(), []
        while sign := self.take("*", "/"):
            rest.append((sign, self._power()))
        return Arithmetic(first, tuple(rest)) if rest else first

    def _power(self) -> Node:
        first, rest = self._signed(), []
        while sign := self.take("**"):
            rest.append((sign, self._signed()))
        return Arithmetic(first, tuple(rest)) if rest else first

    def _signed(self) -> Node:
        if not self.take("-"):
            return self._path()
        self._deeper()
        part = self._signed()
        self.depth -= 1
        if isinstance(part, Value) and isinstance(part.value, Decimal):
            return Value(part.value.copy_negate())
        return Negative(part)

    def _path(self) -> Node:
        node, names = self._one(), []
        while self.take("."):
            if self.next.kind != "name":
                raise self.refused()
            names.append(self.next.text)
            self.place += 1
        if isinstance(node, Name):
            self.asked.setdefault(node.name, set()).add(names[0] if names else "")
        return Path(node, tuple(names)) if names else node

    def _one(self) -> Node:
        kind, text, _place = self.next
        if kind == "text":
            self.place += 1
            return Value(unquoted(text))
        if kind == "number":
            return self._number(text)
        return self._named(text) if kind == "name" else self._marked()

    def _marked(self) -> Node:
        """Read what begins with a sign."""
        if self.take("?"):
            self.asks = True
            return Input()
        if self.take("@"):
            return self._at()
        if self.take("("):
            return self._parenthesis()
        if bracket := self.take("[", "]"):
            return self._bracket(with_low=bracket == "[")
        raise self.refused()

    def _number(self, text: str) -> Node:
        if len(text) > MOST_DIGITS:
            raise NotFeel(say("a number has more than %(most)s digits", most=MOST_DIGITS))
        self.place += 1
        return Value(Decimal(text))

    def _named(self, text: str) -> Node:
        if text in _LITERALS:
            self.place += 1
            return Value(_LITERALS[text])
        if text in _PYTHONS:
            raise NotFeel(
                say("%(found)s is written %(expected)s in FEEL", found=text, expected=_PYTHONS[text])
            )
        if text in _UNKNOWN:
            raise NotFeel(say("%(found)s is not supported", found=text))
        if text in _KEPT:
            raise self.refused()
        self.place += 1
        if self.take("("):
            return self._call(text)
        if text == "not":
            raise self.refused()
        return Name(text)

    def _call(self, name: str) -> Node:
        known = FUNCTIONS.get(name)
        if known is None and name != "not":
            raise NotFeel(say("the function %(name)s is not supported", name=name[:40]))
        arguments: list[Node] = []
        if not self.take(")"):
            arguments.append(self.expression())
            while self.take(","):
                arguments.append(self.expression())
            self.need(")")
        least, most = (1, 1) if known is None else (known.least, known.most)
        if not least <= len(arguments) <= most:
            raise NotFeel(
                say("the function %(name)s does not take %(count)s values", name=name, count=len(arguments))
            )
        if known is None:
            return Not(arguments[0])
        if known.reads is not None and isinstance(arguments[0], Value) and len(arguments) == 1:
            return Value(read_literal(known.reads, arguments[0].value))
        return Call(name, tuple(arguments))

    def _at(self) -> Node:
        if self.next.kind != "text":
            raise self.refused()
        text = unquoted(self.next.text)
        self.place += 1
        return Value(read_literal("date and time" if "T" in text else "date", text))

    def _parenthesis(self) -> Node:
        node = self.expression()
        if self.take(".."):
            return self._interval(node, with_low=False)
        self.need(")")
        return node

    def _bracket(self, *, with_low: bool) -> Node:
        if with_low and self.take("]"):
            return ListOf(())
        first = self.expression()
        if self.take(".."):
            return self._interval(first, with_low=with_low)
        if not with_low:
            raise self.refused()
        items = [first]
        while self.take(","):
            items.append(self.expression())
        self.need("]")
        return ListOf(tuple(items))

    def _interval(self, low: Node, *, with_low: bool) -> Node:
        self._deeper()
        high = self._sum()
        self.depth -= 1
        return Range(low, high, with_low, self.need("]", ")", "[") == "]")


def _tells(node: Node) -> bool:
    """Tell whether an expression is true or false by its nature."""
    if isinstance(node, Call):
        return FUNCTIONS[node.function].tells
    return isinstance(node, Compare | Between | In | Logic | Not)
