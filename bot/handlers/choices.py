"""`/settings`: what a chat chooses; in a group its administrators choose."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.chats import Choices
from bot.handlers.addressing import command_argument
from bot.rendering.groups import only_admins_change
from bot.rendering.notices import DEAD_BUTTON
from bot.rendering.quiet_hours import quiet_typed, read_quiet, render_unknown_quiet
from bot.rendering.settings_page import (
    PREFIX,
    Screen,
    SettingsPage,
    parse,
    render_languages,
    render_quiet,
    render_settings,
    render_unknown_zone,
    render_zones,
    zone_typed,
)
from bot.zones import zone_named

if TYPE_CHECKING:
    from bot.chats import ChatSettings
    from bot.desk import Desk
    from bot.rendering.message import Message
    from bot.talk import Talk


_OF_TIME = frozenset({"zone", "quiet"})


async def settings(desk: Desk, talk: Talk) -> None:
    """`/settings`, `/settings zone Tokyo`, and `/settings quiet 22:00-7:00`."""
    message = talk.update.message
    if message is None:
        return
    may_change = await talk.is_administrator()
    typed = command_argument(message) if may_change else ""
    choices = Choices()
    if name := zone_typed(typed):
        zone = await asyncio.to_thread(zone_named, name)
        if zone is None:
            await talk.reply(render_unknown_zone(name, talk.words))
            return
        choices = Choices(zone=zone)
    elif hours := quiet_typed(typed):
        read = read_quiet(hours)
        if read is None:
            await talk.reply(render_unknown_quiet(hours, talk.words))
            return
        choices = read
    talk = await _choose(desk, talk, choices)
    await talk.reply(_screen(desk, talk, Screen.HOME, may_change=may_change))


async def press_setting(desk: Desk, talk: Talk, data: str) -> None:
    """A pressed button of the settings."""
    pressed = parse(f"{PREFIX}{data}")
    if pressed is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return
    if not await talk.is_administrator():
        await talk.acknowledge(only_admins_change(talk.words), alert=True)
        return
    talk = await _choose(desk, talk, pressed.choices)
    await talk.acknowledge()
    await talk.replace(_screen(desk, talk, pressed.screen, may_change=True))


async def _choose(desk: Desk, talk: Talk, choices: Choices) -> Talk:
    """Set what was chosen; what waits to be told is told when it is due then."""
    if not choices:
        return talk
    chosen = await desk.chats.change(talk.chat_id, **choices)
    if not choices.keys().isdisjoint(_OF_TIME):
        await desk.subscriptions.reschedule(talk.chat_id)
    return _having(desk, talk, chosen)


def _having(desk: Desk, talk: Talk, chosen: ChatSettings) -> Talk:
    """The same talk with what was just chosen."""
    user = talk.update.effective_user
    return replace(
        talk,
        settings=chosen,
        words=desk.words(chosen, user.language_code if user else None),
        zone=desk.zone_of(chosen),
    )


def _screen(desk: Desk, talk: Talk, screen: Screen, *, may_change: bool) -> Message:
    excerpts = talk.settings.excerpts or desk.excerpts
    page = SettingsPage(talk.settings, talk.zone, excerpts, not talk.is_private, may_change)
    if screen is Screen.LANGUAGE:
        return render_languages(page, talk.words)
    if screen is Screen.ZONE:
        return render_zones(page, talk.words, talk.view)
    if screen is Screen.QUIET:
        return render_quiet(page, talk.words)
    return render_settings(page, talk.words, talk.view)
