"""The direction of imports and the size of modules, over every file by its syntax tree."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
# What each package may import of the project, and of the libraries that are one package's business.
MAY_IMPORT = {
    "corpus": {"corpus"},
    "retrieval": {"corpus", "retrieval"},
    "bot": {"corpus", "retrieval", "bot"},
}
BUSINESS_OF = {"telegram": "bot", "jieba": "retrieval", "rank_bm25": "retrieval", "tantivy": "retrieval"}
LONGEST = 400

MODULES = sorted(path.relative_to(ROOT) for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))


def imported(source: str) -> Iterator[tuple[int, str]]:
    """The line and top-level name of every import, wherever it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." if node.level else (node.module or "").partition(".")[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            for name in ast.walk(node):
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    yield node.lineno, name.value.partition(".")[0]


def forbidden(package: str, source: str) -> list[str]:
    """The imports that a module of `package` should not have."""
    found = []
    for line, name in imported(source):
        if name == ".":
            found.append(f"line {line}: a relative import")
        elif name in MAY_IMPORT and name not in MAY_IMPORT[package]:
            found.append(f"line {line}: {package} imports {name}")
        elif BUSINESS_OF.get(name, package) != package:
            found.append(f"line {line}: only {BUSINESS_OF[name]} imports {name}")
        elif name in {"tests", "scripts", "bench"}:
            found.append(f"line {line}: {name} is not installed")
    return found


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 20


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_imports_in_the_right_direction(module: Path) -> None:
    assert forbidden(module.parts[0], (ROOT / module).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_is_short_and_says_what_it_owns(module: Path) -> None:
    source = (ROOT / module).read_text(encoding="utf-8")

    assert len(source.splitlines()) <= LONGEST
    assert ast.get_docstring(ast.parse(source)), "the first line of a module says what it owns"
    assert module.stem not in {"utils", "util", "helpers", "common", "manager", "misc"}


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("corpus", "import retrieval"),
        ("corpus", "from bot.settings import Settings"),
        ("retrieval", "import bot.app as x"),
        ("retrieval", "def f():\n    from telegram import Bot"),
        ("retrieval", "if TYPE_CHECKING:\n    import telegram.ext"),
        ("corpus", "importlib.import_module('telegram')"),
        ("corpus", "import_module(name=f'bot.commands.{x}')"),
        ("bot", "import jieba"),
        ("bot", "from . import settings"),
        ("bot", "import tests.builders"),
    ],
)
def test_the_rule_sees_every_way_to_import(package: str, source: str) -> None:
    assert len(forbidden(package, source)) == 1


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("corpus", "import corpus.model"),
        ("retrieval", "import jieba, corpus"),
        ("bot", "import telegram, retrieval"),
    ],
)
def test_the_rule_lets_the_right_direction_pass(package: str, source: str) -> None:
    assert forbidden(package, source) == []
