"""Which roles have more, less or other work."""

from __future__ import annotations

from engine.bpmn.diff import time_of, work_by_role
from engine.model.difference import RoleWork, SpentTime, WorkVerdict
from tests.engine.bpmn.diff.comparing import side

FORMAT = "<bpmn:flowNodeRef>membuat_format</bpmn:flowNodeRef>"
UNDANGAN = "<bpmn:flowNodeRef>membuat_undangan</bpmn:flowNodeRef>"


def work(*replaced: tuple[str, str]) -> dict[str, RoleWork]:
    return {one.role: one for one in work_by_role(side(), side(*replaced))}


def test_a_step_handed_to_another_role_is_more_for_one_and_less_for_the_other() -> None:
    found = work((FORMAT, ""), (UNDANGAN, UNDANGAN + FORMAT))
    assert [(role, one.verdict) for role, one in found.items()] == [
        ("kadin", WorkVerdict.SAME),
        ("sekdin", WorkVerdict.SAME),
        ("kasub", WorkVerdict.LESS),
        ("staf", WorkVerdict.MORE),
    ]
    assert found["staf"].gained == found["kasub"].lost == ("membuat_format",)
    assert str(found["staf"].sentence) == "Staf: 1 new step"
    assert (found["staf"].before, found["staf"].after) == (SpentTime(minutes=25), SpentTime(minutes=145))


def test_beside_new_steps_those_that_changed_are_counted() -> None:
    archive = ('formKey="mengarsipkan"', 'formKey="mengarsipkan" standardTime="P1D"')
    found = work((FORMAT, ""), (UNDANGAN, UNDANGAN + FORMAT), archive)
    assert str(found["staf"].sentence) == "Staf: 1 new step, 1 changed step"


def test_a_shorter_standard_time_is_less() -> None:
    one = work(('standardTime="P3D"', 'standardTime="P2D"'))["sekdin"]
    assert (one.verdict, str(one.sentence)) == (WorkVerdict.LESS, "Sekdin: 1 working day shorter")


def test_other_words_are_other_work() -> None:
    one = work(('name="Mereviu draft"', 'name="Meneliti draft"'))["sekdin"]
    assert (one.verdict, one.changed) == (WorkVerdict.OTHER, ("mereviu_draft",))
    assert str(one.sentence) == "Sekdin: 1 changed step"


def test_a_time_that_was_not_set_makes_the_work_no_longer() -> None:
    one = work(('formKey="mengarsipkan"', 'formKey="mengarsipkan" standardTime="P1D"'))["staf"]
    assert one.verdict is WorkVerdict.OTHER


def test_a_role_whose_steps_stay_is_told_that_what_stands_around_them_changes() -> None:
    way = 'sourceRef="menghimpun_data" targetRef="menganalisis_data"'
    one = work((way, way.replace("menganalisis_data", "membuat_draft")))["kasub"]
    assert str(one.sentence) == "Kasub: the steps stay, what stands around them changes"


def test_the_time_of_a_new_step_counts_in_the_sum_of_all() -> None:
    task = '<bpmn:extensionElements><sop:Task standardTime="P1D"/></bpmn:extensionElements>'
    end = '<bpmn:endEvent id="selesai"'
    then = time_of(side())
    now = time_of(side((end, f'<bpmn:userTask id="baru">{task}</bpmn:userTask>{end}')))
    assert (now.days - then.days, now.minutes - then.minutes) == (1, 0)
