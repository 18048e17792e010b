"""Rewrites a file of such a set: scripts that are tokens, and conditions in Java, to what runs here."""

from __future__ import annotations

import re

from lxml import etree

from engine.bpmn.names import bpmn

_EXPRESSIONS = ("conditionExpression", "condition", "loopCondition", "completionCondition", "loopCardinality")
_EQUALS = re.compile(r"(\w+)\.equals\(\s*([^()]*?)\s*\)")
_CONTAINS = re.compile(r"(\w+)\.contains\(\s*([\"'])(.*?)\2\s*\)")
_NOTED = re.compile(r"CREATE_TIMESTAMP_LOG_\d+")
_JAVA = (
    (r"&&", " and "),
    (r"\|\|", " or "),
    (r"!(?!=)", " not "),
    (r"\bnull\b", "None"),
    (r"\btrue\b", "True"),
    (r"\bfalse\b", "False"),
)


def adapted(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Give the rewritten file, and the elements that must be open at once.

    Each script appends its tokens to the variable ``log``. A task that would note when it ran is a
    task for people instead: whether two are open at once is then seen, not measured.
    """
    root = etree.fromstring(content)
    at_once = []
    for task in root.iter(bpmn("scriptTask")):
        script = task.find(bpmn("script"))
        tokens = re.split(r"[,;\s]+", "" if script is None else (script.text or "").strip())
        if any(_NOTED.fullmatch(token) for token in tokens):
            at_once.append(task.get("id", ""))
            task.tag = bpmn("userTask")
            if script is not None:
                task.remove(script)
        elif script is not None:
            task.attrib.pop("scriptFormat", "")
            script.text = "\n".join(_statement(token) for token in tokens if token) or "pass"
    for element in root.iter(*map(bpmn, _EXPRESSIONS)):
        element.attrib.pop("language", "")
        element.text = _python("".join(map(str, element.itertext())))
    return etree.tostring(root), tuple(at_once)


def _statement(token: str) -> str:
    if token.startswith("INCREMENT_INTEGER_VARIABLE"):
        traced = '\nlog = log + ["INCREMENT_correct"]' if token.endswith("_AND_LOG") else ""
        return "integerVariable = integerVariable + 1" + traced
    if token == "SET_STRING_DATA":
        return 'data = "String"'
    if token == "LOG_DATA":
        return 'log = log + (["DATA_correct"] if data == "String" else [])'
    if token.startswith("SCRIPT_"):
        return f"log = log + [{token!r}]"
    return "pass"


def _python(condition: str) -> str:
    text = condition.strip().removeprefix("${").removeprefix("#{").removesuffix("}")
    text = _CONTAINS.sub(r'(\2\3\2 in (\1 or ""))', text)
    text = _EQUALS.sub(r"(\1 == \2)", text)
    for java, python in _JAVA:
        text = re.sub(java, python, text)
    return text.strip()
