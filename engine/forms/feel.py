"""Reads the part of FEEL that form-js conditions use. It builds comparisons and evaluates nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from engine.forms.conditions import (
    BadCondition,
    Both,
    Comparison,
    Condition,
    Literal,
    Node,
    Not,
    alternatives,
)

LONGEST = 400  # characters
DEEPEST = 8  # parentheses in each other
_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>-?\d{1,15}(?:\.\d{1,9})?)'
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>!=|<=|>=|[=<>(),]))"
)
_KEYWORDS = {"true": True, "false": False, "null": None}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def read_condition(text: str) -> Condition:
    """Read ``conditional.hide``, or raise BadCondition."""
    if len(text) > LONGEST:
        raise BadCondition(str(LONGEST))
    parser = _Parser(text.strip().removeprefix("="))
    node = parser.read()
    shown = alternatives(node, negated=True)
    return Condition(text, node, tuple(dict.fromkeys(parser.names)), shown)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._tokens())
        self.at = self.depth = 0
        self.names: list[str] = []

    def _tokens(self) -> list[tuple[str, str]]:
        tokens, at, end = [], 0, len(self.text.rstrip())
        while at < end:
            found = _TOKEN.match(self.text, at)
            if found is None or found.lastgroup is None:
                raise BadCondition(str(at + 1))
            tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        return tokens

    def read(self) -> Node:
        node = self._any()
        if self.at < len(self.tokens):
            self._refuse()
        return node

    def _refuse(self) -> NoReturn:
        raise BadCondition(self.tokens[self.at][1] if self.at < len(self.tokens) else "")

    def _take(self, *expected: str) -> str | None:
        if self.at < len(self.tokens) and self.tokens[self.at][1] in expected:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def _need(self, expected: str) -> None:
        if self._take(expected) is None:
            self._refuse()

    def _any(self) -> Node:
        parts = [self._all()]
        while self._take("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Both(every=False, parts=tuple(parts))

    def _all(self) -> Node:
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Both(every=True, parts=tuple(parts))

    def _one(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            self._refuse()
        negated = self._take("not")
        if self._take("("):
            node = self._any()
            self._need(")")
            node = Not(node) if negated else node
        elif negated:
            self._refuse()
        else:
            node = self._comparison()
        self.depth -= 1
        return node

    def _comparison(self) -> Node:
        left = self._operand()
        if isinstance(left, _Name) and self._take("in"):
            return self._membership(left)
        sign = self._take("=", "!=", "<", "<=", ">", ">=")
        if sign is None:
            if not isinstance(left, _Name):
                self._refuse()
            return Comparison(left.name, "=", value=True)
        right = self._operand()
        if isinstance(left, _Name) and not isinstance(right, _Name):
            return Comparison(left.name, sign, right)
        if isinstance(right, _Name) and not isinstance(left, _Name):
            return Comparison(right.name, _MIRRORED[sign], left)
        self.at -= 1
        return self._refuse()

    def _membership(self, left: _Name) -> Node:
        self._need("(")
        values = [self._literal()]
        while self._take(","):
            values.append(self._literal())
        self._need(")")
        return Both(every=False, parts=tuple(Comparison(left.name, "=", value) for value in values))

    def _literal(self) -> Literal:
        operand = self._operand()
        if isinstance(operand, _Name):
            self.at -= 1
            self._refuse()
        return operand

    def _operand(self) -> _Name | Literal:
        if self.at >= len(self.tokens):
            self._refuse()
        kind, token = self.tokens[self.at]
        if kind == "sign" or token in ("and", "or", "not", "in"):
            self._refuse()
        self.at += 1
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", token[1:-1])
        if kind == "number":
            return float(token) if "." in token else int(token)
        if token in _KEYWORDS:
            return _KEYWORDS[token]
        self.names.append(token)
        return _Name(token)


@dataclass(frozen=True, slots=True)
class _Name:
    name: str
