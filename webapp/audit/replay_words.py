"""An event of a replayed case in words: who in which role, what it entered, what came of it; and the list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.forms.display import Change, differences
from engine.model.actor import Standing
from engine.model.definition import Definition
from engine.model.event import EventKind
from engine.model.replay import Note, Noted
from engine.queries.replay import Replay
from engine.queries.replay_entered import Before, Entered
from engine.queries.replay_event import ActingRole, PaperAdded, ShownEvent
from engine.queries.replay_list import ListedEvent
from webapp import wording
from webapp.decided import decided_words, value_words
from webapp.history.entries import Entry, Teller
from webapp.language import gettext
from webapp.standing import held_by, named_round
from webapp.stops import named

Tag = tuple[str, str]  # words, and their class


@dataclass(frozen=True, kw_only=True)
class Written:
    """A value that was entered in the place of another; ``whose`` tells who had entered that."""

    where: str
    before: str
    after: str
    gone: bool  # a row of a list was taken away
    whose: Before | None


@dataclass(frozen=True, kw_only=True)
class EventTold:
    """The event of a step. ``facts`` are labels with words; ``led`` is what came of it."""

    entry: Entry
    facts: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    quote: str  # a comment or a reason; what a form asked for stands among the values
    led: tuple[str, ...]
    follows: int  # the event whose consequence it is; 0 where it is none
    written: tuple[Written, ...]
    papers: tuple[PaperAdded, ...]
    tags: tuple[Tag, ...]
    has_form: bool
    erased: bool


@dataclass(frozen=True, kw_only=True)
class ListedTold:
    """A line of the list; a due time that passed has no number of its own: ``seq`` is the event before it."""

    seq: int
    is_event: bool
    at: datetime
    icon: str
    heading: str
    more: str
    tags: tuple[Tag, ...]


def event_told(found: Replay) -> EventTold:
    """Put the event of a step in words."""
    event, version = found.event, found.version
    names = event.entered.names if event.entered else {}
    teller = Teller(definition=version.definition, forms=version.forms, calendar=found.calendar, names=names)
    entry = teller.tell(replace(event.happened, opened=(), decided=()))
    notes = tuple(note for note in found.notes if note.seq == found.step)
    return EventTold(
        entry=entry,
        facts=tuple(_facts(event)),
        lines=() if event.happened.kind is EventKind.TASK_COMPLETED else entry.lines,
        quote="" if event.happened.kind is EventKind.TASK_COMPLETED else entry.quote,
        led=wording.counted(_led(event, version.definition)),
        follows=event.first if event.first != found.step else 0,
        written=tuple(_written(event)),
        papers=event.papers,
        tags=_tags(event.happened.kind, entry, notes, by_administrator=event.by_administrator),
        has_form=event.entered is not None,
        erased=event.erased,
    )


def _facts(event: ShownEvent) -> Iterator[tuple[str, str]]:
    happened = event.happened
    yield gettext("By"), happened.actor or gettext("Alur itself")
    if event.roles:
        yield gettext("In the role of"), ", ".join(_role_words(role) for role in event.roles)
    if happened.on_behalf_of:
        yield gettext("On behalf of"), gettext("%(who)s, by delegation", who=happened.on_behalf_of)
    yield gettext("Recorded"), wording.moment_long(happened.at)
    done_on = happened.payload.get("done_on")
    if isinstance(done_on, str):
        yield gettext("Done on"), wording.day_named(done_on)


def _role_words(role: ActingRole) -> str:
    if role.standing is Standing.PLT:
        return gettext("Plt. %(role)s (acting: the post is vacant)", role=role.label)
    if role.standing is Standing.PLH:
        return gettext("Plh. %(role)s (acting: the holder is away)", role=role.label)
    return role.label


def _led(event: ShownEvent, definition: Definition) -> Iterator[str]:
    """Say what came of an event, in the order of its trail."""
    for one in event.chosen:
        yield (
            gettext("Gateway %(gateway)s chose: %(flow)s", gateway=one.gateway, flow=one.flow)
            if one.gateway
            else gettext("A gateway chose: %(flow)s", flow=one.flow)
        )
    for decided in event.happened.decided:
        yield decided_words(decided)
    for element, round_ in event.closed:
        yield gettext("%(step)s no longer needed", step=named_round(named(definition, element), round_))
    for to in event.happened.opened:
        step = named_round(named(definition, to.element), to.round)
        yield gettext("%(step)s opened for %(who)s", step=step, who=held_by(to.assignee, to.role))
    if event.ended:
        yield gettext("The case was finished.")


def _written(event: ShownEvent) -> Iterator[Written]:
    if event.entered is not None:
        yes_no = (gettext("Yes"), gettext("No"))
        entered = event.entered
        for change in differences(entered.form, entered.before, entered.after, entered.names, yes_no):
            if change.before != change.after:  # left empty in two ways reads the same
                yield _change(change, entered)
    if event.correction is not None:
        one = event.correction
        yield Written(
            where=" → ".join(one.path),
            before=value_words(one.old),
            after=value_words(one.new),
            gone=False,
            whose=one.before,
        )


def _change(change: Change, entered: Entered) -> Written:
    where = change.label
    if change.row is not None:
        where = gettext("%(list)s, row %(row)s", list=where, row=change.row)
    if change.column:
        where = f"{where}, {change.column}"
    return Written(
        where=where,
        before=change.before,
        after=change.after,
        gone=change.row is not None and not change.column and not change.after,
        whose=entered.authors.get(change.key) if change.before else None,
    )


_TAGS = {
    Noted.REFUSED: "late",
    Noted.RETURNED: "back",
    Noted.CORRECTED: "",
    Noted.MOVED: "trial",
    Noted.STOPPED: "late",
}


def note_words(what: Noted) -> str:
    """Name what makes events worth finding."""
    return {
        Noted.REFUSED: gettext("Refused"),
        Noted.LATE: gettext("Overdue"),
        Noted.RETURNED: gettext("Returned"),
        Noted.CORRECTED: gettext("Corrected"),
        Noted.MOVED: gettext("Moved"),
        Noted.STOPPED: gettext("Stopped"),
    }[what]


def _tags(
    kind: EventKind, entry: Entry, notes: tuple[Note, ...], *, by_administrator: bool
) -> tuple[Tag, ...]:
    found = list(dict.fromkeys(note.what for note in notes if note.what in _TAGS))
    if kind is EventKind.TASK_COMPLETED and entry.kind == "back" and Noted.RETURNED not in found:
        found.append(Noted.RETURNED)
    tags = [(note_words(what), _TAGS[what]) for what in found]
    if kind is EventKind.TASK_ASSIGNED:
        tags.append((gettext("Delegated"), ""))
    if by_administrator and Noted.CORRECTED in found:
        return ((gettext("Correction by the administrator"), ""),)
    return (*tags, (gettext("Administrator"), "")) if by_administrator else tuple(tags)


def listed_told(found: Replay, definitions: Mapping[int, Teller]) -> Iterator[ListedTold]:
    """Put the events of the list in words, with the due times that passed between them."""
    for row in found.listing.rows:
        yield _listed(row, definitions[row.version])
        for note in sorted(row.notes, key=lambda one: one.due_at or row.happened.at):
            if note.what is Noted.LATE and note.key is not None and note.due_at is not None:
                yield _passed(note, note.due_at, definitions[row.version].definition)


def _listed(row: ListedEvent, teller: Teller) -> ListedTold:
    entry = teller.tell(row.happened)
    step = named(teller.definition, row.happened.element) if row.happened.element else ""
    more = [named_round(step, row.happened.round)] if step and step not in entry.heading else []
    return ListedTold(
        seq=row.happened.seq,
        is_event=True,
        at=row.happened.at,
        icon=entry.icon,
        heading=entry.heading,
        more=" · ".join([*more, row.happened.actor or gettext("Alur itself")]),
        tags=_tags(row.happened.kind, entry, row.notes, by_administrator=row.by_administrator),
    )


def _passed(note: Note, due_at: datetime, definition: Definition) -> ListedTold:
    key = note.key
    step = named_round(named(definition, key.element), key.round) if key else ""
    return ListedTold(
        seq=note.seq,
        is_event=False,
        at=due_at,
        icon="alert-triangle",
        heading=gettext("The due time of %(step)s passed", step=step),
        more="",
        tags=((note_words(Noted.LATE), "late"),),
    )
