"""Reads the decisions of one DMN file. For tables the versions 1.1 to 1.5 differ in their namespace only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from engine.dmn.limits import MOST_COLUMNS, MOST_DECISIONS, MOST_NODES, MOST_RULES
from engine.dmn.types import Types
from engine.errors import Finding, Sentence, say
from engine.model.decision import (
    Aggregation,
    Decision,
    HitPolicy,
    InputColumn,
    OutputColumn,
    Rule,
    Table,
)
from engine.xml_guard import read_tree, refused

NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",  # 1.1
        "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2
        "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3
        "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
        "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
    }
)
_FEEL = re.compile(r"|feel|https?://www\.omg\.org/spec/(DMN|FEEL)/.*", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_][\w './+*-]{0,98}[\w]")
_BOXED = frozenset(
    {"context", "invocation", "relation", "list", "functionDefinition"}
    | {"conditional", "filter", "for", "every", "some"}
)


@dataclass
class DmnFile:
    """What a file holds, and what is wrong with its decisions."""

    name: str
    decisions: list[Decision] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def find(self, code: str, decision: Decision | None, sentence: Sentence) -> None:
        """Add a finding about a decision, or about the file."""
        id_, name = (decision.id, decision.name) if decision is not None else (self.name, "")
        self.findings.append(Finding(code=code, element=id_, name=name, sentence=sentence))


def read_file(name: str, content: bytes) -> DmnFile:
    """Read a file, or raise Refused where it is no DMN at all."""
    root = read_tree(content, MOST_NODES).getroot()
    namespace, _, local = str(root.tag)[1:].rpartition("}")
    if namespace not in NAMESPACES or local != "definitions":
        raise refused(
            "no-dmn", say("The file holds no DMN decisions: its root is %(found)s", found=str(root.tag)[:100])
        )
    return _Reading(name, root, namespace).read()


def said_in(element: etree._Element) -> str:
    """Give the text in an element; comments are none of it."""
    return str(element.xpath("string()")) if len(element) else element.text or ""


class _Reading:
    def __init__(self, name: str, root: etree._Element, namespace: str) -> None:
        self.file = DmnFile(name)
        self.root = root
        self.namespace = namespace
        self.types = Types(root, namespace)
        self.words = self._words()

    def read(self) -> DmnFile:
        found = list(self._children(self.root, "decision"))
        if not found:
            self.file.find(
                "no-decision", None, say("The file %(file)s holds no decision", file=self.file.name)
            )
        if len(found) > MOST_DECISIONS:
            self.file.find(
                "too-many-decisions",
                None,
                say(
                    "The file %(file)s holds more than %(most)s decisions",
                    file=self.file.name,
                    most=MOST_DECISIONS,
                ),
            )
        for element in found[:MOST_DECISIONS]:
            self.file.decisions.append(self._decision(element))
        return self.file

    def _children(self, element: etree._Element, *locals_: str) -> Iterator[etree._Element]:
        return element.iterchildren(*(f"{{{self.namespace}}}{local}" for local in locals_))

    def _first(self, element: etree._Element, local: str) -> etree._Element | None:
        return next(self._children(element, local), None)

    def _words(self) -> tuple[str, ...]:
        """Give the names of several words that expressions may use: FEEL allows spaces in them."""
        named = self.root.iter(
            *(f"{{{self.namespace}}}{one}" for one in ("decision", "inputData", "variable", "itemComponent"))
        )
        names = {" ".join((element.get("name") or "").split()) for element in named}
        return tuple(sorted(name for name in names if not name.isidentifier() and _WORDS.fullmatch(name)))

    def _decision(self, element: etree._Element) -> Decision:
        name = " ".join((element.get("name") or element.get("id") or "").split())
        variable = self._first(element, "variable")
        about = Decision(
            id=element.get("id") or name,
            name=name,
            file=self.file.name,
            variable=" ".join((variable.get("name") or "").split()) if variable is not None else "",
            requires=tuple(dict.fromkeys(self._required(element))),
            words=self.words,
        )
        for required in self._children(element, "knowledgeRequirement"):
            if self._first(required, "requiredKnowledge") is not None:
                self._unsupported(about, say("business knowledge models are not supported"))
                break
        return self._logic(about, element)

    def _required(self, element: etree._Element) -> Iterator[str]:
        for requirement in self._children(element, "informationRequirement"):
            for required in self._children(requirement, "requiredDecision"):
                yield (required.get("href") or "").rpartition("#")[2]

    def _logic(self, about: Decision, element: etree._Element) -> Decision:
        table = self._first(element, "decisionTable")
        expression = self._first(element, "literalExpression")
        if table is not None:
            return replace(about, table=self._table(about, table))
        if expression is not None:
            return replace(about, expression=self._text(about, expression))
        for other in element.iterchildren("*"):
            local = etree.QName(other).localname
            if other.tag == f"{{{self.namespace}}}{local}" and local in _BOXED:
                self._unsupported(about, say("%(kind)s is not supported", kind=local))
                return about
        self.file.find(
            "decision-empty",
            about,
            say("The decision %(decision)s has neither a table nor an expression", decision=about.name),
        )
        return about

    def _unsupported(self, about: Decision, reason: Sentence) -> None:
        self.file.find(
            "decision-unsupported",
            about,
            say("The decision %(decision)s: %(reason)s", decision=about.name, reason=reason),
        )

    def _text(self, about: Decision, holder: etree._Element | None) -> str:
        """Give the text of an expression; one in another language than FEEL is a finding."""
        if holder is None:
            return ""
        language = (holder.get("expressionLanguage") or "").strip()
        if not _FEEL.fullmatch(language):
            self._unsupported(
                about, say("expressions in %(language)s are not supported", language=language[:60])
            )
            return ""
        text = self._first(holder, "text")
        return said_in(text).strip() if text is not None else ""

    # -- tables ------------------------------------------------------------------------------

    def _table(self, about: Decision, element: etree._Element) -> Table:
        inputs = tuple(self._input(about, one) for one in self._children(element, "input"))
        outputs = tuple(self._output(about, one) for one in self._children(element, "output"))
        rows = list(self._children(element, "rule"))
        if len(rows) > MOST_RULES or len(inputs) + len(outputs) > MOST_COLUMNS:
            self.file.find(
                "table-too-large",
                about,
                say(
                    "The table %(decision)s has %(rules)s rules and %(columns)s columns;"
                    " at most %(most)s and %(widest)s are read",
                    decision=about.name,
                    rules=len(rows),
                    columns=len(inputs) + len(outputs),
                    most=MOST_RULES,
                    widest=MOST_COLUMNS,
                ),
            )
            rows = []
        return Table(
            hit_policy=self._policy(about, element),
            aggregation=self._aggregation(about, element),
            inputs=inputs,
            outputs=outputs,
            rules=tuple(self._rule(about, row) for row in rows),
        )

    def _policy(self, about: Decision, element: etree._Element) -> HitPolicy:
        found = element.get("hitPolicy", "UNIQUE").strip()
        if found in set(HitPolicy):
            return HitPolicy(found)
        self._unsupported(about, say("%(kind)s is not supported", kind=f"hitPolicy {found[:40]}"))
        return HitPolicy.UNIQUE

    def _aggregation(self, about: Decision, element: etree._Element) -> Aggregation | None:
        found = element.get("aggregation", "").strip()
        if found in set(Aggregation):
            return Aggregation(found)
        if found:
            self._unsupported(about, say("%(kind)s is not supported", kind=f"aggregation {found[:40]}"))
        return None

    def _input(self, about: Decision, element: etree._Element) -> InputColumn:
        expression = self._first(element, "inputExpression")
        return InputColumn(
            label=" ".join((element.get("label") or "").split()),
            expression=self._text(about, expression),
            type=self.types.base(expression.get("typeRef") if expression is not None else None),
            allowed=self._text(about, self._first(element, "inputValues")),
        )

    def _output(self, about: Decision, element: etree._Element) -> OutputColumn:
        kind = element.get("typeRef")
        return OutputColumn(
            name=" ".join((element.get("name") or "").split()),
            label=" ".join((element.get("label") or "").split()),
            type=self.types.base(kind),
            allowed=self._text(about, self._first(element, "outputValues")) or self.types.allowed(kind),
            default=self._text(about, self._first(element, "defaultOutputEntry")),
        )

    def _rule(self, about: Decision, element: etree._Element) -> Rule:
        notes = [self._first(element, "description"), *self._children(element, "annotationEntry")]
        said = [" ".join(said_in(note).split()) for note in notes if note is not None]
        return Rule(
            conditions=tuple(self._text(about, one) for one in self._children(element, "inputEntry")),
            results=tuple(self._text(about, one) for one in self._children(element, "outputEntry")),
            note="; ".join(filter(None, said)),
        )
