"""Where settings are written down: the variables of the environment and of the file `.env`."""

from __future__ import annotations

import difflib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dotenv import dotenv_values
from dotenv.parser import Original, parse_stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

PREFIX = "WENXUN_"

Origin = Literal["environment", ".env"]


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable with a value, and where it stands."""

    name: str
    value: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables by setting name (lower case, without the prefix), and what is wrong with them."""

    found: Mapping[str, Variable]
    problems: tuple[str, ...]

    @property
    def values(self) -> dict[str, str]:
        """The texts by setting name."""
        return {name: variable.value for name, variable in self.found.items()}


def read_variables(environ: Mapping[str, str], env_file: Path | None, known: Iterable[str]) -> Variables:
    """Read the settings' variables; the environment wins over the file, an empty value counts as unset.

    Args:
        environ: the environment.
        env_file: the file `.env`; it need not exist.
        known: the names of the settings there are, lower case and without the prefix.
    """
    settings = {f"{PREFIX}{name.upper()}": name for name in known}
    written, problems = _read_file(env_file)
    stray = [name for name in written if f"{PREFIX}{name.upper()}" in settings]
    problems += [f"{env_file}: {name} is not read. Write {PREFIX}{name.upper()}." for name in stray]
    found: dict[str, Variable] = {}
    sources: tuple[tuple[Origin, Mapping[str, str]], ...] = ((".env", written), ("environment", environ))
    for origin, variables in sources:
        for spelling, text in variables.items():
            name, value = spelling.upper(), text.strip()
            if not name.startswith(PREFIX) or not value:
                continue
            if name in settings:
                found[settings[name]] = Variable(name, value, origin)
            else:
                problems.append(_unknown(name, origin, settings))
    return Variables(found, tuple(problems))


def _unknown(name: str, origin: Origin, settings: Iterable[str]) -> str:
    place = f" (in {origin})" if origin == ".env" else ""
    endings = [setting.removeprefix(PREFIX) for setting in settings]
    close = difflib.get_close_matches(name.removeprefix(PREFIX), endings, n=1, cutoff=0.65)
    mend = f"Did you mean {PREFIX}{close[0]}?" if close else "Remove it; .env.example lists those there are."
    return f"{name}: there is no such setting{place}. {mend}"


def _read_file(path: Path | None) -> tuple[dict[str, str], list[str]]:
    if path is None or not path.exists():
        return {}, []
    if path.is_dir():
        return {}, [f"{path}: is a folder. It must be a text file, or not be there."]
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return {}, [f"{path}: is not UTF-8 text. Save it again with the encoding UTF-8."]
    except OSError as error:
        return {}, [f"{path}: cannot be read ({error.strerror}). Make it readable for whoever runs Wenxun."]
    problems = [
        f"{path}, line {_line(binding.original)}: is not of the form NAME=value. Mend it, or start it with #."
        for binding in parse_stream(io.StringIO(text))
        if binding.error
    ]
    if problems:
        return {}, problems
    values = dotenv_values(stream=io.StringIO(text), interpolate=False)
    return {name: value for name, value in values.items() if value is not None}, []


def _line(original: Original) -> int:
    """The line of a statement; the parser counts the empty lines before it as part of it."""
    text = original.string
    return original.line + text[: len(text) - len(text.lstrip())].count("\n")
