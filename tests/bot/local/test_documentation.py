"""What docs/local-chat.md says is so."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

from bot.local.api import BotApi
from bot.local.methods import METHODS
from bot.local.people import Cast

if TYPE_CHECKING:
    from bot.local import LocalTelegram

PAGE = (Path(__file__).parents[3] / "docs" / "local-chat.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_every_method_is_named_and_no_other(server: LocalTelegram) -> None:
    table = PAGE[PAGE.index("| updates |") : PAGE.index("Any other method")]
    named = {name.lower() for name in re.findall(r"`(\w+)`", table)}
    assert named == {*METHODS, *BotApi(server.world, server.token)._delivering}


def test_the_cast_is_as_described() -> None:
    cast = Cast()
    named = {person.first_name: person.id for person in cast.people}
    named |= {group.title: group.id for group in (cast.group, cast.forum, cast.small_group)}
    for name, chat_id in named.items():
        assert re.search(rf"\| {re.escape(name)}.*\| {chat_id} \|", PAGE)
    assert cast.channel.title in PAGE


async def test_the_faults_can_be_ordered_as_shown(server: LocalTelegram) -> None:
    orders = EXAMPLES[1]
    exec(compile(orders, "local-chat.md", "exec"), {"server": server})  # noqa: S102 - the project's own page
    assert server.faults.left == orders.count("server.faults.") + 1


def test_the_other_example_calls_what_there_is(server: LocalTelegram) -> None:
    coroutine = compile(EXAMPLES[0], "local-chat.md", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    assert coroutine.co_flags & inspect.CO_COROUTINE
    for name in re.findall(r"server\.(\w+)", EXAMPLES[0]):
        assert hasattr(server, name)
