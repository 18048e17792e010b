"""Data: what its references mean, what cannot be moved, and what is drawn without effect."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from lxml import etree

from engine.bpmn.data_names import DATA, DataNames, plain
from engine.bpmn.data_plan import expressions_of, moves_of, running_moves, target_of
from engine.bpmn.drawing import Drawing, what
from engine.bpmn.names import ACTIVITIES, EVENTS, bpmn, child_text, children, local_name, text_of
from engine.errors import say

_INPUT, _OUTPUT = "dataInputAssociation", "dataOutputAssociation"
_SETS = ("dataInputRefs", "optionalInputRefs", "whileExecutingInputRefs")
_REFERENCES = (*_SETS, *(name.replace("Input", "Output") for name in _SETS))


def check_data(drawing: Drawing) -> None:
    """Find references to nothing, data out of reach, and associations that cannot be run as drawn."""
    names = drawing.data
    _stores_and_objects(drawing, names)
    for process in drawing.run:
        _sets(drawing, process)
    for node in drawing.nodes(*ACTIVITIES, *EVENTS):
        _sets(drawing, node)
        kinds = (_INPUT, _OUTPUT)
        running = {one for kind in kinds for one, _ in running_moves(names, node, kind)}
        moving = {one for kind in kinds for one, _ in moves_of(names, node, kind)}
        for association in children(node, *kinds):
            _association(drawing, node, association, moves=association in moving)
            if association not in running and expressions_of(association):
                drawing.note(
                    "no-effect",
                    node,
                    say(
                        "%(name)s: %(kind)s has no effect here", name=what(node), kind=local_name(association)
                    ),
                )


def check_lists(drawing: Drawing, known: AbstractSet[str]) -> None:
    """Find lists to go through that are no data of the file, and that nothing can have set."""
    for node in drawing.nodes(*ACTIVITIES):
        for loop in children(node, "multiInstanceLoopCharacteristics"):
            named = plain(child_text(loop, "loopDataInputRef"))
            if named and named not in known and drawing.data.datum(named) is None:
                drawing.find(
                    "unknown-list",
                    node,
                    say(
                        "%(name)s goes through %(list)s, which nothing sets", name=what(node), list=named[:60]
                    ),
                )


def expressions_moved(drawing: Drawing, node: etree._Element) -> Iterator[etree._Element]:
    """Give the expressions of an element's associations that are run."""
    if next(children(node, _INPUT, _OUTPUT), None) is None:
        return
    for kind in (_INPUT, _OUTPUT):
        for association, _ in running_moves(drawing.data, node, kind):
            yield from expressions_of(association)


def names_of_data(drawing: Drawing) -> set[str]:
    """Give every name that data has in expressions, and those an assignment sets."""
    names = drawing.data
    known: set[str] = set()
    for holder in (*drawing.run, *drawing.nodes(*ACTIVITIES, *EVENTS)):
        known |= names.names(holder).keys()
    for to in drawing.root.iter(bpmn("to")):
        known.add(text_of(to).split(".")[0])
    return known


def _stores_and_objects(drawing: Drawing, names: DataNames) -> None:
    for local, attribute in (
        ("dataObjectReference", "dataObjectRef"),
        ("dataStoreReference", "dataStoreRef"),
    ):
        for reference in drawing.root.iter(bpmn(local)):
            if reference.get(attribute) and not names.exists(reference.get(attribute, "")):
                _dangling(drawing, reference, plain(reference.get(attribute)))


def _sets(drawing: Drawing, node: etree._Element) -> None:
    for specification in children(node, "ioSpecification"):
        for one in children(specification, "inputSet", "outputSet"):
            for reference in children(one, *_REFERENCES):
                target = drawing.by_id.get(plain(text_of(reference)))
                if text_of(reference) and (target is None or not is_data(target)):
                    _dangling(drawing, node, plain(text_of(reference)))


def _dangling(drawing: Drawing, node: etree._Element, id_: str) -> None:
    drawing.find(
        "dangling-data-object" if "Reference" in local_name(node) else "dangling-data",
        node,
        say("%(name)s refers to %(id)s, which does not exist", name=what(node), id=id_ or "?"),
    )


def _no_data(drawing: Drawing, node: etree._Element, association: etree._Element, reference: str) -> None:
    """Find an association with something that holds no data; some tools name the element itself."""
    named = drawing.by_id.get(plain(reference))
    if named is None or named is node or is_data(named):
        return
    drawing.find(
        "dangling-data",
        node,
        say(
            "%(name)s: %(kind)s leads to %(id)s, which holds no data",
            name=what(node),
            kind=local_name(association),
            id=what(named),
        ),
    )


def is_data(element: etree._Element) -> bool:
    """Tell whether an element is data, also of nobody that runs."""
    return local_name(element) in DATA


def _association(drawing: Drawing, node: etree._Element, association: etree._Element, *, moves: bool) -> None:
    names = drawing.data
    sources = [text_of(source) for source in children(association, "sourceRef")]
    for reference in (*sources, child_text(association, "targetRef")):
        if not reference:
            continue
        if not names.exists(reference):
            _dangling(drawing, node, plain(reference))
            continue
        datum = names.datum(reference)
        if datum is None:
            _no_data(drawing, node, association, reference)
        if moves and datum is not None and not names.visible(datum, node):
            drawing.find(
                "data-out-of-reach",
                node,
                say(
                    "%(name)s cannot reach %(data)s, which belongs to another process or subprocess",
                    name=what(node),
                    data=what(datum.element),
                ),
            )
    _computed(drawing, node, association, several=len(sources) > 1)


def _computed(drawing: Drawing, node: etree._Element, association: etree._Element, *, several: bool) -> None:
    """Find what cannot be computed or assigned."""
    names = drawing.data
    if several and not expressions_of(association):
        drawing.find(
            "several-sources",
            node,
            say("%(name)s: only a transformation can make one value of several", name=what(node)),
        )
    for assignment in children(association, "assignment"):
        says_nothing = not child_text(assignment, "from") and not child_text(assignment, "to")
        if says_nothing or target_of(names, association, assignment) is None:
            drawing.find(
                "unsupported-data-mapping",
                node,
                say(
                    "%(name)s: an assignment must set data or a variable, found %(found)s",
                    name=what(node),
                    found=child_text(assignment, "to")[:60] or "?",
                ),
            )
