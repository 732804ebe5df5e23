"""Answering in a chat: an inquiry becomes a card that is kept, sent, and later changed in its place."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from bot.rendering.card import render_card
from bot.rendering.card_buttons import Shown
from bot.rendering.deep_link import render_expired
from bot.reply import NEW, Cited, Origin, ReplyKind, Where
from retrieval.answer import Verdict

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.inquiry import Inquiry
    from bot.rendering.message import Message
    from bot.reply import Reply
    from bot.talk import Sent, Talk
    from retrieval.answer import Answer
    from retrieval.suggestions import Suggestion

_LOG = logging.getLogger(__name__)


def where(talk: Talk) -> Where:
    """Where the answer to what was said goes."""
    said = talk.update.message or talk.update.edited_message
    asked_in = said.message_id if said is not None else None
    return Where(talk.chat_id, talk.thread_id, talk.user_id, asked_in, talk.words.locale)


async def answer_anew(
    desk: Desk, talk: Talk, inquiry: Inquiry, *, repeat_question: bool = False, origin: Origin = NEW
) -> None:
    """Answer in a new message.

    Args:
        desk: what answers.
        talk: where.
        inquiry: what is asked.
        repeat_question: put the question above the answer, because nobody has written it.
        origin: how it came about. Only what a reader asks is counted.
    """
    began = time.perf_counter()
    async with talk.typing():
        answer = await desk.answer(inquiry)
        suggestions = await _suggestions(desk, answer)
    found = time.perf_counter()
    verdict, confidence = answer.verdict, answer.confidence
    key = await desk.replies.keep(where(talk), inquiry, _cited(answer), verdict, confidence, origin)
    shown = Shown(
        key,
        inquiry,
        following=await desk.subscriptions.of(talk.chat_id, inquiry.lasting) is not None,
        username=talk.bot.username,
        suggestions=suggestions,
        missing=answer.missing,
        repeat_question=repeat_question,
    )
    sent = await talk.reply(render_card(answer, shown, talk.words, talk.view))
    took = time.perf_counter() - began
    writes = [_note_sent(desk, key, sent)]
    if origin.kind is ReplyKind.ASKED:
        writes.append(desk.figures.note_answer(key, talk.user_id, verdict, took))
    await asyncio.gather(*writes)  # they are written together
    _LOG.info(
        "%s: %s with %d excerpts, found in %d ms, %s after %d ms more",
        talk.name,
        answer.verdict,
        len(answer.excerpts),
        (found - began) * 1000,
        sent.delivery,
        (began + took - found) * 1000,
    )


async def send_kept(desk: Desk, talk: Talk, key: str, message: Message) -> Sent:
    """Send a reply that is kept under a key, and note which message it became."""
    sent = await talk.reply(message)
    await _note_sent(desk, key, sent)
    return sent


async def _note_sent(desk: Desk, key: str, sent: Sent) -> None:
    if sent.message_id is not None:
        await desk.replies.sent(key, sent.message_id)


async def answer_in_place(
    desk: Desk,
    talk: Talk,
    reply: Reply,
    inquiry: Inquiry,
    offset: int = 0,
    *,
    asking_reason: bool = False,
) -> None:
    """Put an answer in the place of a reply.

    A reply stays what it was, so that its address opens what was given: another question, or other
    excerpts since the news was reloaded, are a reply of their own in the same message.

    Args:
        desk: what answers.
        talk: where.
        reply: the reply whose message is changed.
        inquiry: what it answers from now on.
        offset: the first excerpt to show.
        asking_reason: ask what is wrong with it.
    """
    answer = await desk.answer(inquiry, offset)
    key = await _kept(desk, talk, reply, inquiry, answer)
    if key is None:
        await talk.replace(render_expired(talk.words))
        return
    opinion = await desk.feedback.of(key, talk.user_id) if talk.is_private else None
    shown = Shown(
        key,
        inquiry,
        following=await desk.subscriptions.of(talk.chat_id, inquiry.lasting) is not None,
        opinion=opinion.value if opinion is not None else None,
        username=talk.bot.username,
        suggestions=await _suggestions(desk, answer),
        missing=answer.missing,
        asking_reason=asking_reason,
        repeat_question=reply.question_message_id is None,
    )
    place = None if talk.update.callback_query is not None else reply.message_id
    sent = await talk.replace(render_card(answer, shown, talk.words, talk.view), place)
    if sent.message_id is not None and sent.message_id != reply.message_id:
        await desk.replies.sent(key, sent.message_id)


async def _kept(desk: Desk, talk: Talk, reply: Reply, inquiry: Inquiry, answer: Answer) -> str | None:
    """The key of the reply that a message shows from now on; None if the one it showed has expired."""
    shown = _cited(answer)
    together = reply.with_cited(shown) if inquiry == reply.inquiry else None
    if together is None and reply.message_id is not None:
        # A second press, of a button that is not there any more: the message shows this already.
        current = await desk.replies.of_message(reply.chat_id, reply.message_id)
        if current is not None and current.inquiry == inquiry:
            reply, together = current, current.with_cited(shown)
    if together is None:
        kind = ReplyKind.ASKED if talk.update.edited_message is not None else ReplyKind.CHANGED
        origin = Origin(kind, reply.message_id)
        verdict, confidence = answer.verdict, answer.confidence
        return await desk.replies.keep(reply.where, inquiry, shown, verdict, confidence, origin)
    if together == reply.cited and reply.reading is None:
        return reply.key
    return reply.key if await desk.replies.show(reply.key, together) else None


def _cited(answer: Answer) -> tuple[Cited, ...]:
    return tuple(Cited.of(each, answer.offset + place) for place, each in enumerate(answer.excerpts))


async def _suggestions(desk: Desk, answer: Answer) -> tuple[Suggestion, ...]:
    """What the reader may have meant, where the answer is not sure."""
    if answer.verdict is Verdict.ANSWERED or answer.offset:
        return ()
    return await asyncio.to_thread(desk.answerer.suggestions, answer.question)
