"""Write the pages that are made from the program: .env.example, docs/settings.md and docs/cli.md.

README.md and docs/telegram.md are written by hand but for their tables of commands.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli import cli
from bot.locale.catalogue import Catalogues
from bot.menu import COMMANDS, KEEPING, Scope
from bot.roles import Role
from bot.settings import Settings
from bot.variables import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
_WIDTH = 96
_MADE = "This page is made from the program (`python scripts/reference.py`) and checked by a test."

_LOCALES = {"en": "English", "zh": "Chinese"}
_COMMANDS = re.compile(r"(<!-- commands: [^\n]* -->)\n.*?(<!-- end of commands -->)", re.DOTALL)

_ENV_EXAMPLE = """\
# The settings of Wenxun. Copy this file to .env, and take the # away from the lines you want.
# A variable of the environment wins over a line here; an empty value counts as not set.
# `wenxun config` shows what is in effect and where it comes from.
"""

_SETTINGS_PAGE = f"""\
# Settings

Settings are environment variables, or lines `NAME=value` in a file `.env` (UTF-8) in the folder
that Wenxun is started in. A variable of the environment wins over a line in the file; an empty value
counts as not set. A relative path starts at the folder that Wenxun is started in.

`wenxun config` shows what is in effect and where it comes from, with secrets hidden. Wenxun tells all
wrong settings at once, with how to mend each, and does not start with any.

{_MADE}

| setting | what it is | default | example |
| --- | --- | --- | --- |
"""

_CLI_PAGE = f"""\
# The command line

What `wenxun --help` and `wenxun COMMAND --help` say.

{_MADE}

"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting as its reader needs it; `default` is empty where there is none."""

    name: str
    description: str
    default: str
    example: str


def entries() -> Iterator[Entry]:
    """Every setting, in the order of its class."""
    for name, field in Settings.model_fields.items():
        extra = field.json_schema_extra
        told = extra.get("default") if isinstance(extra, dict) else None
        default = str(told or ("" if field.default in (None, ()) else field.default))
        example = str((field.examples or [""])[0])
        yield Entry(f"{PREFIX}{name.upper()}", field.description or "", default, example)


def env_example() -> str:
    """The text of `.env.example`: every setting, none in effect."""
    return _ENV_EXAMPLE + "".join(
        "\n".join(
            [
                "",
                *textwrap.wrap(entry.description, _WIDTH, initial_indent="# ", subsequent_indent="# "),
                f"# Default: {entry.default or 'none'}",
                f"#{entry.name}={entry.example}",
                "",
            ]
        )
        for entry in entries()
    )


def settings_page() -> str:
    """The text of `docs/settings.md`."""
    return _SETTINGS_PAGE + "".join(
        f"| `{entry.name}` | {entry.description} | {_cell(entry.default)} | `{entry.example}` |\n"
        for entry in entries()
    )


def _cell(default: str) -> str:
    if not default:
        return "none"
    return default if " " in default else f"`{default}`"


def cli_page() -> str:
    """The text of `docs/cli.md`: what `--help` says, for the program and each of its commands."""
    whole = _context(cli, "wenxun", None)
    sections = [_help(cli, whole)]
    for name in cli.list_commands(whole):
        command = cli.get_command(whole, name)
        if command is not None:
            sections.append(f"\n## wenxun {name}\n\n{_help(command, _context(command, name, whole))}")
    return _CLI_PAGE + "".join(sections)


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    return click.Context(command, parent, name, terminal_width=_WIDTH, help_option_names=["-h", "--help"])


def _help(command: click.Command, context: click.Context) -> str:
    lines = [line.rstrip() for line in command.get_help(context).splitlines()]
    return "\n".join(["```text", *lines, "```", ""])


def commands_table(*locales: str) -> str:
    """The commands as a Markdown table: what each does in the given locales, and where it is offered."""
    words = [Catalogues.load().words[locale] for locale in locales]
    names = [_LOCALES[locale] for locale in locales] if len(locales) > 1 else ["what it does"]
    rows = [("command", *names, "offered in"), ("---",) * (len(names) + 2)]
    for command in COMMANDS:
        said = (each.gettext(command.description) for each in words)
        scopes = ", ".join(scope for scope in Scope if scope in command.scopes)
        rows.append((f"`/{command.name}`", *said, scopes))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def keeping_table() -> str:
    """The commands of those who keep the news, as a Markdown table."""
    english, chinese = (Catalogues.load().words[locale] for locale in ("en", "zh"))
    rows: list[tuple[str, ...]] = [("command", _LOCALES["en"], _LOCALES["zh"], "who may"), ("---",) * 4]
    for command in KEEPING:
        who = "administrators" if command.role is Role.ADMINISTRATOR else "editors, administrators"
        said = (each.gettext(command.description) for each in (english, chinese))
        rows.append((f"`/{command.name}`", *said, who))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def with_table(text: str, table: str) -> str:
    """A page with its table of commands renewed.

    Raises:
        ValueError: the page does not have exactly one place for it.
    """
    renewed, places = _COMMANDS.subn(lambda match: f"{match[1]}\n\n{table}\n{match[2]}", text)
    if places != 1:
        msg = f"there are {places} tables of commands on the page"
        raise ValueError(msg)
    return renewed


def readme() -> str:
    """The text of `README.md`, with the commands as they are."""
    return with_table((ROOT / "README.md").read_text(encoding="utf-8"), commands_table("en"))


def telegram_page() -> str:
    """The text of `docs/telegram.md`, with the commands as they are."""
    page = (ROOT / "docs" / "telegram.md").read_text(encoding="utf-8")
    return with_table(page, commands_table("en", "zh"))


def administration_page() -> str:
    """The text of `docs/administration.md`, with the commands as they are."""
    return with_table((ROOT / "docs" / "administration.md").read_text(encoding="utf-8"), keeping_table())


PAGES = {
    ".env.example": env_example,
    "docs/settings.md": settings_page,
    "docs/cli.md": cli_page,
    "README.md": readme,
    "docs/telegram.md": telegram_page,
    "docs/administration.md": administration_page,
}


def main() -> None:
    """Write the pages into the checkout."""
    for name, text in PAGES.items():
        (ROOT / name).write_text(text(), encoding="utf-8")
        print(f"wrote {name}")


if __name__ == "__main__":
    main()
