"""Working and waiting time as bars, beside the standard time and with words."""

from __future__ import annotations

from lxml import etree

from webapp.drawing.time_bars import TimeBar, draw_time_bars, legend_words

DAY = 450


def parts(*bars: TimeBar) -> list[dict[str, float]]:
    """Read each bar's parts back, in percent of its own length."""
    root = etree.fromstring(f"<div>{draw_time_bars(bars, day_minutes=DAY)}</div>")
    return [
        {str(p.get("class")): float(str(p.get("width")).rstrip("%")) for p in bar.iter("rect")}
        for bar in root.iterfind("ul/li//svg")
    ]


def a_bar(
    worked: int, waited: int = 0, standard: int | None = None, label: str = "9 Membuat draft"
) -> TimeBar:
    return TimeBar(label=label, words="2 jam", worked=worked, waited=waited, standard=standard)


def test_time_beyond_the_standard_is_its_own_part() -> None:
    [bar] = parts(a_bar(worked=150, standard=100))
    assert (round(bar["within"]), round(bar["over"])) == (67, 33)
    assert "standard" in bar


def test_time_within_the_standard_leaves_room_to_the_tick() -> None:
    [bar] = parts(a_bar(worked=50, standard=100))
    assert bar["within"] == 50
    assert "over" not in bar


def test_waiting_stands_apart() -> None:
    [bar] = parts(a_bar(worked=100, waited=300))
    assert (bar["within"], bar["waited"]) == (25, 75)
    assert "standard" not in bar


def test_the_words_stand_beside_the_bar_and_nothing_is_styled_inline() -> None:
    markup = draw_time_bars([a_bar(10, label="<b>&")], day_minutes=DAY)
    assert "&lt;b&gt;&amp;" in markup
    assert "2 jam" in markup
    assert "style=" not in markup


def test_the_scale_is_in_days_or_in_hours() -> None:
    assert "2 days" in draw_time_bars([a_bar(3 * DAY)], day_minutes=DAY)
    assert "3 hours" in draw_time_bars([a_bar(200)], day_minutes=DAY)


def test_nothing_worked_yet_is_drawn_too() -> None:
    assert parts(a_bar(0)) == [{}]
    assert draw_time_bars([], day_minutes=DAY).startswith("<ul")


def test_the_legend_names_every_part() -> None:
    assert [kind for kind, _words in legend_words()] == ["within", "over", "waited", "standard"]
