"""Citations to copy: in the style of their readers, and never longer than Telegram copies."""

from dataclasses import replace
from datetime import date

import pytest

from bot.rendering.citations import MAX_COPY_UNITS, citation_text
from bot.rendering.fragments import utf16_units
from retrieval.answer import Citation
from tests.bot.answer_builders import build_citation

READ = date(2026, 1, 5)


def english(
    title: str | None, published: str | None, url: str | None = None, source: str | None = "Ledger"
) -> Citation:
    return replace(build_citation(title, source=source, published=published, url=url), language="en")


@pytest.mark.parametrize(
    ("citation", "said"),
    [
        (
            build_citation(
                "双抗药物出海", source="虚构财经", published="2025-12-16 08:35", url="https://n.example/1"
            ),
            "双抗药物出海[N/OL]. 虚构财经, 2025-12-16[2026-01-05]. https://n.example/1",
        ),
        (
            build_citation("双抗药物出海", source="虚构财经", published="2025-12"),
            "双抗药物出海[N]. 虚构财经, 2025-12.",
        ),
        (
            replace(build_citation(None, source=None, published=None), language="zh"),
            "[题名不详][N]. [出版者不详], [出版日期不详].",
        ),
        (
            english("A deal", "2025-12-16 08:35", "https://n.example/1"),
            "A deal. (2025, December 16). Ledger. https://n.example/1",
        ),
        (english("Why now?", "2025-12"), "Why now? (2025, December). Ledger."),
        (english("A deal", "2025"), "A deal. (2025). Ledger."),
        (english(None, None, source=None), "[Untitled]. (n.d.)."),
    ],
)
def test_a_citation_is_in_the_style_of_its_readers(citation: Citation, said: str) -> None:
    assert citation_text(citation, READ) == said


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("title", ["标" * 300, "😀" * 300, "א" * 300, "a\u0301" * 300, "\0\ud83d" * 200])
def test_a_long_title_is_shortened_before_the_address_is(language: str, title: str) -> None:
    url = "https://news.example/" + "u" * 80
    citation = replace(build_citation(title, source="源" * 200, url=url), language=language)
    text = citation_text(citation, READ)
    assert utf16_units(text) <= MAX_COPY_UNITS
    assert text.endswith(url)
    assert "…" in text
    text.encode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_address_that_leaves_no_room_is_left_out_whole(language: str) -> None:
    url = "https://news.example/" + "u" * 200
    text = citation_text(replace(build_citation("标" * 300, url=url), language=language), READ)
    assert utf16_units(text) <= MAX_COPY_UNITS
    assert "https" not in text
    assert text.startswith("标" * 40)


def test_a_short_title_keeps_its_long_address() -> None:
    url = "https://news.example/" + "u" * 170
    assert citation_text(build_citation("双抗", source="虚构财经", url=url), READ).endswith(url)


def test_no_link_is_made_of_what_is_no_address() -> None:
    assert "javascript" not in citation_text(build_citation(url="javascript:1"), READ)
