"""The application: the library's parts and ours put together."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from telegram.ext import ApplicationBuilder
from telegram.request import HTTPXRequest

from bot.audit import Audit
from bot.chats import Chats
from bot.courier import open_courier
from bot.desk import Desk
from bot.errors import InvalidSettings
from bot.examples import Examples
from bot.feedback import Feedback
from bot.handlers import failures
from bot.handlers.addressing import is_command, said_to_bot
from bot.inbox import Inbox, InboxQueue
from bot.keeping.adding import Adding
from bot.keeping.broadcast import Broadcasts
from bot.keeping.corpus_folder import NewsFiles
from bot.keeping.drafts import Drafts
from bot.keeping.feed_rounds import FeedNotices, FeedRounds
from bot.keeping.figures import Figures
from bot.keeping.glossary_file import GlossaryFile
from bot.keeping.health import Examiner
from bot.keeping.kept_files import glossary_file, glossary_stand_in, pins_file
from bot.keeping.near_duplicates import NearDuplicates
from bot.keeping.overview import CorpusOverview
from bot.keeping.permission import Gate
from bot.keeping.pictures import Pictures
from bot.keeping.pin_check import PinCheck
from bot.keeping.pins import Pins
from bot.keeping.reloading import Reloading
from bot.keeping.similarity import Similarity
from bot.keeping.unanswered import Unanswered
from bot.lanes import LANE_DEPTH, SLOTS, Lanes
from bot.locale.catalogue import Catalogues
from bot.logs import Pseudonyms
from bot.menu import COMMANDS, kept_by, register_keeper
from bot.outbox import Outbox
from bot.polling import poll
from bot.presence import Presence
from bot.replies import Replies
from bot.roles import Role, Roles
from bot.routes import add_handlers, talk_of_failed
from bot.services import now
from bot.settings import sample_news
from bot.subjects import Subjects
from bot.subscriptions import Subscriptions
from corpus.article_files import ArticleFiles
from corpus.feeds import Feeds
from corpus.reading import ReadOptions, read_documents

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from telegram import Bot, Update

    from bot.menu import Command
    from bot.routes import App
    from bot.services import Services
    from bot.settings import Settings
    from retrieval.knowledge import Knowledge

# Generous: a busy server that answers late has still answered, and asking twice could say a thing twice.
_READ_SECONDS = 20.0
_CONNECT_SECONDS = 10.0


def build_application(services: Services, *, clock: Callable[[], datetime] = now) -> App:
    """Make the bot: inbox, lanes, handlers and what happens when one fails. Nothing is sent yet.

    Raises:
        InvalidSettings: there is no token.
    """
    return _assemble(services, clock)[0]


async def run_polling(
    services: Services, stop: asyncio.Event, *, clock: Callable[[], datetime] = now
) -> None:
    """Run the bot by long polling until `stop` is set and the answers under way are given.

    Raises:
        InvalidSettings: there is no token, or Telegram does not know it.
    """
    application, desk, inbox = _assemble(services, clock)
    courier = open_courier(application.bot, desk, services.settings, services.fanout)
    await poll(application, desk, inbox, courier, stop)


def _assemble(services: Services, clock: Callable[[], datetime]) -> tuple[App, Desk, Inbox]:
    settings = services.settings
    if settings.token is None:
        raise InvalidSettings(("WENXUN_TOKEN: is not set. Copy the token that @BotFather gave you.",))
    # The library is about to hand out durations in place of numbers and warns until one agrees.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    token = settings.token.get_secret_value()
    bot_id = int(token.partition(":")[0])
    desk = _desk(services, bot_id, clock)
    inbox = Inbox(services.database, bot_id, clock)
    queue = InboxQueue(inbox)
    application = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .request(_request(settings, connections=2 * SLOTS))
        .get_updates_request(_request(settings, connections=1))
        .update_queue(queue)
        .concurrent_updates(_lanes(inbox, queue, desk))
        .job_queue(None)
        .build()
    )
    add_handlers(application, desk)
    return application, desk, inbox


def _desk(services: Services, bot_id: int, clock: Callable[[], datetime]) -> Desk:
    database = services.database
    chats = Chats(database, bot_id)
    settings = services.settings
    kept = timedelta(days=settings.keep_inactive_days)
    catalogues = Catalogues.load()
    outbox = Outbox(database, bot_id, clock)
    audit = Audit(database, bot_id, clock)
    roles = Roles(database, bot_id, settings.admins, clock)
    gate = Gate(roles, settings.admin_chat, settings.readers)
    pins = Pins(pins_file(settings), settings.zone)
    pin_check = _pin_check(services, pins)
    reloading = Reloading(services.loader, audit, pin_check.check)
    feeds = Feeds(
        database, services.fetcher, ArticleFiles(settings.corpus), options=ReadOptions(zone=settings.zone)
    )
    return Desk(
        answerer=services.answerer,
        store=services.store,
        examples=Examples(services.store, services.answerer, clock),
        subjects=Subjects(services.store),
        catalogues=catalogues,
        chats=chats,
        presence=Presence(chats, clock, kept),
        replies=Replies(database, bot_id, clock),
        feedback=Feedback(database, bot_id, clock),
        percolator=services.knowledge.percolator(services.indexer.index),
        outbox=outbox,
        gate=gate,
        audit=audit,
        figures=Figures(database, bot_id, settings.zone, clock),
        unanswered=Unanswered(database, bot_id, _similarity(services.knowledge), clock),
        overview=CorpusOverview(database, settings.corpus, settings.data, _index_folder(settings)),
        examiner=Examiner(
            indexer=services.indexer,
            index_url=settings.index_url,
            vectors=services.knowledge.missing,
            reloading=reloading,
            feeds=feeds,
            outbox=outbox,
            late=timedelta(minutes=settings.outbox_alert_minutes),
        ),
        pictures=Pictures(settings.data / "cache" / "matplotlib"),
        reloading=reloading,
        pins=pins,
        pin_check=pin_check,
        glossary=GlossaryFile(glossary_file(settings), glossary_stand_in(settings)),
        broadcasts=Broadcasts(outbox, gate.admits),
        adding=Adding(
            Drafts(database, bot_id, settings.data / "drafts", clock),
            NewsFiles(settings.corpus, settings.data / "removed"),
            NearDuplicates(services.store),
            ReadOptions(zone=settings.zone, max_bytes=settings.max_file_mb * 2**20),
        ),
        renew_menu=partial(_renew_menu, catalogues),
        fetcher=services.fetcher,
        feeds=feeds,
        feed_rounds=FeedRounds(
            feeds,
            reloading,
            FeedNotices(outbox, chats, catalogues, settings.admins).tell,
            clock=clock,
            may_add=settings.corpus != sample_news(),
        ),
        subscriptions=Subscriptions(database, bot_id, clock, settings.max_subscriptions, settings.zone),
        names=Pseudonyms.open(settings.data),
        menu=_listed(COMMANDS),
        keeping={role: _listed(kept_by(role)) for role in Role},
        excerpts=settings.excerpts,
        zone=settings.zone,
        clock=clock,
    )


def _index_folder(settings: Settings) -> Path | None:
    scheme, _, place = settings.index_url.partition(":")
    return Path(place) if scheme == "tantivy" else None


def _similarity(knowledge: Knowledge) -> Similarity:
    return Similarity(knowledge.analyzer, knowledge.lexicon.background.frequency)


def _listed(commands: Iterable[Command]) -> tuple[tuple[str, str], ...]:
    return tuple((command.name, command.description) for command in commands)


async def _renew_menu(catalogues: Catalogues, bot: Bot, user_id: int, role: Role | None) -> None:
    await register_keeper(bot, catalogues, user_id, role)


def _pin_check(services: Services, pins: Pins) -> PinCheck:
    settings = services.settings
    options = ReadOptions(zone=settings.zone, max_bytes=settings.max_file_mb * 2**20)
    return PinCheck(
        pins,
        services.answerer,
        services.knowledge,
        store=services.store,
        read=lambda origin: read_documents(settings.corpus, origin, options),
        excerpts=settings.excerpts,
    )


def _request(settings: Settings, connections: int) -> HTTPXRequest:
    # A proxy of the environment leads out of this machine, so it must not be asked for what is on it.
    on_this_machine = urlsplit(settings.api_url).hostname in {"127.0.0.1", "::1", "localhost"}
    return HTTPXRequest(
        connection_pool_size=connections,
        read_timeout=_READ_SECONDS,
        write_timeout=_READ_SECONDS,
        connect_timeout=_CONNECT_SECONDS,
        pool_timeout=_READ_SECONDS,
        httpx_kwargs={"trust_env": not on_this_machine},
    )


def _lanes(inbox: Inbox, queue: InboxQueue, desk: Desk) -> Lanes:
    async def crowded(update: Update) -> None:
        if talk := await talk_of_failed(update, update.get_bot(), desk):
            await failures.turn_away(LANE_DEPTH, talk)

    async def given_up(update: Update) -> None:
        if talk := await talk_of_failed(update, update.get_bot(), desk):
            await failures.give_up(talk)

    return Lanes(inbox, queue, asks=_asks, crowded=crowded, given_up=given_up)


def _asks(update: Update) -> bool:
    """Whether an update wants a reply; what is merely overheard in a group does not."""
    message = update.message or update.edited_message
    if message is None:
        return update.callback_query is not None
    return is_command(message) or said_to_bot(message, update.get_bot().bot) is not None
