"""`wenxun evaluate --pinned`: the questions that are pinned in the chat, over the news as it is now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.cli import cli
from tests.installing import QUICK_ENCODER, installed

if TYPE_CHECKING:
    from click.testing import Result

DEAL = "GR1803的海外许可总额为7.12亿美元。"
FUND = "产业基金募集30亿元，期限8年。"


@pytest.fixture
def installation(tmp_path: Path, prepared: Path) -> dict[str, str]:
    news = tmp_path / "news"
    news.mkdir()
    (news / "deal.txt").write_text(DEAL, "utf-8")
    (news / "fund.txt").write_text(FUND, "utf-8")
    (news / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    return {
        "WENXUN_DATA": str(installed(prepared, tmp_path / "data")),
        "WENXUN_CORPUS": str(news),
        "WENXUN_WORKERS": "1",
        "WENXUN_ENCODER": QUICK_ENCODER,
    }


def evaluate(installation: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["evaluate", "--pinned", *arguments], env=installation, prog_name="wenxun")


def pin(installation: dict[str, str], question: str, origin: str, answer: str, **more: object) -> None:
    line = {
        "question": question,
        "origin": origin,
        "answer": answer,
        "document": origin,
        "asked": "2025-01-01",
    }
    with (Path(installation["WENXUN_CORPUS"]) / ".pins.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line | more, ensure_ascii=False) + "\n")


def test_all_that_find_their_document_are_reached(installation: dict[str, str]) -> None:
    pin(installation, "GR1803许可总额是多少", "deal.txt", DEAL)
    pin(installation, "产业基金募集多少", "moved.txt", FUND)
    result = evaluate(installation, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["set"], found["questions"], found["R@3"], found["lost"]) == ("pinned", 2, 1.0, [])
    assert found["wanted"] == [{"measure": "R@3", "at_least": 1.0, "value": 1.0, "reached": True}]
    assert evaluate(installation).exit_code == 0


def test_one_that_does_not_is_named_and_fails(installation: dict[str, str]) -> None:
    pin(installation, "GR1803许可总额是多少", "deal.txt", DEAL)
    pin(installation, "灯塔高多少米", "lighthouse.txt", "灯塔高39米。", title="灯塔")
    result = evaluate(installation)
    assert result.exit_code == 1
    assert result.stdout.endswith("not found: 灯塔高多少米 → 灯塔\n")
    found = json.loads(evaluate(installation, "--json").stdout)
    assert found["lost"] == [{"question": "灯塔高多少米", "document": "lighthouse.txt"}]


def test_without_pins_there_is_nothing_to_ask(installation: dict[str, str]) -> None:
    result = evaluate(installation)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "No question is pinned." in result.stderr


@pytest.mark.parametrize("beside", [["--every", "2"], ["--mix", "."], ["--suite", "suite.toml"], ["."]])
def test_what_does_not_go_with_it_is_wrong_usage(installation: dict[str, str], beside: list[str]) -> None:
    Path("suite.toml").write_text("", "utf-8")
    result = evaluate(installation, *beside)
    assert result.exit_code == 2
    assert "--pinned" in result.stderr
