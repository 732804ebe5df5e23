"""The settings of a chat as a message whose buttons change them, and what these buttons carry.

The data is `set:name:value`: `set:lang:zh_Hant`, `set:zone:Asia/Shanghai`, `set:excerpts:3`,
`set:order:newest`, `set:askers:admins`, `set:quiet:1320-420` (minutes of the day),
`set:corrections:off`; `set:lang`, `set:zone` and `set:quiet` open a page to choose from, and
`set:home` leads back. A button shows the state it leads to, so it never gets outdated.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from bot.chats import Askers, ChatSettings, Choices
from bot.locale.catalogue import LOCALES, N_
from bot.rendering.citation import one_line
from bot.rendering.fragments import bold, joined, plain
from bot.rendering.message import Button, Message
from bot.rendering.plans import zone_name
from bot.rendering.quiet_hours import OFF, hours_text, quiet_choice, render_quiet_hours
from bot.zones import COMMON
from retrieval.answer import Order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.locale.catalogue import Words
    from bot.rendering.dates import View

PREFIX = "set:"
MOST_EXCERPTS = 5
LANGUAGE_NAMES = {"zh": "简体中文", "zh_Hant": "繁體中文", "en": "English"}
"""What speakers of a language call it; the same whoever reads it."""

AUTOMATIC = "auto"
_A_ROW = 2
_NAME_UNITS = 64

_CHOSEN = "✓ "
_ORDERS = {Order.BEST: N_("⭐ best first"), Order.NEWEST: N_("🕒 newest first")}
_ASKERS = {Askers.EVERYONE: N_("everyone"), Askers.ADMINS: N_("only administrators")}
_FIXED: Mapping[tuple[str, str], Choices] = {
    **{("order", order.value): Choices(order=order) for order in Order},
    **{("askers", askers.value): Choices(askers=askers) for askers in Askers},
    ("corrections", "on"): Choices(corrections=None),
    ("corrections", OFF): Choices(corrections=False),
}


class Screen(StrEnum):
    """The pages of the settings."""

    HOME = "home"
    LANGUAGE = "lang"
    ZONE = "zone"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """What a page of the settings shows.

    Attributes:
        settings: what the chat has chosen.
        zone: the time zone in effect.
        excerpts: how many excerpts are in effect.
        is_group: whether it is a group: only then it matters who may ask.
        may_change: whether the reader may change anything; a group's settings are its administrators'.
    """

    settings: ChatSettings
    zone: ZoneInfo
    excerpts: int
    is_group: bool = False
    may_change: bool = True


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of the settings: the page to show, and what to change before; empty if nothing."""

    screen: Screen
    choices: Choices


def parse(data: str) -> Pressed | None:
    """What a button's data says; None if it is none of these or names no value there is."""
    if not data.startswith(PREFIX):
        return None
    name, _, value = data.removeprefix(PREFIX).partition(":")
    if not value:
        return Pressed(Screen(name), Choices()) if name in set(Screen) else None
    choices = quiet_choice(value) if name == Screen.QUIET else _choices(name, value)
    return None if choices is None else Pressed(Screen.HOME, choices)


def zone_typed(arguments: str) -> str | None:
    """The zone that a reader names after the command: "zone Asia/Tokyo"; None if it is not about a zone."""
    first, _, rest = arguments.strip().partition(" ")
    if first.casefold() in {"zone", "timezone", "时区", "時區"}:
        return rest.strip()
    return None


def render_settings(page: SettingsPage, words: Words, view: View) -> Message:
    """All settings with their values, and the buttons that change them."""
    title = words.gettext("This group's settings") if page.is_group else words.gettext("Settings")
    lines = joined("\n", map(plain, _values(page, words, view)))
    if page.is_group and not page.may_change:
        note = plain(words.gettext("Only administrators of the group can change them."))
    else:
        note = plain(words.gettext("Press a button to change what it says."))
    html = joined("\n\n", (bold(plain(title)), lines, note)).html
    return Message(html, tuple(_home_rows(page, words)) if page.may_change else ())


def render_languages(page: SettingsPage, words: Words) -> Message:
    """The languages to choose from."""
    chosen = page.settings.language
    text = words.gettext(
        "Which language should I speak here? News is quoted in the language it was written in."
    )
    automatic = words.gettext("automatic, as in your Telegram")
    if page.is_group:
        automatic = words.gettext("automatic, as in the Telegram of whoever asks")
    rows = [
        (_button(LANGUAGE_NAMES[locale], "lang", locale, chosen=chosen == locale),)
        for locale in ("zh", "zh_Hant", "en")
        if locale in LOCALES
    ]
    return Message(
        plain(text).html,
        ((_button(automatic, "lang", AUTOMATIC, chosen=chosen is None),), *rows, _back(words)),
    )


def render_zones(page: SettingsPage, words: Words, view: View) -> Message:
    """The common time zones to choose from, and how to name any other."""
    chosen = page.settings.zone
    text = joined(
        "\n\n",
        (
            plain(words.gettext("In which time zone do you read? “Today” and times of day go by it.")),
            plain(
                words.gettext("Is yours not here? Write for example: {example}").format(
                    example=words.gettext("/settings zone Kolkata")
                )
            ),
        ),
    )
    buttons = [_button(zone_name(zone, words, view), "zone", zone, chosen=chosen == zone) for zone in COMMON]
    automatic = _button(words.gettext("automatic"), "zone", AUTOMATIC, chosen=chosen is None)
    rows = (tuple(buttons[start : start + _A_ROW]) for start in range(0, len(buttons), _A_ROW))
    return Message(text.html, (*rows, (automatic, *_back(words))))


def render_quiet(page: SettingsPage, words: Words) -> Message:
    """The quiet hours to choose from."""
    return render_quiet_hours(page.settings.quiet, f"{PREFIX}{Screen.QUIET}:", _back(words), words)


def render_unknown_zone(name: str, words: Words) -> Message:
    """The reply to a time zone that there is not."""
    text = words.gettext(
        "I know no time zone “{name}”. Write a city or an IANA name, for example: {first} or {second}"
    )
    said = text.format(
        name=one_line(name, _NAME_UNITS),
        first="/settings zone Asia/Tokyo",
        second=words.gettext("/settings zone Beijing"),
    )
    return Message(plain(said).html)


def _values(page: SettingsPage, words: Words, view: View) -> Iterator[str]:
    settings = page.settings
    language = words.gettext("automatic")
    if settings.language is not None:
        language = LANGUAGE_NAMES.get(settings.language, settings.language)
    yield "🌐 " + words.gettext("Language: {value}").format(value=language)
    now = view.now.astimezone(page.zone).strftime("%H:%M")
    zone = words.gettext("{zone}, now {time}").format(zone=zone_name(page.zone.key, words, view), time=now)
    yield "🕗 " + words.gettext("Time zone: {value}").format(value=zone)
    yield "📄 " + words.gettext("Excerpts in an answer: {value}").format(value=page.excerpts)
    order = words.gettext(_ORDERS[settings.order])
    yield "↕️ " + words.gettext("Order: {value}").format(value=order)
    quiet = words.gettext("none") if settings.quiet is None else hours_text(settings.quiet)
    yield "🌙 " + words.gettext("Quiet hours: {value}").format(value=quiet)
    corrections = words.gettext("yes") if settings.corrections else words.gettext("no")
    yield "📝 " + words.gettext("Tell of corrections: {value}").format(value=corrections)
    if page.is_group:
        askers = words.gettext(_ASKERS[settings.askers])
        yield "👥 " + words.gettext("Who may ask: {value}").format(value=askers)


def _home_rows(page: SettingsPage, words: Words) -> Iterator[tuple[Button, ...]]:
    settings = page.settings
    yield (
        Button("🌐 " + words.gettext("Language ▸"), f"{PREFIX}{Screen.LANGUAGE}"),
        Button("🕗 " + words.gettext("Time zone ▸"), f"{PREFIX}{Screen.ZONE}"),
    )
    yield tuple(
        _button(str(count), "excerpts", str(count), chosen=page.excerpts == count)
        for count in range(1, MOST_EXCERPTS + 1)
    )
    yield tuple(
        _button(words.gettext(said), "order", order.value, chosen=settings.order is order)
        for order, said in _ORDERS.items()
    )
    told = words.gettext("📝 no corrections") if settings.corrections else words.gettext("📝 corrections")
    yield (
        Button("🌙 " + words.gettext("Quiet hours ▸"), f"{PREFIX}{Screen.QUIET}"),
        Button(told, f"{PREFIX}corrections:{OFF if settings.corrections else 'on'}"),
    )
    if page.is_group:
        yield tuple(
            _button(words.gettext(said), "askers", askers.value, chosen=settings.askers is askers)
            for askers, said in _ASKERS.items()
        )


def _button(label: str, name: str, value: str, *, chosen: bool) -> Button:
    return Button(f"{_CHOSEN if chosen else ''}{label}", f"{PREFIX}{name}:{value}")


def _back(words: Words) -> tuple[Button, ...]:
    return (Button(words.gettext("◀ All settings"), f"{PREFIX}{Screen.HOME}"),)


def _choices(name: str, value: str) -> Choices | None:
    """What `name:value` chooses; None if there is no such setting or value."""
    automatic = value == AUTOMATIC
    if name == Screen.LANGUAGE and (automatic or value in LOCALES):
        return {"language": None if automatic else value}
    if name == Screen.ZONE and (automatic or _is_zone(value)):
        return {"zone": None if automatic else value}
    if name == "excerpts" and value in map(str, range(1, MOST_EXCERPTS + 1)):
        return {"excerpts": int(value)}
    return _FIXED.get((name, value))


def _is_zone(name: str) -> bool:
    # Names without a slash ("Factory", "localtime") may be no place that could be named.
    return name in COMMON or ("/" in name and name in available_timezones())
