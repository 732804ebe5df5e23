"""`/corpus`, `/stats` and `/unanswered`: what administrators see of the news, of its use and of its gaps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from bot.answering import answer_anew
from bot.handlers.addressing import command_argument
from bot.handlers.glossary import offer_term
from bot.rendering import corpus_page, stats, unanswered
from bot.rendering.notices import DEAD_BUTTON
from bot.rendering.unanswered import PAGE, Act, Settled
from bot.reply import Origin, ReplyKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.desk import Desk
    from bot.keeping.charts import Chart
    from bot.keeping.unanswered import Matter
    from bot.rendering.message import Message
    from bot.rendering.unanswered import Pressed
    from bot.talk import Talk

_Look: TypeAlias = "Callable[[Desk, Talk, int], Awaitable[tuple[Chart, Message]]]"

_USUAL_DAYS = 30


async def show_corpus(desk: Desk, talk: Talk) -> None:
    """`/corpus`."""
    await _show(desk, talk, _corpus, _USUAL_DAYS)


async def press_corpus(desk: Desk, talk: Talk, data: str) -> None:
    """A button of `/corpus`: other days."""
    await _show_instead(desk, talk, _corpus, corpus_page.parse(f"{corpus_page.PREFIX}{data}"))


async def show_stats(desk: Desk, talk: Talk) -> None:
    """`/stats`, of the number of days behind it."""
    days = stats.parse(f"{stats.PREFIX}{_argument(talk)}") or _USUAL_DAYS
    await _show(desk, talk, _stats, days)


async def press_stats(desk: Desk, talk: Talk, data: str) -> None:
    """A button of `/stats`: other days."""
    await _show_instead(desk, talk, _stats, stats.parse(f"{stats.PREFIX}{data}"))


async def show_unanswered(desk: Desk, talk: Talk) -> None:
    """`/unanswered`."""
    async with talk.typing():
        message = await _list(desk, talk, 0, _USUAL_DAYS)
    await talk.reply(message)


async def press_unanswered(desk: Desk, talk: Talk, data: str) -> None:
    """A button of `/unanswered`: another page, a matter, or what is to be done about it."""
    pressed = unanswered.parse(f"{unanswered.PREFIX}{data}")
    if pressed is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
    elif pressed.act is Act.LIST:
        await talk.acknowledge()
        await talk.replace(await _list(desk, talk, pressed.number, pressed.days))
    elif pressed.act is Act.UNDO:
        await _bring_back(desk, talk, pressed)
    else:
        matter = await desk.unanswered.matter(pressed.key, pressed.days)
        if matter is None:
            await talk.acknowledge(talk.words.gettext("This is not on the list any more."), alert=True)
            await talk.replace(await _list(desk, talk, 0, pressed.days))
        else:
            await _do(desk, talk, pressed, matter)


async def _do(desk: Desk, talk: Talk, pressed: Pressed, matter: Matter) -> None:
    if pressed.act is Act.DONE:
        await _see_to(desk, talk, pressed, matter)
        return
    await talk.acknowledge()
    now = replace(matter.newest.inquiry, asked=talk.now.astimezone(talk.zone))
    if pressed.act is Act.ASK:
        # It is no question of a reader's, so it is not counted as one.
        await answer_anew(desk, talk, now, repeat_question=True, origin=Origin(ReplyKind.CHANGED))
    elif pressed.act is Act.ADD:
        await talk.replace(unanswered.render_how_to_add(matter, pressed.days, talk.words))
    elif pressed.act is Act.TERM:
        terms = unanswered.terms_of(matter, await desk.answer(now))
        await offer_term(desk, talk, terms[min(pressed.number, len(terms) - 1)])
    else:
        answer = await desk.answer(now)
        await talk.replace(unanswered.render_matter(matter, answer, pressed.days, talk.words, talk.view))


async def _see_to(desk: Desk, talk: Talk, pressed: Pressed, matter: Matter) -> None:
    # The audit outlives what readers forget, so it has none of their words.
    entry = await desk.audit.note(talk.user_id, "unanswered", {"questions": len(matter.asked)})
    await desk.unanswered.see_to(matter, entry)
    await talk.acknowledge()
    settled = Settled(matter.newest.inquiry.said, entry)
    await talk.replace(await _list(desk, talk, 0, pressed.days, settled))


async def _bring_back(desk: Desk, talk: Talk, pressed: Pressed) -> None:
    count = await desk.unanswered.bring_back(pressed.number)
    if count:
        await desk.audit.note_undone(pressed.number)
        said = talk.words.ngettext(
            "{count} question is on the list again.", "{count} questions are on the list again.", count
        )
        await talk.acknowledge(said.format(count=count))
    else:
        await talk.acknowledge(talk.words.gettext("There is nothing to undo any more."), alert=True)
    await talk.replace(await _list(desk, talk, 0, pressed.days))


async def _list(desk: Desk, talk: Talk, offset: int, days: int, settled: Settled | None = None) -> Message:
    matters = await desk.unanswered.matters(days)
    if offset >= len(matters):  # they were more when the button was made
        offset = max(0, len(matters) - 1) // PAGE * PAGE
    return unanswered.render_unanswered(matters, offset, days, talk.words, talk.view, settled=settled)


async def _corpus(desk: Desk, talk: Talk, days: int) -> tuple[Chart, Message]:
    contents = await desk.overview.contents()
    room, health = await desk.overview.room(), await desk.examiner.health()
    chart = corpus_page.chart_of(contents, corpus_page.span_of(contents, days), talk.words)
    return chart, corpus_page.render_corpus(contents, room, health, days, talk.words, talk.view)


async def _stats(desk: Desk, talk: Talk, days: int) -> tuple[Chart, Message]:
    await desk.figures.take_stock()
    figures = await desk.figures.of(days)
    readers, following = await desk.figures.readers(days), await desk.figures.following()
    message = stats.render_stats(figures, readers, following, talk.words)
    return stats.chart_of(figures, talk.words), message


async def _show(desk: Desk, talk: Talk, look: _Look, days: int) -> None:
    """Send a picture with its numbers; where it cannot be drawn, the numbers alone."""
    async with talk.typing():
        chart, message = await look(desk, talk, days)
        picture = await desk.pictures.draw(chart)
    await (talk.reply(message) if picture is None else talk.reply_with_photo(picture, message))


async def _show_instead(desk: Desk, talk: Talk, look: _Look, days: int | None) -> None:
    """Put another picture in the place of one; where none can be drawn, the numbers come as a message."""
    if days is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return
    await talk.acknowledge()
    chart, message = await look(desk, talk, days)
    picture = await desk.pictures.draw(chart)
    await (talk.reply(message) if picture is None else talk.replace_with_photo(picture, message))


def _argument(talk: Talk) -> str:
    message = talk.update.message
    return command_argument(message).strip() if message is not None else ""
