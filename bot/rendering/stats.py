"""`/stats`: how the bot is used, as numbers and as a chart."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from bot.keeping.answering_times import percentile
from bot.keeping.charts import Chart, Form, Panel, Series
from bot.keeping.figures import Figure
from bot.rendering.fragments import Fragment, bold, joined, labelled, plain
from bot.rendering.message import Button, Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.keeping.figures import Day, Following
    from bot.locale.catalogue import Words

PREFIX: Final = "sta:"
DAYS: Final = (7, 30, 90)
"""The spans that can be looked at."""

_DATA = re.compile(r"sta:(7|30|90)", re.ASCII)
_GREEN, _AMBER, _RED = "#8bd3a5", "#fdd27a", "#f4a6a0"
_BLUE, _ORANGE, _PURPLE = "#5b9bd5", "#f2994a", "#a98bd0"


def parse(data: str) -> int | None:
    """How many days a button's data asks for; None if it is none of these."""
    match = _DATA.fullmatch(data)
    return None if match is None else int(match[1])


def chart_of(days: Sequence[Day], words: Words) -> Chart:
    """The picture: questions, answering times, opinions, and who reads and follows, day by day."""
    labels = tuple(each.day.isoformat()[5:] for each in days)

    def panel(title: str, form: Form, *series: Series, unit: str = "") -> Panel:
        return Panel(title, form, labels, series, unit)

    def counted(name: str, figure: Figure, colour: str) -> Series:
        return Series(name, tuple(float(each.count(figure)) for each in days), colour)

    stock = tuple(
        float(each.counts[Figure.SUBSCRIPTIONS]) if Figure.SUBSCRIPTIONS in each.counts else None
        for each in days
    )
    panels = (
        panel(
            words.gettext("Questions a day"),
            Form.STACKED,
            counted(words.gettext("answered"), Figure.ANSWERED, _GREEN),
            counted(words.gettext("related"), Figure.RELATED, _AMBER),
            counted(words.gettext("not found"), Figure.NOTHING, _RED),
        ),
        panel(
            words.gettext("Answering time"),
            Form.LINES,
            Series(words.gettext("half within (p50)"), _times(days, 0.5), _BLUE),
            Series(words.gettext("95 % within (p95)"), _times(days, 0.95), _ORANGE),
            unit=words.gettext(" s"),
        ),
        panel(
            words.gettext("Opinions a day"),
            Form.STACKED,
            counted(words.gettext("liked"), Figure.LIKED, _GREEN),
            counted(words.gettext("disliked"), Figure.DISLIKED, _RED),
        ),
        panel(
            words.gettext("Readers, deliveries and subscriptions"),
            Form.LINES,
            counted(words.gettext("readers"), Figure.READERS, _BLUE),
            counted(words.gettext("deliveries"), Figure.DELIVERIES, _ORANGE),
            Series(words.gettext("subscriptions"), stock, _PURPLE),
        ),
    )
    return Chart(
        words.gettext("The last {days} days").format(days=len(days)), panels, words.gettext("nothing yet")
    )


def render_stats(days: Sequence[Day], readers: int, following: Following, words: Words) -> Message:
    """What stands under the picture, or by itself where there is none."""
    head = words.gettext("Use in the last {days} days").format(days=len(days))
    picture = words.gettext(
        "In the picture, day by day: questions by how they came out, answering times, opinions, "
        "readers, deliveries and subscriptions."
    )
    parts = [
        bold(plain(head)) + plain(f" · {days[0].day} – {days[-1].day}"),
        joined("\n", _lines(days, readers, following, words)),
        plain(picture),
    ]
    return Message(joined("\n\n", parts).html, (_spans(len(days), words),))


def _lines(days: Sequence[Day], readers: int, following: Following, words: Words) -> Iterator[Fragment]:
    questions = sum(each.questions for each in days)
    yield labelled(
        words.gettext("questions:"),
        plain(f"{questions:,}" + words.gettext(" ({rate} a day)").format(rate=_rate(questions / len(days)))),
    )
    if questions:
        said = (
            (words.gettext("answered {count} ({share})"), Figure.ANSWERED),
            (words.gettext("related {count} ({share})"), Figure.RELATED),
            (words.gettext("not found {count} ({share})"), Figure.NOTHING),
        )
        counts = ((text, sum(each.count(figure) for each in days)) for text, figure in said)
        yield plain(
            " · ".join(
                text.format(count=f"{count:,}", share=f"{count / questions:.0%}") for text, count in counts
            )
        )
    liked, disliked = (sum(each.count(figure) for each in days) for figure in (Figure.LIKED, Figure.DISLIKED))
    yield labelled(words.gettext("opinions:"), plain(f"👍 {liked:,} · 👎 {disliked:,}"))
    half, most = (_percentile(days, share) for share in (0.5, 0.95))
    if half is not None and most is not None:
        text = words.gettext("half within {half} s, 95 % within {most} s")
        yield labelled(
            words.gettext("answering time:"), plain(text.format(half=_seconds(half), most=_seconds(most)))
        )
    busiest = max(each.count(Figure.READERS) for each in days)
    yield labelled(
        words.gettext("readers:"),
        plain(
            words.gettext("{count} (at most {busiest} a day)").format(
                count=f"{readers:,}", busiest=f"{busiest:,}"
            )
        ),
    )
    text = words.gettext("{count} in {chats} chats, {paused} paused")
    yield labelled(
        words.gettext("subscriptions:"),
        plain(
            text.format(
                count=f"{following.subscriptions:,}",
                chats=f"{following.chats:,}",
                paused=f"{following.paused:,}",
            )
        ),
    )
    delivered = sum(each.count(Figure.DELIVERIES) for each in days)
    yield labelled(words.gettext("excerpts delivered to them:"), plain(f"{delivered:,}"))


def _times(days: Sequence[Day], share: float) -> tuple[float | None, ...]:
    found = (percentile(each.times, share) for each in days)
    return tuple(None if each is None else each / 1000 for each in found)


def _percentile(days: Sequence[Day], share: float) -> float | None:
    together: Counter[int] = Counter()
    for each in days:
        together.update(each.times)
    return percentile(together, share)


def _seconds(milliseconds: float) -> str:
    """Two digits: what is known is no more exact."""
    seconds = milliseconds / 1000
    return f"{seconds:.0f}" if seconds >= 10 else f"{seconds:.1f}" if seconds >= 1 else f"{seconds:.2g}"  # noqa: PLR2004 - two digits


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"  # noqa: PLR2004 - two digits


def _spans(chosen: int, words: Words) -> tuple[Button, ...]:
    names = {days: words.gettext("{days} days").format(days=days) for days in DAYS}
    return tuple(
        Button(f"✓ {names[days]}" if days == chosen else names[days], f"{PREFIX}{days}") for days in DAYS
    )
