"""What a difference means for the work of each role: more, less, other or the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.bpmn.diff.comparing import differences, roles_of
from engine.bpmn.diff.renaming import new_ids, with_ids
from engine.bpmn.diff.side import Side
from engine.bpmn.diff.words import joined, one_or_more, time_words
from engine.bpmn.working_time import read_standard_time
from engine.errors import Sentence, say
from engine.model.definition import StandardTime, TimeUnit
from engine.model.difference import Change, RoleWork, SpentTime, WorkVerdict

_Times = Mapping[str, StandardTime | None]  # of the steps of a role
_DAY = 450  # working minutes, only to tell more from less


def work_by_role(old: Side, new: Side, changes: Iterable[Change] | None = None) -> tuple[RoleWork, ...]:
    """Say for each role of both contents what becomes of its work; ``changes`` where they are known."""
    found = tuple(differences(old, new) if changes is None else changes)
    before = with_ids(old, new_ids(old, new))
    roles = roles_of(before, new)
    then, now = _by_role(before), _by_role(new)
    touched: dict[str, list[Change]] = {}
    for one in found:
        for role in {one.role, one.from_role}:
            touched.setdefault(role, []).append(one)
    return tuple(
        _work(
            new if role in new.roles else before,
            role,
            (then.get(role, {}), now.get(role, {})),
            touched.get(role, ()),
        )
        for role in roles
    )


def time_of(side: Side) -> SpentTime:
    """Add up the standard times of all steps."""
    return _sum(read_standard_time(part.task.attributes.get("standardTime", "")) for part in side.steps)


def _work(side: Side, role: str, times: tuple[_Times, _Times], changes: Iterable[Change]) -> RoleWork:
    then, now = times
    gained = tuple(step for step in now if step not in then)
    lost = tuple(step for step in then if step not in now)
    found = tuple(changes)
    touched = {one.element for one in found}
    changed = tuple(step for step in now if step in then and step in touched)
    both = [step for step in now if step in then]
    longer = sum(_difference(then[step], now[step]) for step in both)
    verdict = _verdict(bool(touched), len(gained), len(lost), longer)
    return RoleWork(
        role=role,
        gained=gained,
        lost=lost,
        changed=changed,
        before=_sum(then.values()),
        after=_sum(now.values()),
        verdict=verdict,
        sentence=_sentence(
            side, role, (gained, lost, _other(found, changed, times)), times, touched=bool(touched)
        ),
    )


def _other(
    found: tuple[Change, ...], changed: tuple[str, ...], times: tuple[_Times, _Times]
) -> tuple[str, ...]:
    """Give the changed steps but those of which it is said already that they take longer or shorter."""
    then, now = times
    own = {
        one.element
        for one in found
        if one.aspect not in {"flow", "time"}
        or (one.aspect == "time" and (then.get(one.element) is None or now.get(one.element) is None))
    }
    return tuple(step for step in changed if step in own)


def _by_role(side: Side) -> dict[str, dict[str, StandardTime | None]]:
    """Give the steps of each role with their times, of all roles at once: there may be thousands."""
    found: dict[str, dict[str, StandardTime | None]] = {}
    for part in side.steps:
        time = read_standard_time(part.task.attributes.get("standardTime", ""))
        found.setdefault(side.role_of(part.id), {})[part.id] = time
    return found


def _difference(then: StandardTime | None, now: StandardTime | None) -> int:
    """Compare two times; where one was not set the work is not longer for it."""
    return 0 if then is None or now is None else _minutes(now) - _minutes(then)


def _minutes(time: StandardTime) -> int:
    return time.value * (_DAY if time.unit is TimeUnit.WORKING_DAY else 1)


def _verdict(touched: object, gained: int, lost: int, longer: int) -> WorkVerdict:
    more, less = gained > 0 or longer > 0, lost > 0 or longer < 0
    if more != less:
        return WorkVerdict.MORE if more else WorkVerdict.LESS
    return WorkVerdict.OTHER if touched or more else WorkVerdict.SAME


def _sum(times: Iterable[StandardTime | None]) -> SpentTime:
    known = [time for time in times if time is not None]
    return SpentTime(
        days=sum(time.value for time in known if time.unit is TimeUnit.WORKING_DAY),
        minutes=sum(time.value for time in known if time.unit is TimeUnit.MINUTE),
    )


def _sentence(
    side: Side,
    role: str,
    steps: tuple[tuple[str, ...], ...],
    times: tuple[_Times, _Times],
    *,
    touched: bool,
) -> Sentence:
    gained, lost, changed = map(len, steps)
    said = []
    if gained:
        said.append(one_or_more(gained, say("1 new step"), say("%(count)s new steps")))
    if lost:
        said.append(one_or_more(lost, say("1 step less"), say("%(count)s steps less")))
    said += _longer(times)
    if changed:
        said.append(one_or_more(changed, say("1 changed step"), say("%(count)s changed steps")))
    label = side.role_label(role)
    if not said and touched:
        return say("%(role)s: the steps stay, what stands around them changes", role=label)
    if not said:
        return say("%(role)s: the work stays the same", role=label)
    return say("%(role)s: %(what)s", role=label, what=joined(said))


def _longer(times: tuple[_Times, _Times]) -> list[Sentence]:
    """Say how much longer or shorter the steps take that stay."""
    then, now = times
    said = []
    for unit in (TimeUnit.WORKING_DAY, TimeUnit.MINUTE):
        change = sum(
            _of(now[step], unit) - _of(then[step], unit)
            for step in now
            if step in then and now[step] is not None and then[step] is not None
        )
        if change:
            time = time_words(StandardTime(value=abs(change), unit=unit))
            said.append(
                say("%(time)s longer", time=time) if change > 0 else say("%(time)s shorter", time=time)
            )
    return said


def _of(time: StandardTime | None, unit: TimeUnit) -> int:
    return time.value if time is not None and time.unit is unit else 0
