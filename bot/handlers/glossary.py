"""`/glossary`: the corpus's own terms, listed, added and removed; a change counts at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import Message as TelegramMessage
from telegram import MessageEntity

from bot.errors import CannotKeep
from bot.handlers.addressing import command_argument
from bot.keeping.glossary_file import NoTerm, Term, read_names, read_term
from bot.rendering import glossary as rendering
from bot.rendering.glossary import PAGE, PREFIX, Act, Page, parse
from bot.rendering.notices import DEAD_BUTTON
from bot.roles import Role

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.rendering.message import Message
    from bot.talk import Talk

_ADD = frozenset({"add", "添加", "增加", "新增"})


async def glossary(desk: Desk, talk: Talk) -> None:
    """`/glossary`; `/glossary add names = names`; `/glossary text` shows the terms with a text."""
    message = talk.update.message
    said = command_argument(message) if message is not None else ""
    first, _, rest = said.partition(" ")
    if first.casefold() not in _ADD:
        # Whoever leaves out "add" means it, if there are names.
        shown = await (
            _added(desk, talk, said) if "=" in said or "＝" in said else _page(desk, talk, 0, said)
        )
        await talk.reply(shown)
    elif "=" in rest or "＝" in rest or "\t" in rest or not rest.strip():
        await talk.reply(await _added(desk, talk, rest))
    else:
        await offer_term(desk, talk, rest)


async def offer_term(_desk: Desk, talk: Talk, term: str) -> None:
    """Ask for the other names of a term; who replies to the question adds it to the glossary."""
    await talk.reply(rendering.render_prompt(term, talk.words))


async def reply_to_glossary(desk: Desk, talk: Talk, said: str) -> bool:
    """Take the names in reply to `offer_term`; False if a message is no such reply."""
    message = talk.update.message
    replied = message.reply_to_message if message is not None else None
    if replied is None or not said or not _is_prompt(replied, talk):
        return False
    if not await desk.gate.allows(talk, Role.EDITOR):
        return False
    name = next(iter(replied.parse_entities([MessageEntity.CODE]).values()), "")
    try:
        term = read_names(name, said)
    except NoTerm as error:
        await talk.reply(rendering.render_refused(error.flaw, talk.words))
    else:
        await talk.reply(await _kept(desk, talk, term))
    return True


async def press_glossary(desk: Desk, talk: Talk, data: str) -> None:
    """A pressed button about the glossary."""
    pressed = parse(f"{PREFIX}{data}")
    if pressed is None:
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
    elif pressed.act is Act.LEAVE:
        await talk.acknowledge()
        await talk.replace(rendering.render_said(rendering.LEFT, talk.words))
    elif pressed.act is Act.SHOW:
        await talk.acknowledge()
        await talk.replace(await _page(desk, talk, pressed.number))
    elif pressed.act is Act.DROP:
        await _drop(desk, talk, pressed.term, pressed.number)
    else:
        await _put_back(desk, talk, pressed.number)


def _is_prompt(replied: TelegramMessage, talk: Talk) -> bool:
    markup = replied.reply_markup
    if replied.from_user is None or replied.from_user.id != talk.bot.id or markup is None:
        return False
    buttons = (button.callback_data for row in markup.inline_keyboard for button in row)
    return any(data == f"{PREFIX}{Act.LEAVE}" for data in buttons)


async def _added(desk: Desk, talk: Talk, said: str) -> Message:
    try:
        return await _kept(desk, talk, read_term(said))
    except NoTerm as error:
        return rendering.render_refused(error.flaw, talk.words)


async def _kept(desk: Desk, talk: Talk, term: Term) -> Message:
    try:
        if not await desk.glossary.add(term):
            return rendering.render_said(rendering.KNOWN, talk.words)
    except CannotKeep:
        return rendering.render_said(rendering.CANNOT_KEEP, talk.words)
    await desk.audit.note(talk.user_id, "term_added", _detail(term))
    return rendering.render_added(term, talk.words)


async def _drop(desk: Desk, talk: Talk, term_id: str, offset: int) -> None:
    try:
        dropped = await desk.glossary.remove(term_id)
    except CannotKeep:
        await talk.acknowledge(talk.words.gettext(rendering.CANNOT_KEEP), alert=True)
        return
    await talk.acknowledge(None if dropped is not None else talk.words.gettext(rendering.GONE))
    entry = None
    if dropped is not None:
        entry = await desk.audit.note(talk.user_id, "term_removed", _detail(dropped))
    await talk.replace(await _page(desk, talk, offset, undo=entry))


async def _put_back(desk: Desk, talk: Talk, entry_id: int) -> None:
    entry = await desk.audit.get(entry_id)
    names = entry.detail.get("names") if entry is not None and entry.deed == "term_removed" else None
    if entry is None or entry.undone is not None or not isinstance(names, list):
        await talk.acknowledge(talk.words.gettext(DEAD_BUTTON))
        return
    try:
        await desk.glossary.add(Term.of(map(str, names)))
    except (CannotKeep, NoTerm):
        await talk.acknowledge(talk.words.gettext(rendering.CANNOT_KEEP), alert=True)
        return
    await talk.acknowledge()
    await desk.audit.note_undone(entry.id)
    await talk.replace(await _page(desk, talk, 0))


async def _page(desk: Desk, talk: Talk, offset: int, about: str = "", undo: int | None = None) -> Message:
    try:
        whole = await desk.glossary.terms()
    except CannotKeep:
        return rendering.render_said(rendering.CANNOT_KEEP, talk.words)
    newest = (whole.about(about) if about else whole.terms)[::-1]
    if offset >= len(newest):  # they were more when the button was made
        offset = max(0, (len(newest) - 1) // PAGE * PAGE)
    page = Page(newest[offset : offset + PAGE], offset, len(newest), whole.unusable, about)
    return rendering.render_glossary(page, talk.words, undo)


def _detail(term: Term) -> dict[str, list[str]]:
    return {"names": list(term.names)}
