"""The changes of forms, field by field; what a form file says besides is told by its key."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn.diff.elements import Both
from engine.bpmn.diff.field_words import ATTRIBUTES, TYPES, Saying, flag
from engine.bpmn.diff.form_fields import FormField, ReadForm, read_form_file, same
from engine.bpmn.diff.words import About, change, joined, plain, short, some
from engine.errors import Sentence, say
from engine.model.difference import Change, ChangeKind

_FORM = say("form")


@dataclass(frozen=True)
class _Of:
    """Whose form it is: what every change of it says."""

    key: str
    title: str
    step: str
    about: About

    @property
    def called(self) -> Sentence:
        if self.step:
            return say("form of %(step)s", step=short(self.step))
        return say("form “%(form)s”", form=short(self.title))

    def change(
        self,
        kind: ChangeKind,
        aspect: str,
        what: Sentence,
        before: Sentence | None = None,
        after: Sentence | None = None,
        field: str = "",
    ) -> Change:
        about: About = {**self.about, "form": self.key, "field": field}
        alone = {name: _FORM if value == self.called else value for name, value in what.values.items()}
        brief = Sentence(what.template, alone) if self.step else None
        if self.step and aspect == "form" and kind is not ChangeKind.CHANGED:
            brief = say("form “%(form)s”", form=short(self.title))  # its key says nothing to a reader
        return change(kind, aspect, what, about, before, after, brief=brief)


_Both = tuple[Saying, Saying]


def form_changes(both: Both) -> Iterator[Change]:
    """Give the changes of all forms; once for each role that has to do with one."""
    for key in dict.fromkeys((*both.old.forms, *both.new.forms)):
        old, new = both.old.forms.get(key), both.new.forms.get(key)
        if old == new:
            continue
        before = None if old is None else read_form_file(key, old)
        after = None if new is None else read_form_file(key, new)
        for of in _owners(both, key, (after or before or ReadForm(title=key)).title):
            yield from _one(both, of, before, after)


def _owners(both: Both, key: str, title: str) -> Iterator[_Of]:
    side = both.new if any(_uses(part.task.attributes, key) for part in both.new.steps) else both.old
    seen: set[str] = set()
    for part in side.steps:
        about = both.about(part)
        if _uses(part.task.attributes, key) and about["role"] not in seen:
            seen.add(about["role"])
            yield _Of(key, title, part.name, about)
    if not seen:
        yield _Of(key, title, "", {"element": "", "name": title})


def _uses(task: Mapping[str, str], key: str) -> bool:
    return task.get("formKey") == key


def _one(both: Both, of: _Of, before: ReadForm | None, after: ReadForm | None) -> Iterator[Change]:
    if before is None and after is not None:
        what = say("%(form)s (%(key)s)", form=of.called, key=of.key)
        yield of.change(ChangeKind.ADDED, "form", what, after=_fields(after))
    elif after is None and before is not None:
        what = say("%(form)s (%(key)s)", form=of.called, key=of.key)
        yield of.change(ChangeKind.REMOVED, "form", what, before=_fields(before))
    elif before is not None and after is not None:
        if before.unread is not None or after.unread is not None:
            yield from _unread(of, before, after)
            return
        saying = Saying(both.old, before), Saying(both.new, after)
        yield from _about_form(of, saying)
        yield from _all_fields(of, saying)


def _fields(form: ReadForm) -> Sentence | None:
    return some(", ".join(field.label for field in form.fields.values() if field.label))


def _unread(of: _Of, before: ReadForm, after: ReadForm) -> Iterator[Change]:
    def said(form: ReadForm) -> Sentence:
        return (
            say("can be read") if form.unread is None else say("cannot be read: %(text)s", text=form.unread)
        )

    if before.unread != after.unread:
        what = say("%(form)s (%(key)s)", form=of.called, key=of.key)
        yield of.change(ChangeKind.CHANGED, "form", what, said(before), said(after))


def _about_form(of: _Of, saying: _Both) -> Iterator[Change]:
    before, after = (one.form.about for one in saying)
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if not same(old, new):
            called = say("Title") if name == "title" else plain(name)
            what = say("%(aspect)s of the %(form)s", aspect=called, form=of.called)
            then, now = saying[0].value(None, name, old), saying[1].value(None, name, new)
            yield of.change(ChangeKind.CHANGED, "form", what, then, now)


def _all_fields(of: _Of, saying: _Both) -> Iterator[Change]:
    before, after = (one.form for one in saying)
    for ident, field in after.fields.items():
        old = before.fields.get(ident)
        if old is None:
            yield of.change(
                ChangeKind.ADDED, "field", _named(of, field), after=_about_field(field), field=ident
            )
        else:
            yield from _field(of, saying, old, field)
    for ident, field in before.fields.items():
        if ident not in after.fields:
            yield of.change(
                ChangeKind.REMOVED, "field", _named(of, field), before=_about_field(field), field=ident
            )
    then = [ident for ident in before.fields if ident in after.fields]
    kept = [ident for ident in after.fields if ident in before.fields]
    if then != kept:
        what = say("Order of the fields in the %(form)s", form=of.called)
        first = next(one for one, other in zip(kept, then, strict=True) if one != other)
        yield of.change(
            ChangeKind.MOVED,
            "field",
            what,
            joined([plain(before.fields[one].called) for one in then]),
            joined([plain(after.fields[one].called) for one in kept]),
            field=first,
        )


def _named(of: _Of, field: FormField) -> Sentence:
    return say("field “%(field)s” in the %(form)s", field=short(field.called), form=of.called)


def _about_field(field: FormField) -> Sentence:
    said = [TYPES.get(field.type) or plain(field.type)]
    if field.is_entered:
        said.append(flag(field.said.get("validate.required")))
    return joined(said)


def _field(of: _Of, saying: _Both, before: FormField, after: FormField) -> Iterator[Change]:
    for name in dict.fromkeys((*before.said, *after.said)):
        old, new = before.said.get(name), after.said.get(name)
        if same(old, new):
            continue
        called = ATTRIBUTES.get(name) or plain(name)
        field = before if name == "label" else after
        what = say(
            "%(aspect)s of the field “%(field)s” in the %(form)s",
            aspect=called,
            field=short(field.called),
            form=of.called,
        )
        if name == "validate.required":
            what = _named(of, field)
        then, now = saying[0].value(before, name, old), saying[1].value(after, name, new)
        if then == now:  # in words: two fields with one label
            then, now = _as_written(old), _as_written(new)
        yield of.change(ChangeKind.CHANGED, "field", what, then, now, field=after.ident)
    yield from _options(of, before, after)


def _options(of: _Of, before: FormField, after: FormField) -> Iterator[Change]:
    for value in dict.fromkeys((*before.options, *after.options)):
        old, new = before.options.get(value), after.options.get(value)
        if old == new:
            continue
        what = say(
            "choice “%(choice)s” of the field “%(field)s” in the %(form)s",
            choice=short(value if old is not None and new is not None else (new or old or value)),
            field=short(after.called),
            form=of.called,
        )
        kind = ChangeKind.ADDED if old is None else ChangeKind.REMOVED if new is None else ChangeKind.CHANGED
        if kind is ChangeKind.CHANGED:
            yield of.change(kind, "field", what, some(old), some(new), field=after.ident)
        else:
            yield of.change(kind, "field", what, field=after.ident)
    then = [value for value in before.options if value in after.options]
    kept = [value for value in after.options if value in before.options]
    if then != kept:
        what = say(
            "Order of the choices of the field “%(field)s” in the %(form)s",
            field=short(after.called),
            form=of.called,
        )
        yield of.change(
            ChangeKind.MOVED, "field", what, plain(", ".join(then)), plain(", ".join(kept)), field=after.ident
        )


def _as_written(value: Any) -> Sentence | None:  # noqa: ANN401 - whatever stands in JSON
    return None if value is None else plain(value if isinstance(value, str) else json.dumps(value))
