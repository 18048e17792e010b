"""All that something carries, line by line: a step that is new or gone, a document, an event."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diff.aspects import Aspect, aspect_of
from engine.bpmn.diff.nodes import Node, Raw, raw_differences, summary
from engine.bpmn.diff.side import Part, Side
from engine.bpmn.diff.words import joined, plain, short, standard_time, with_more
from engine.errors import Sentence, say
from engine.model.difference import Detail

_DOCUMENTS = frozenset({"sop:input", "sop:output"})
_FLAGS = frozenset({"@required", "@source", "@signed", "@printed"})  # what they mean says what they are
_DEEPEST = 6
QUESTION = ("extensionElements", "sop:Question")  # ``questions`` tells them
_TASK = ("extensionElements", "sop:Task")
# Said by the name of what is new, by its place, or by its row in the table.
_SAID_ALREADY = frozenset(
    {
        ("@name",),
        ("@sourceRef",),
        ("@targetRef",),
        ("conditionExpression", "#"),
        (*_TASK, "@number"),
        (*_TASK, "@standardTime"),
    }
)
# In the order of the columns of an SOP's table; all else comes behind.
_COLUMNS = {
    key: place for place, key in enumerate(("activity", "needed", "time", "output", "remarks", "form"))
}


def details_of(side: Side, part: Part) -> tuple[Detail, ...]:
    """Give everything that an element says: of a step what a row of the SOP's table has, then the rest."""
    values: dict[str, tuple[Aspect, list[Sentence]]] = {}
    for aspect, value in [*_of_step(part), *_said(side, part)]:
        values.setdefault(f"{aspect.key} {aspect.called}", (aspect, []))[1].append(value)
    lines = sorted(values.values(), key=lambda line: _COLUMNS.get(line[0].key, len(_COLUMNS)))
    performer = side.role_label(side.role_of(part.id)) if part.is_step else ""
    first = (Detail(what=say("Performer"), value=plain(performer)),) if performer else ()
    return (*first, *(Detail(what=aspect.called, value=joined(said)) for aspect, said in lines))


def _of_step(part: Part) -> Iterator[tuple[Aspect, Sentence]]:
    if part.is_step:
        time = standard_time(part.task.attributes.get("standardTime"))
        yield aspect_of((*_TASK, "@standardTime"), step=True), time or say("no standard time")


def _said(side: Side, part: Part) -> Iterator[tuple[Aspect, Sentence]]:
    for raw in raw_differences(Node(tag=part.node.tag), part.node):
        if raw.path not in _SAID_ALREADY and raw.path[:2] != QUESTION:
            aspect = aspect_of(raw.path, step=part.is_step)
            yield aspect, value_of(side, aspect, raw, raw.after) or say("empty")


def value_of(side: Side, aspect: Aspect, raw: Raw, value: str | None) -> Sentence | None:
    """Say the value of a place; of something that is there as a whole everything in it."""
    whole = not raw.path[-1].startswith("@") and raw.path[-1] not in {"#", "order"}
    if whole and value is not None:
        return words_of(side, raw.path, raw.holder)
    return aspect.value(side, value)


def words_of(side: Side, path: tuple[str, ...], node: Node) -> Sentence:
    """Say a node: its name, and what is in it, as far as anybody reads."""
    if len(path) > _DEEPEST:
        return plain(summary(node))
    name = short(node.attributes.get("name", ""))
    inside = [
        _in_words(side, node, raw)
        for raw in raw_differences(Node(tag=node.tag), node, path)
        if raw.path != (*path, "@name")
    ]
    if not inside:
        return plain(name) if name else say("there")
    return with_more(plain(name), inside) if name else joined(inside)


def _in_words(side: Side, node: Node, raw: Raw) -> Sentence:
    aspect = aspect_of(raw.path, step=False)
    value = value_of(side, aspect, raw, raw.after) or say("empty")
    is_flag = node.tag in _DOCUMENTS and raw.path[-1] in _FLAGS
    if is_flag or (raw.path[-1] == "#" and len(raw.path) > 1 and raw.path[-2] == node.tag):
        return value
    return Sentence("%(what)s: %(value)s", {"what": aspect.called, "value": value})
