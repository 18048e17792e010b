"""The inbox in words: its tabs, filters and groups of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from engine.model.task import TaskState
from engine.queries.inbox import COUNTED, Due, InboxFilter, InboxPage, InboxRow, Sort, Tab
from engine.queries.inquiries import InquiryRow
from engine.queries.owned import Owned
from engine.queries.suggestions import Suggestion
from webapp import current, wording
from webapp.due import Due as DueWords
from webapp.due import group_heading, step_due
from webapp.inbox.filters import address, written
from webapp.language import gettext

Choice = tuple[str, str]  # value and words of an option


@dataclass(frozen=True, kw_only=True)
class RowView:
    """A row of the list. ``act`` is claim (a form), begin, go-on, prepare or look (links)."""

    id: str
    name: str
    round: int
    trial: bool
    case: str
    due: DueWords
    holder: str
    draft: str  # "Draf tersimpan …", where there is one
    act: str
    words: str
    address: str
    first: bool = False  # the one filled button


@dataclass(frozen=True, kw_only=True)
class TabView:
    """A tab; ``count`` stops at 99+, None is not counted."""

    address: str
    words: str
    count: str | None
    here: bool


@dataclass(frozen=True, kw_only=True)
class GroupView:
    """Rows under a heading; without one where the list is not sorted by due time."""

    heading: str
    rows: tuple[RowView, ...]


@dataclass(frozen=True, kw_only=True)
class ListView:
    """Everything the page shows."""

    wanted: InboxFilter
    query: str  # the filter, for the forms of the rows
    tabs: tuple[TabView, ...]
    groups: tuple[GroupView, ...]
    processes: tuple[Choice, ...]
    dues: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    shown: int
    whole: str  # how many there are: "6", "99+"
    next: str
    previous: str
    cleared: str  # the tab without a filter
    more: bool  # whether all filters stand open on a phone
    more_address: str
    unread: tuple[tuple[str, str, int], ...]  # SOPs that changed: key, name, number
    news: tuple[Suggestion, ...]  # what became of the reader's suggestions
    asked: tuple[InquiryRow, ...]  # questions of auditors that wait for the reader's answer
    owned: tuple[Owned, ...]  # what the reader has in hand as an owner of SOPs
    in_unit: int  # tasks of the reader's roles that are open


def list_view(page: InboxPage, wanted: InboxFilter, *, more: bool = False) -> ListView:
    """Put a page of the inbox in words."""
    query = written(wanted)
    acts = {
        "claim": gettext("Take the task"),
        "begin": gettext("Open"),
        "go-on": gettext("Continue"),
        "prepare": gettext("Prepare"),
        "look": gettext("View"),
    }
    rows = [_row(row, query, acts) for row in page.rows]
    return ListView(
        wanted=wanted,
        query=query,
        tabs=_tabs(page, wanted),
        groups=tuple(_groups(rows, wanted)),
        processes=(("", gettext("All SOPs")), *page.processes),
        dues=_dues(),
        sorts=_sorts(wanted),
        shown=len(rows),
        whole=_counted(page.counts[wanted.tab]) if wanted.tab in page.counts else "",
        next=address("/tasks", written(wanted, after=page.after)) if page.after else "",
        previous=address("/tasks", written(wanted, before=page.before)) if page.before else "",
        cleared=address("/tasks", written(InboxFilter(tab=wanted.tab))),
        more=more or wanted.due is not Due.ANY or wanted.sort is not Sort.DUE,
        more_address=address("/tasks", written(wanted, more="1")),
        unread=page.unread if wanted in {InboxFilter(), InboxFilter(sort=wanted.sort)} else (),
        news=page.news,
        asked=page.asked,
        owned=page.owned,
        in_unit=page.counts[Tab.UNIT],
    )


def _counted(count: int) -> str:
    return f"{COUNTED - 1}+" if count >= COUNTED else str(count)


def _tabs(page: InboxPage, wanted: InboxFilter) -> tuple[TabView, ...]:
    words = {
        Tab.MINE: gettext("For me"),
        Tab.UNIT: gettext("My unit"),
        Tab.ASSIGNED: gettext("Assigned by me"),
        Tab.DONE: gettext("Done"),
    }
    return tuple(
        TabView(
            address=address("/tasks", written(InboxFilter(tab=tab))),
            words=said,
            count=_counted(page.counts[tab]) if tab in page.counts else None,
            here=tab is wanted.tab,
        )
        for tab, said in words.items()
    )


def _dues() -> tuple[Choice, ...]:
    return (
        (Due.ANY.value, gettext("All")),
        (Due.LATE.value, gettext("Overdue")),
        (Due.TODAY.value, gettext("Today")),
        (Due.WEEK.value, gettext("This week")),
        (Due.NONE.value, gettext("Clock stopped or no due time")),
    )


def _sorts(wanted: InboxFilter) -> tuple[Choice, ...]:
    first = gettext("Last completed") if wanted.tab is Tab.DONE else gettext("Due time")
    newest = () if wanted.tab is Tab.DONE else ((Sort.NEWEST.value, gettext("Newest")),)
    return ((Sort.DUE.value, first), *newest, (Sort.NUMBER.value, gettext("Case number")))


def _groups(rows: list[RowView], wanted: InboxFilter) -> Iterator[GroupView]:
    """Put rows sorted by due time under their headings; the first late one gets the filled button."""
    first = next((row.id for row in rows if row.due.state == "late" and row.act != "look"), None)
    rows = [RowView(**{**row.__dict__, "first": row.id == first}) for row in rows]
    if wanted.sort is not Sort.DUE or wanted.tab is Tab.DONE:
        if rows:
            yield GroupView(heading="", rows=tuple(rows))
        return
    for group, several in groupby(rows, key=lambda row: row.due.group):
        yield GroupView(heading=group_heading(group), rows=tuple(several))


def _row(row: InboxRow, query: str, acts: Mapping[str, str]) -> RowView:
    task = row.task
    act = "begin" if row.act == "go-on" and not _is_begun(row) else row.act
    return RowView(
        id=task.id.hex,
        name=task.name,
        round=task.round,
        trial=row.trial,
        case=f"{row.case_number} – {row.case_title}",
        due=_due(row),
        holder=_holder(row),
        draft=_draft(row),
        act=act,
        words=acts[act],
        address=address(f"/tasks/{task.id.hex}", query),
    )


def _due(row: InboxRow) -> DueWords:
    task = row.task
    if task.state is TaskState.COMPLETED:
        return DueWords(
            state="done", words=gettext("Done"), detail=wording.moment_named(task.completed_at), group=""
        )
    return step_due(task, task.office, waits_to_start=row.waits_to_start)


def _holder(row: InboxRow) -> str:
    """Say who has the task, as the reader sees it."""
    task, me = row.task, current.actor().person
    if task.state is not TaskState.OPEN:
        return ""
    if task.prepared_by == me and task.assignee != me:
        return (
            gettext("For %(who)s, prepared by you", who=row.holder)
            if row.holder
            else gettext("Prepared by you")
        )
    if task.assignee is None:
        return gettext("Nobody works on it yet")
    return _mine(row) if task.assignee == me else row.holder


def _is_begun(row: InboxRow) -> bool:
    """Tell whether there is anything to go on with: taken in hand, or something typed."""
    return row.task.claimed_at is not None or row.draft_saved_at is not None


def _draft(row: InboxRow) -> str:
    return wording.draft_saved(row.draft_saved_at) if row.task.state is TaskState.OPEN else ""


def _mine(row: InboxRow) -> str:
    if row.preparer:
        return gettext("Prepared by %(who)s", who=row.preparer)
    handed = row.task.delegated_by is not None and row.task.claimed_at is None
    return gettext("You, assigned to you") if handed else gettext("You")
