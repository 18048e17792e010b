"""Open questions: what was asked, taken out or answered, in the words of the question and of its answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.bpmn.diff import values as said
from engine.bpmn.diff.aspects import Aspect, aspect_of
from engine.bpmn.diff.contents import QUESTION
from engine.bpmn.diff.elements import Both
from engine.bpmn.diff.nodes import Node, pairs, raw_differences, summary
from engine.bpmn.diff.side import Part, Side
from engine.bpmn.diff.words import About, change, joined, plain, short, standard_time
from engine.errors import Sentence, say
from engine.model.difference import Change, ChangeKind
from engine.model.question import OTHERWISE, STANDARD_TIME

_TAG = QUESTION[-1]
_ASKED = {None: say("nothing"), STANDARD_TIME: say("Standard time")}
_ASPECTS: dict[tuple[str, ...], Aspect] = {
    path: Aspect("question", called, value)
    for path, called, value in (
        (("@key",), say("Key"), said.text),
        (("@about",), say("Place in the diagram"), said.element),
        (("@guess",), say("Guess"), said.text),
        (("@given",), say("Time given as an answer"), said.time),
        (("sop:text", "#"), say("Wording"), said.text),
        (("sop:why", "#"), say("Reason for the guess"), said.text),
        (("sop:answer",), say("Possible answer"), said.text),
        (("sop:answer", "#"), say("Possible answer"), said.text),
        (("sop:answer", "order"), say("Order of the possible answers"), said.text),
        (("sop:answer", "@key"), say("Key of an answer"), said.text),
        (("sop:answer", "@lane"), say("Performer by an answer"), said.element),
        (("sop:answer", "@target"), say("Goal by an answer"), said.element),
        (("sop:answer", "@standardTime"), say("Standard time by an answer"), said.time),
        (("sop:answer", "@from"), say("Text that an answer replaces"), said.text),
        (("sop:answer", "@to"), say("Text that an answer puts in its place"), said.text),
        (("sop:answer", "@shows"), say("Documents that an answer has printed"), said.text),
        (("sop:answer", "@asks"), say("What is typed with an answer"), said.one_of(_ASKED)),
    )
}
_OPEN = say("not answered yet")
_ANSWERED = {"@answered", "@given"}  # both are the answer


def question_changes(both: Both) -> Iterator[Change]:
    """Give the changes of all open questions; in which order they stand is nobody's concern."""
    for id_ in dict.fromkeys((*both.new.parts, *both.old.parts)):
        before, after = both.old.parts.get(id_), both.new.parts.get(id_)
        then, now = _questions(before), _questions(after)
        part = after or before
        if part is None or not (then or now):
            continue
        about: About = {**both.about(part), "role": ""}
        for old, new in pairs(then, now):
            yield from _one(both, about, old, new)


def _questions(part: Part | None) -> list[Node]:
    holder = None if part is None else part.node.first(QUESTION[0])
    return [] if holder is None else [one for one in holder.children if one.tag == _TAG]


def _one(both: Both, about: About, old: Node | None, new: Node | None) -> Iterator[Change]:
    if old is not None and new is not None:
        if old.form != new.form:
            yield from _changed(both, about, old, new)
    elif new is not None:
        what = say("open question “%(question)s”", question=_text(new))
        yield change(ChangeKind.ADDED, "question", what, about, after=_about(new))
    elif old is not None:
        what = say("open question “%(question)s”", question=_text(old))
        yield change(ChangeKind.REMOVED, "question", what, about, before=_about(old))


def _changed(both: Both, about: About, old: Node, new: Node) -> Iterator[Change]:
    then, now = _answer(old), _answer(new)
    if then != now:
        yield _answered(about, new, then, now)
    for raw in raw_differences(old, new):
        if raw.path[0] in _ANSWERED and then != now:
            continue
        aspect = _ASPECTS.get(raw.path) or aspect_of((*QUESTION, *raw.path), step=False)
        what = say("%(aspect)s of the question “%(question)s”", aspect=aspect.called, question=_text(new))
        old_value = _value(both.old, aspect, old, raw.path, raw.before)
        new_value = _value(both.new, aspect, new, raw.path, raw.after)
        yield change(ChangeKind.CHANGED, "question", what, about, old_value, new_value)


def _answered(about: About, question: Node, then: Sentence, now: Sentence) -> Change:
    what = say("Answer to the question “%(question)s”", question=_text(question))
    one = change(ChangeKind.CHANGED, "question", what, about, then, now)
    if then == _OPEN:
        sentence = say(
            "The question “%(question)s” is answered: %(answer)s", question=_text(question), answer=now
        )
        return replace(one, sentence=sentence)
    return one


def _value(
    side: Side, aspect: Aspect, question: Node, path: tuple[str, ...], value: str | None
) -> Sentence | None:
    if value is None:
        return None
    if path == ("@guess",):
        return _in_words(question, value)
    if path == ("sop:answer",):
        return plain(next((one.text for one in question.children if summary(one) == value), value))
    return aspect.value(side, value)


_INNER = str.maketrans("“”", "\u2018\u2019")  # it is said in quotation marks itself


def _text(question: Node) -> str:
    text = question.first("sop:text")
    asked = short(text.text if text is not None else "") or question.attributes.get("key", "")
    return asked.translate(_INNER)


def _answer(question: Node) -> Sentence:
    """Say what was answered, in the words of the answer."""
    key = question.attributes.get("answered", "")
    if not key:
        return _OPEN
    if key == OTHERWISE:
        return say("settled otherwise")
    given = standard_time(question.attributes.get("given"))
    words = _in_words(question, key)
    return words if given is None else Sentence("%(one)s %(others)s", {"one": words, "others": given})


def _in_words(question: Node, key: str) -> Sentence:
    answers = (one for one in question.children if one.tag == "sop:answer")
    return plain(next((one.text for one in answers if one.attributes.get("key") == key and one.text), key))


def _about(question: Node) -> Sentence:
    """Say how a question stands: its answer, or what can be answered and what was guessed."""
    if question.attributes.get("answered"):
        return _answer(question)
    answers = [plain(one.text) for one in question.children if one.tag == "sop:answer" and one.text]
    said = [say("possible answers: %(answers)s", answers=joined(answers))] if answers else []
    guess = question.attributes.get("guess")
    if guess:
        said.append(say("guess: %(answer)s", answer=_in_words(question, guess)))
    return joined(said) if said else _OPEN
