"""`/corpus`: what the news consists of and whether all is well, as numbers and as a chart."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from bot.keeping.charts import Chart, Form, Panel, Series
from bot.locale.catalogue import N_
from bot.rendering.citation import one_line
from bot.rendering.dates import age
from bot.rendering.fragments import Fragment, bold, joined, labelled, plain
from bot.rendering.message import Button, Message
from corpus.model import Precision, Published

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.keeping.health import Health
    from bot.keeping.overview import Contents, LastLoad, Room
    from bot.locale.catalogue import Words
    from bot.rendering.dates import View

PREFIX: Final = "cor:"
DAYS: Final = (30, 90, 365, 0)
"""How many days of news the picture can show, back from the newest; 0 for all of them."""

MAX_CAPTION: Final = 1024
"""UTF-16 units of what stands under a picture."""

_DATA = re.compile(r"cor:(0|30|90|365)", re.ASCII)
_SOURCES_DRAWN, _SOURCES_NAMED = 7, 5
_NAME_UNITS = 24
_MOST_BARS = 100
_WEEK = 7
_COLOURS = ("#7eb0d5", "#fdae61", "#8bd3a5", "#bd9bd3", "#f4a6a0", "#c9b79c", "#f2d16b")
_OTHERS_COLOUR = "#cfcfcf"

_PANELS = {
    "day": N_("Articles a day, by source"),
    "week": N_("Articles a week, by source"),
    "month": N_("Articles a month, by source"),
    "year": N_("Articles a year, by source"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """The days that the picture shows, and what each bar of it stands for: a day, week, month or year."""

    first: date
    last: date
    bar: str


def parse(data: str) -> int | None:
    """How many days a button's data asks for; None if it is none of these."""
    match = _DATA.fullmatch(data)
    return None if match is None else int(match[1])


def span_of(contents: Contents, days: int) -> Span | None:
    """What a picture of so many days shows; None if no article has a day."""
    if contents.first is None or contents.last is None:
        return None
    first = contents.first if not days else max(contents.first, contents.last - timedelta(days=days - 1))
    length = (contents.last - first).days + 1
    if length <= _MOST_BARS:
        bar = "day"
    elif length <= _WEEK * _MOST_BARS:
        bar = "week"
    else:
        bar = "month" if length <= 30 * _MOST_BARS else "year"
    return Span(first, contents.last, bar)


def chart_of(contents: Contents, span: Span | None, words: Words) -> Chart:
    """The picture: bars of articles, by source."""
    title, empty = words.gettext("The news"), words.gettext("nothing to show")
    if span is None:
        usual = _PANELS["day"]
        return Chart(title, (Panel(words.gettext(usual), Form.STACKED, (), ()),), empty)
    bars = list(dict.fromkeys(_begin(day, span.bar) for day in _days(span)))
    places = {begin: place for place, begin in enumerate(bars)}
    shown = {day: by for day, by in contents.days.items() if span.first <= day <= span.last}
    totals: Counter[str | None] = Counter()
    for by in shown.values():
        totals.update(by)
    drawn = [source for source, _ in totals.most_common(_SOURCES_DRAWN)]
    values = {source: [0.0] * len(bars) for source in drawn}
    others = [0.0] * len(bars)
    for day, by in shown.items():
        place = places[_begin(day, span.bar)]
        for source, count in by.items():
            values.get(source, others)[place] += count
    series = [
        Series(_source(source, words), tuple(values[source]), _COLOURS[at]) for at, source in enumerate(drawn)
    ]
    if any(others):
        series.append(Series(words.gettext("others"), tuple(others), _OTHERS_COLOUR))
    labels = tuple(_label(begin, span.bar) for begin in bars)
    panel = Panel(words.gettext(_PANELS[span.bar]), Form.STACKED, labels, tuple(series))
    return Chart(title, (panel,), empty)


def render_corpus(
    contents: Contents, room: Room, health: Health, days: int, words: Words, view: View
) -> Message:
    """What stands under the picture, or by itself where there is none: at most `MAX_CAPTION` units."""
    span = span_of(contents, days)
    for named in range(_SOURCES_NAMED, -1, -1):
        parts = [
            bold(plain(words.gettext("The news"))),
            joined("\n", _about(contents, named, words, view)),
            joined("\n", _about_storage(room, health, words)),
            joined("\n", _state(contents, room, health, words)),
            plain(_alternative(span, words)),
        ]
        whole = joined("\n\n", parts)
        if whole.units <= MAX_CAPTION:
            break
    return Message(whole.html, (_spans(days, words),))


def _about(contents: Contents, named: int, words: Words, view: View) -> Iterator[Fragment]:
    yield plain(
        words.gettext("{documents} articles in {passages} passages").format(
            documents=f"{contents.documents:,}", passages=f"{contents.passages:,}"
        )
    )
    sources = sum(source is not None for source in contents.by_source)
    if sources:
        most = [
            f"{_source(source, words)} {count:,}"
            for source, count in list(contents.by_source.items())[:named]
        ]
        more = ["…"] if len(contents.by_source) > len(most) and most else []
        value = f"{sources:,}" + (f" ({', '.join([*most, *more])})" if most else "")
        yield labelled(words.gettext("sources:"), plain(value))
    if contents.first is not None:
        value = f"{contents.first} – {contents.last}"
        yield labelled(words.gettext("published:"), plain(value))
    if contents.undated:
        said = words.ngettext(
            "{count} article whose day is not known",
            "{count} articles whose day is not known",
            contents.undated,
        )
        yield plain(said.format(count=f"{contents.undated:,}"))
    if contents.load is not None:
        yield labelled(words.gettext("loaded last:"), plain(_load(contents.load, words, view)))


def _load(load: LastLoad, words: Words, view: View) -> str:
    when = age(Published(load.finished, Precision.MINUTE), words, view) if load.finished is not None else "?"
    files = words.gettext("{added} files added, {changed} changed, {removed} removed").format(
        added=f"{load.added:,}", changed=f"{load.changed:,}", removed=f"{load.removed:,}"
    )
    number = words.gettext("load {number}").format(number=load.generation)
    return f"{when} ({number}; {files})"


def _about_storage(room: Room, health: Health, words: Words) -> Iterator[Fragment]:
    used = words.gettext("{used}: database {database}, index {index}, others {other}").format(
        used=_size(room.used), database=_size(room.database), index=_size(room.index), other=_size(room.other)
    )
    yield labelled(words.gettext("disk used:"), plain(used))
    yield plain(
        words.gettext("files of the news: {news}; free: {free}").format(
            news=_size(room.news), free=_size(room.free)
        )
    )
    vectors = "words and sentence vectors" if health.vectors is None else "words"
    known = {
        "words and sentence vectors": words.gettext("words and sentence vectors"),
        "words": words.gettext("words only"),
    }
    yield labelled(words.gettext("engine:"), plain(f"{health.engine} · {known[vectors]}"))


def _state(contents: Contents, room: Room, health: Health, words: Words) -> Iterator[Fragment]:
    problems = list(_problems(contents, room, health, words))
    if not problems:
        yield plain("✓ " + words.gettext("All is well."))
    for problem in problems:
        yield plain(f"⚠ {problem}")
    if health.loading:
        yield plain(words.gettext("News is being loaded now."))


def _problems(contents: Contents, room: Room, health: Health, words: Words) -> Iterator[str]:
    if contents.load is None:
        yield words.gettext("Nothing has been loaded yet.")
    elif health.generation != contents.load.generation and not health.loading:
        yield words.gettext("The index is not that of the last load.")
    if contents.rejected:
        said = words.ngettext(
            "{count} file was refused; /reload tells why.",
            "{count} files were refused; /reload tells why.",
            contents.rejected,
        )
        yield said.format(count=f"{contents.rejected:,}")
    if health.failing_feeds:
        said = words.ngettext(
            "{count} feed fails; /feeds tells why.",
            "{count} feeds fail; /feeds tells why.",
            health.failing_feeds,
        )
        yield said.format(count=health.failing_feeds)
    if health.undelivered:
        said = words.ngettext(
            "{count} notification does not get through; /outbox tells why.",
            "{count} notifications do not get through; /outbox tells why.",
            health.undelivered,
        )
        yield said.format(count=f"{health.undelivered:,}")
    if room.is_little:
        yield words.gettext("There is little room left on the disk.")


def _alternative(span: Span | None, words: Words) -> str:
    """What the picture shows, for those who do not see it."""
    if span is None:
        return words.gettext("No article has a day, so there is nothing to draw.")
    return words.gettext("In the picture: {what}, {first} – {last}.").format(
        what=words.gettext(_PANELS[span.bar]), first=span.first, last=span.last
    )


def _spans(chosen: int, words: Words) -> tuple[Button, ...]:
    names: Mapping[int, str] = {
        30: words.gettext("30 days"),
        90: words.gettext("90 days"),
        365: words.gettext("a year"),
        0: words.gettext("all"),
    }
    return tuple(
        Button(f"✓ {names[days]}" if days == chosen else names[days], f"{PREFIX}{days}") for days in DAYS
    )


def _source(source: str | None, words: Words) -> str:
    return one_line(source, _NAME_UNITS) or words.gettext("no source given")


def _days(span: Span) -> Iterator[date]:
    for number in range((span.last - span.first).days + 1):
        yield span.first + timedelta(days=number)


def _begin(day: date, bar: str) -> date:
    if bar == "week":
        return date.fromordinal(max(1, day.toordinal() - day.weekday()))
    if bar == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if bar == "year" else day


def _label(begin: date, bar: str) -> str:
    written = begin.isoformat()
    return {"day": written[5:], "week": written, "month": written[:7], "year": written[:4]}[bar]


def _size(size: float) -> str:
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000 or unit == "GB":  # noqa: PLR2004 - as disks are sold
            break
        size /= 1000
    return f"{size:,.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"  # noqa: PLR2004 - two digits
