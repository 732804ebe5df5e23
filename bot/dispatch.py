"""The dispatch: one batch on its way, from the rows that were claimed to what has become of them.

A call to Telegram is made again only when it surely had no effect; docs/delivery.md has the table
of what each refusal leads to.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.delivery import Composed
from bot.incidents import record_incident
from bot.keyboard import inline_keyboard
from bot.sending import seconds_told, surely_unsent
from corpus.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from telegram import Bot

    from bot.claims import Claims
    from bot.delivery import Composer
    from bot.logs import Pseudonyms
    from bot.outbox import Batch
    from bot.sending import Watch
    from bot.token_bucket import TokenBuckets

TIMED_OUT: Final = "no answer"
"""Why rows are uncertain: Telegram may have got the call, and said nothing."""
STOPPED: Final = "stopped while sending"
"""Why rows are uncertain that the end of the program did not wait for."""

ON_END: Final = 3
"""So many calls that fail on end are no matter of the chats that they go to."""

_SLACK = 0.2  # seconds
_LONGEST_HOLD = 30.0
_FIRST_BACK_OFF, _LONGEST_BACK_OFF = timedelta(seconds=5), timedelta(hours=1)
_MOST_DOUBLINGS = 10
_NOTE_PAUSES = (0.5, 1.0, 2.0, 4.0)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

# Words of Telegram's refusals, which have no codes of their own.
_NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted", "topic is closed")

_LOG = logging.getLogger(__name__)


class Kept(Protocol):
    """Who keeps what was sent: `Replies`."""

    async def sent(self, key: str, message_id: int) -> None:
        """Note which message a reply became."""


async def _never(_: Batch) -> None:
    return None


@dataclass(slots=True, eq=False)
class Dispatch:
    """Sees batches through, many at once, each of another chat.

    Attributes:
        claims: what was claimed, and where it is noted what came of it.
        bot: who sends.
        composer: who makes the messages.
        replies: who keeps what was sent.
        watch: who takes note of chats that have moved or cannot be written to.
        buckets: the pace.
        names: what the log calls a chat.
        clock: the time, aware.
        quiet_until: until when a chat wants to hear nothing; None if it may be told now.
    """

    claims: Claims
    bot: Bot
    composer: Composer
    replies: Kept
    watch: Watch
    buckets: TokenBuckets
    names: Pseudonyms
    clock: Callable[[], datetime]
    quiet_until: Callable[[Batch], Awaitable[datetime | None]] = _never
    _failures: int = field(default=0, init=False)  # on end, whichever chats they were for

    async def see_through(self, batch: Batch) -> None:
        """Compose a message, send it, and note what has become of the batch."""
        try:
            composed = await self._composed(batch)
            if composed is not None:
                await self._send(batch, composed, batch.thread_id)
        except DatabaseError as error:
            # The claim ends by itself: what was begun is uncertain then, and the rest is claimed again.
            _LOG.warning("%s: a notification waits for the database (%s)", self._name(batch), error)
            self.buckets.hold(batch.chat_id, _LONGEST_HOLD)
        except Exception as error:  # noqa: BLE001 - as above, and the others go on
            record_incident(error, "a notification could not be delivered")
            self.buckets.hold(batch.chat_id, _LONGEST_HOLD)

    async def _composed(self, batch: Batch) -> Composed | None:
        """The message to send, noted as being sent; None if there is none to be sent now."""
        try:
            if (until := await self.quiet_until(batch)) is not None:
                await self.claims.later(batch, until)
                return None
            composed = await self._compose(batch)
            if composed is None:
                return None
            await self.buckets.turn(batch.chat_id)
            if await self.claims.begin(batch, composed.rows, composed.key):
                return composed
        except asyncio.CancelledError:
            await self.claims.later(batch)
            raise
        await self.claims.later(batch)  # something of it was taken back: the rest is composed anew
        return None

    async def _compose(self, batch: Batch) -> Composed | None:
        try:
            composed = await self.composer.compose(batch)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, only this chat waits for it to be mended
            record_incident(error, "a notification could not be composed")
            await self.claims.later(batch, self.clock() + _back_off(batch), failed=True)
            return None
        if isinstance(composed, Composed):
            return composed
        spent = batch.ids if composed is None else composed.rows
        if spent:
            await self.claims.nothing(batch, spent)
        if composed is not None:
            await self.claims.later(batch)
        return None

    async def _send(self, batch: Batch, composed: Composed, thread_id: int | None) -> None:
        """Make the call, and note what came of it."""
        try:
            message_id = await self._call(batch.chat_id, composed, thread_id)
        except TelegramError as error:
            if thread_id is not None and isinstance(error, BadRequest) and _says(error, _NO_TOPIC):
                await self.buckets.turn(batch.chat_id)
                await self._send(batch, composed, None)
            else:
                await self._not_sent(batch, error)
        except asyncio.CancelledError:
            await self.claims.uncertain(batch, STOPPED)
            raise
        except Exception as error:  # noqa: BLE001 - an answer that cannot be read is an answer
            code = record_incident(error, "uncertain whether a notification arrived")
            await self._note(lambda: self.claims.uncertain(batch, code))
        else:
            self._failures = 0
            await self._note(lambda: self.claims.sent(batch, message_id))
            if composed.key is not None:
                await self.replies.sent(composed.key, message_id)

    async def _call(self, chat_id: int, composed: Composed, thread_id: int | None) -> int:
        arrived = await self.bot.send_message(
            chat_id,
            composed.message.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            message_thread_id=thread_id,
            reply_markup=inline_keyboard(composed.message),
            disable_notification=composed.silent,
        )
        return arrived.message_id

    async def _not_sent(self, batch: Batch, error: TelegramError) -> None:
        """Note what an error means for a batch."""
        match error:
            case RetryAfter():
                await self._told_to_wait(batch, seconds_told(error) + _SLACK)
            case ChatMigrated():
                await self.watch.moved(batch.chat_id, error.new_chat_id, self._name(batch))
                await self._note(lambda: self.claims.later(batch))
            case Forbidden() | BadRequest():
                await self._refused(batch, error)
            case NetworkError() if not surely_unsent(error):
                _LOG.warning("%s: uncertain whether a notification arrived", self._name(batch))
                await self._note(lambda: self.claims.uncertain(batch, TIMED_OUT))
            case _:  # also that the token is not valid any more
                await self._failed(batch, error)

    async def _told_to_wait(self, batch: Batch, seconds: float) -> None:
        """The chat waits; all do if Telegram says so to one after another."""
        _LOG.info("%s: told to wait %d s before sending", self._name(batch), seconds)
        self.buckets.hold(batch.chat_id, seconds)
        self._failures += 1
        if self._failures >= ON_END:
            self.buckets.hold_all(seconds)
        await self._note(lambda: self.claims.later(batch, self.clock() + timedelta(seconds=seconds)))

    async def _failed(self, batch: Batch, error: TelegramError) -> None:
        """Telegram could not be reached or failed: the batch waits, and so do all if that goes on."""
        _LOG.info("%s: a notification could not be sent (%s)", self._name(batch), type(error).__name__)
        self._failures += 1
        if self._failures >= ON_END:
            doublings = min(self._failures - ON_END, _MOST_DOUBLINGS)
            self.buckets.hold_all(min(_LONGEST_HOLD, float(2**doublings)))
        await self._note(lambda: self.claims.later(batch, self.clock() + _back_off(batch)))

    async def _refused(self, batch: Batch, error: TelegramError) -> None:
        """Nobody can be reached there, or this message is one that Telegram does not take."""
        self._failures = 0
        name = self._name(batch)
        if await self.watch.refused(batch.chat_id, name, error):
            # What is due in a chat that is away is not claimed. If that could not be noted, it waits.
            self.buckets.hold(batch.chat_id, _LONGEST_HOLD)
            await self._note(lambda: self.claims.later(batch))
        else:
            _LOG.error("%s: Telegram refuses a notification for good (%s)", name, error.message)
            await self._note(lambda: self.claims.dead(batch, error.message))

    async def _note(self, settle: Callable[[], Awaitable[None]]) -> None:
        """Note what has become of a batch, patiently: what is not noted counts as uncertain."""
        for pause in _NOTE_PAUSES:
            try:
                await settle()
            except DatabaseError as error:
                _LOG.warning("what became of a notification could not be noted (%s); trying again", error)
                await asyncio.sleep(pause)
            else:
                return
        await settle()

    def _name(self, batch: Batch) -> str:
        return self.names.of(batch.chat_id)


def _says(error: TelegramError, words: tuple[str, ...]) -> bool:
    said = error.message.lower()
    return any(each in said for each in words)


def _back_off(batch: Batch) -> timedelta:
    """How long a batch waits that has failed once more."""
    doublings = min(max(row.attempts for row in batch.rows), _MOST_DOUBLINGS)
    return min(_LONGEST_BACK_OFF, _FIRST_BACK_OFF * (1 << doublings))
