"""The context of what is said: what it refines, what it replies to, and what it asks with all that.

What somebody says becomes an `Inquiry`: operators are read, a follow-up is joined to the question
before, a reply to an answer asks within its document, and of a text that is passed on the gist is
asked about.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.inquiry import Inquiry
from bot.rendering.notices import render_how_to_ask, render_operator_problems
from retrieval.followup import language_meant, refines
from retrieval.gist import gist
from retrieval.operators import read_operators
from retrieval.scope import Scope

if TYPE_CHECKING:
    from telegram import Message as TelegramMessage

    from bot.desk import Desk
    from bot.rendering.message import Message
    from bot.reply import Reply
    from bot.talk import Talk

LONGEST_QUESTION = 1000
"""Characters of a question; what is longer is a text, and news about it is looked for."""

# Somebody who comes back later has begun to speak of something else.
_CONTEXT_KEPT = timedelta(hours=1)
_LONGEST_CONTEXT = 500


async def understood(
    said: str, message: TelegramMessage, desk: Desk, talk: Talk, *, answered: Reply | None = None
) -> Inquiry | Message:
    """What a message asks, or what to say where that cannot be told.

    Args:
        said: what it says to the bot.
        message: the message.
        desk: what answers.
        talk: where.
        answered: the answer that it has already, which is none that it could refine.
    """
    if has_words(said) and (message.forward_origin is not None or len(said) > LONGEST_QUESTION):
        return await _about(said, desk, talk)
    reading = read_operators(said, talk.asked.astimezone(talk.zone).date())
    if reading.problems:
        return render_operator_problems(reading.problems, talk.words)
    inquiry = None
    if has_words(reading.text) or reading.scope:
        asked = replace(inquiry_of(reading.text, desk, talk), scope=reading.scope)
        inquiry = await _in_context(asked, message, desk, talk, answered)
    if inquiry is None:
        return render_how_to_ask(await desk.examples.offered(talk.words.language), talk.words)
    return inquiry


async def _in_context(
    inquiry: Inquiry, message: TelegramMessage, desk: Desk, talk: Talk, answered: Reply | None
) -> Inquiry | None:
    """What is asked, together with what it refines or replies to; None if that asks nothing."""
    added = _added(inquiry)
    if (answer := await replied_to(message, desk, talk)) is not None:
        if added is not None:
            return _narrowed(inquiry, added, answer)
        return await _within(inquiry, answer, desk)
    if added is not None and not has_words(inquiry.said):
        earlier = answered or await _earlier(desk, talk)
        return None if earlier is None else _narrowed(inquiry, added, earlier)
    if answered is not None:
        # What it refined before it was changed, it refines still.
        context = answered.inquiry.context
        return replace(inquiry, context=context) if context and refines(inquiry.said, context) else inquiry
    earlier = await _earlier(desk, talk)
    if earlier is None or not refines(inquiry.said, earlier.inquiry.said):
        return inquiry
    return _refining(inquiry, earlier) if added is None else _narrowed(inquiry, added, earlier)


async def _about(text: str, desk: Desk, talk: Talk) -> Inquiry:
    """A question for news about a text that was passed on, with no wish of its own in it."""
    inquiry = inquiry_of(text, desk, talk)
    async with talk.typing():
        return replace(inquiry, said=await asyncio.to_thread(gist, inquiry.question, desk.answerer))


def inquiry_of(text: str, desk: Desk, talk: Talk) -> Inquiry:
    """What a text asks, as this chat has it asked."""
    return Inquiry(
        text,
        talk.asked.astimezone(talk.zone),
        order=talk.settings.order,
        excerpts=talk.settings.excerpts or desk.excerpts,
    )


async def _earlier(desk: Desk, talk: Talk) -> Reply | None:
    """What was answered just before, if it may still be meant."""
    said = talk.update.message or talk.update.edited_message
    if said is not None and said.sender_chat is not None:
        return None  # all who speak as the chat are one to Telegram, and may be several
    earlier = await desk.replies.latest(talk.chat_id, talk.thread_id, talk.user_id)
    return earlier if earlier is not None and talk.asked - earlier.created <= _CONTEXT_KEPT else None


async def replied_to(message: TelegramMessage, desk: Desk, talk: Talk) -> Reply | None:
    """The answer that a message replies to, if it does."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.from_user.id != talk.bot.id:
        return None
    return await desk.replies.of_message(talk.chat_id, replied.message_id)


async def _within(inquiry: Inquiry, answered: Reply, desk: Desk) -> Inquiry:
    """Asked within the document that a message shows, or else quotes first; without one, with its context."""
    shown = answered.cited_at(answered.reading) if answered.reading is not None else None
    if shown is None and not answered.cited:
        return _refining(inquiry, answered)
    quoted = (shown or answered.cited[0]).document_id
    document = await desk.store.document(quoted)
    inquiry = replace(
        inquiry,
        scope=replace(inquiry.scope, document_id=quoted),
        document_title=document.title if document is not None else None,
    )
    if refines(inquiry.said, answered.inquiry.said):
        inquiry = replace(inquiry, context=_context(answered))
    return inquiry


def _added(inquiry: Inquiry) -> Scope | None:
    """What is said to confine the question before, where it says nothing else: "only from Xinhua"."""
    if not has_words(inquiry.said):
        return inquiry.scope
    language = language_meant(inquiry.said)
    return replace(inquiry.scope, language=language) if language is not None else None


def _narrowed(inquiry: Inquiry, added: Scope, earlier: Reply) -> Inquiry:
    """The earlier question asked again, confined to something more."""
    asked = earlier.inquiry
    return replace(
        inquiry,
        said=asked.said,
        context=asked.context,
        scope=_both(added, asked.scope),
        document_title=asked.document_title,
    )


def _refining(inquiry: Inquiry, earlier: Reply) -> Inquiry:
    """What is asked, as a refinement of an earlier question: what it does not say itself is kept."""
    return replace(
        inquiry,
        context=_context(earlier),
        scope=_both(inquiry.scope, earlier.inquiry.scope),
        document_title=earlier.inquiry.document_title,
    )


def _both(own: Scope, kept: Scope) -> Scope:
    """What is said now, and of what was said before all that it does not replace."""
    dated = own.since is not None or own.until is not None
    return Scope(
        sources=own.sources or kept.sources,
        since=own.since if dated else kept.since,
        until=own.until if dated else kept.until,
        language=own.language or kept.language,
        phrases=own.phrases or kept.phrases,
        excluded=(*kept.excluded, *(each for each in own.excluded if each not in kept.excluded)),
        document_id=kept.document_id,
    )


def _context(earlier: Reply) -> str:
    """The question that is refined, with what it refined itself."""
    asked = (earlier.inquiry.context, earlier.inquiry.said)
    return " ".join(filter(None, asked))[-_LONGEST_CONTEXT:]


def has_words(text: str) -> bool:
    """Whether a text says anything: a letter, a character or a figure."""
    return any(character.isalnum() for character in text)
