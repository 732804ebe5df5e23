"""The sample news: every file reads as it was meant, and answers what it should."""

from __future__ import annotations

import hashlib
import io
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import docx
import pypdf
import pytest

from corpus.language import language_of
from corpus.reading import ReadOptions, news_files, read_documents
from scripts.make_sample_binaries import BUILDERS, articles

if TYPE_CHECKING:
    from corpus.model import Document
    from scripts.make_sample_binaries import Article

ROOT = Path(__file__).resolve().parents[2]
NEWS = ROOT / "corpus" / "news"
SEED = "2025-12-16-chongqing-biocity.txt"
SEED_SHA256 = "aad6904aeae09bf592973e45a04cd555837b6d3637758a76ad6de0c1d504cb9e"

WIRE, LEDGER, LETTER = "Specimen Biotech Wire", "The Imaginary Ledger", "Sample Pharma Letter"
XUGOU, DAILY, AGENCY, EVENING = "虚构财经", "样刊日报", "范例新闻社", "云汐晚报"


class Meant(NamedTuple):
    """One document as it was meant: origin, part of the title, source, date, language, least passages."""

    origin: str
    title: str
    source: str | None
    date: str | None
    language: str
    passages: int


MEANT = (
    Meant("2024-03-12-pc301-ind.txt", "PC-301获批", DAILY, "2024-03-12 15:10", "zh", 2),
    Meant("2024-06-19-pc301-first-patient.md", "First patient dosed", WIRE, "2024-06-19", "en", 2),
    Meant("2024-08-01-policy-draft.pdf", "公开征求意见", AGENCY, "2024-08-01 10:00", "zh", 2),
    Meant("2024-09-11-hd27-phase3.md", "HD-27 meets its goal", LEDGER, "2024-09-11 07:30", "en", 2),
    Meant("2024-10-22-industry-fund.md", "30亿元生物医药产业基金", XUGOU, "2024-10-22 14:15", "zh", 2),
    Meant("2024-11-04-quillfeather-saltmarsh.txt", "for $1.4 billion", WIRE, "2024-11-04 06:15", "en", 2),
    Meant("2024-12-18-policy-adopted-en.docx", "drops a bonus", LEDGER, "2024-12-18 19:10", "en", 2),
    Meant("2024-12-18-policy-adopted.docx", "3月1日起施行", AGENCY, "2024-12-18 17:30", "zh", 2),
    Meant("2024-2025-wire-digest.jsonl", "递交HD-27上市申请", DAILY, "2024-12-20 16:00", "zh", 1),
    Meant("2024-2025-wire-digest.jsonl", "Quillfeather cuts its offer", WIRE, "2025-01-27 06:30", "en", 1),
    Meant("2024-2025-wire-digest.jsonl", "拟募资12亿元", XUGOU, "2025-06-30 20:10", "zh", 1),
    Meant("2024-2025-wire-digest.jsonl", "PC-301 phase II", LETTER, "2025-09-16 22:00", "en", 1),
    Meant("2024-2025-wire-digest.jsonl", "通过上市委员会审议", XUGOU, "2025-10-14 18:45", "zh", 1),
    Meant("2025-01-09-yunxi-financing-q4.txt", "四季度融资18.6亿元", XUGOU, "2025-01-09 09:30", "zh", 2),
    Meant("2025-02-20-pc301-phase1.pdf", "41% of patients", WIRE, "2025-02-20 07:00", "en", 2),
    Meant("2025-03-01-policy-in-force.md", "今起施行", AGENCY, "2025-03-01 18:20", "zh", 2),
    Meant("2025-03-28-zy09-failure-en.md", "ZY-09 fails", WIRE, "2025-03-28 06:50", "en", 2),
    Meant("2025-03-28-zy09-failure-zh.txt", "股价跌43%", XUGOU, "2025-03-28 16:30", "zh", 2),
    Meant("2025-03-31-zy09-correction.html", "Correction", WIRE, "2025-03-31 11:20", "en", 2),
    Meant("2025-04-10-yunxi-financing-q1.html", "一季度融资21.3亿元", XUGOU, "2025-04-10 09:00", "zh", 2),
    Meant("2025-04-16-quillfeather-closing.md", "完成对盐沼生物的收购", DAILY, "2025-04-16", "zh", 2),
    Meant("2025-04-22-yunxi-financing-correction.md", "更正", XUGOU, "2025-04-22 17:40", "zh", 2),
    Meant("2025-05-20-pc301-licence-en.html", "$60 million upfront", WIRE, "2025-05-20 09:40", "en", 2),
    Meant("2025-05-20-pc301-licence-zh.md", "最高9.18亿美元", XUGOU, "2025-05-20 08:05", "zh", 2),
    Meant("2025-07-08-yunxi-financing-q2.txt", "26.4亿元", "Xu Gou Cai Jing", "2025-07-08 08:20", "en", 7),
    Meant("2025-07-15-zhuying-plan.json", "裁员三成", DAILY, "2025-07-15 14:20", "zh", 2),
    Meant("2025-08-15-hd27-approval.pdf", "HD-27获批上市", XUGOU, "2025-08-15 11:30", "zh", 2),
    Meant("2025-10-10-yunxi-financing-q3.txt", "24.9亿元", "Xu Gou Cai Jing", "2025-10-10 08:15", "zh", 7),
    Meant("2025-11-06-hd27-price-talks.html", "医保谈判名单", EVENING, "2025-11-06 18:00", "zh", 2),
    Meant("2025-11-20-papercrane-debut.html", "二百一十五倍", "示例證券報", "2025-11-20 18:30", "zh", 2),
    Meant("2025-11-20-papercrane-listing.txt", "收涨37%", "Xu Gou Cai Jing", "2025-11-20 17:05", "en", 8),
    Meant("2025-12-05-hd27-reimbursement.docx", "61% discount", LETTER, "2025-12-05 20:00", "en", 2),
    Meant(SEED, "驶入“快车道”", "Xin Hua Cai Jing", "2025-12-16 08:35", "en", 9),
    Meant("2025-12-22-cell-therapy-cost.md", "costs more than a flat", None, "2025-12-22", "en", 2),
    Meant("2026-01-02-hd27-new-price.txt", "执行医保新价", EVENING, "2026-01-02 19:45", "zh", 2),
    Meant("2026-01-12-yunxi-financing-2025.docx", "103.2亿元", XUGOU, "2026-01-12 09:15", "zh", 2),
    Meant("2026-01-20-industry-fund-grows.docx", "5 billion yuan", WIRE, "2026-01-20 14:30", "en", 2),
    Meant("2026-03-05-policy-first-year.txt", "施行一年", "Fan Li Xin Wen She", "2026-03-05 09:40", "zh", 7),
    Meant(
        "2026-03-18-pc301-phase3.md", "三期临床", "双语样刊 Bilingual Specimen", "2026-03-18 10:00", "zh", 2
    ),
    Meant("2026-06-18-index-trad.md", "上半年升兩成", "假想資本週報", "2026-06-18 16:45", "zh", 2),
    Meant("2026-07-09-yunxi-financing-q2.txt", "35.8亿元", "Xu Gou Cai Jing", "2026-07-09 08:25", "en", 7),
    Meant("2026-08-11-pc301-milestone.html", "2500万美元", DAILY, "2026-08-11 12:10", "zh", 2),
    Meant("2026-imaginary-ledger.atom", "HD-27 sells", LEDGER, "2026-07-28 07:15", "en", 1),
    Meant("2026-imaginary-ledger.atom", "RSV疫苗", LEDGER, "2026-09-10 09:30", "zh", 1),
    Meant("2026-imaginary-ledger.atom", "widens its fast lane", LEDGER, "2026-10-08 17:20", "en", 1),
    Meant("2026-sample-pharma-letter.rss", "Loomwork raises", LETTER, "2026-02-25 09:00", "en", 1),
    Meant("2026-sample-pharma-letter.rss", "一季度融资28.5亿元", LETTER, "2026-04-09 10:30", "zh", 1),
    Meant("2026-sample-pharma-letter.rss", "单日跌12.3%", LETTER, "2026-05-14 16:40", "zh", 1),
    Meant("2026-sample-pharma-letter.rss", "60,000 litres", LETTER, "2026-06-30 08:00", "en", 1),
    Meant("reading-a-licensing-deal.txt", "怎样读懂一笔对外授权", "虚构财经·小词典", None, "zh", 2),
)


@cache
def documents(origin: str) -> tuple[Document, ...]:
    return tuple(read_documents(NEWS, origin, ReadOptions()))


def all_documents() -> list[Document]:
    return [document for origin in news_files(NEWS) for document in documents(origin)]


def texts(origin: str) -> list[str]:
    return [passage.text for document in documents(origin) for passage in document.passages]


def test_seed_is_kept_byte_for_byte() -> None:
    assert hashlib.sha256((NEWS / SEED).read_bytes()).hexdigest() == SEED_SHA256


@pytest.mark.parametrize("meant", MEANT, ids=lambda meant: f"{meant.origin}:{meant.title}")
def test_document_reads_as_it_was_meant(meant: Meant) -> None:
    (document,) = [found for found in documents(meant.origin) if meant.title in (found.title or "")]
    # Seconds are told where a format always has them, so the dates are compared to the minute.
    date = str(document.published)[:16] if document.published else None
    assert (document.source, date, document.language) == (meant.source, meant.date, meant.language)
    assert len(document.passages) >= meant.passages


def test_nothing_else_is_in_the_folder() -> None:
    assert sorted(meant.origin for meant in MEANT) == [document.origin for document in all_documents()]


def test_there_is_enough_of_everything() -> None:
    everything = all_documents()
    languages = [document.language for document in everything]
    endings = {Path(document.origin).suffix for document in everything}
    days = sorted(str(document.published)[:10] for document in everything if document.published)
    assert len(everything) >= 40
    assert languages.count("zh") >= len(everything) * 0.45
    assert languages.count("en") >= len(everything) / 3
    assert {".txt", ".md", ".html", ".pdf", ".docx", ".jsonl", ".json", ".rss", ".atom"} <= endings
    assert (days[0][:4], days[-1][:7]) == ("2024", "2026-10")
    assert len({document.id for document in everything}) == len(everything)


def test_articles_are_short_and_in_one_piece() -> None:
    """No article is lost in reading: each keeps 200 characters of Chinese or 100 words of English."""
    for document in all_documents():
        text = "\n".join(passage.text for passage in document.passages)
        size = len(text) if document.language == "zh" else len(text.split()) * 2
        assert 200 <= size <= 1000, (document.origin, document.title, size)


def test_pages_leave_their_surroundings_behind() -> None:
    for origin in news_files(NEWS):
        if origin.endswith(".html"):
            text = "\n".join(texts(origin))
            assert not re.search(
                "首页|首頁|热门文章|十个升职技巧|Subscribe|仅供演示|僅供示範|demonstration", text
            )


def test_two_pages_are_in_old_encodings() -> None:
    for origin, encoding in (
        ("2025-11-06-hd27-price-talks.html", "gb18030"),
        ("2025-11-20-papercrane-debut.html", "big5"),
    ):
        data = (NEWS / origin).read_bytes()
        assert f"charset={encoding}" in data.decode(encoding)
        with pytest.raises(UnicodeDecodeError):
            data.decode()


def test_addresses_are_in_reserved_domains() -> None:
    hosts = {urlsplit(document.url).hostname for document in all_documents() if document.url}
    assert hosts == {"news.example", "wire.example"}


@pytest.mark.parametrize("article", list(articles()), ids=lambda article: article.name)
def test_built_files_say_what_their_texts_say(article: Article) -> None:
    committed = (NEWS / article.name).read_bytes()
    built = BUILDERS[article.format](article)
    assert _content(committed, article.format) == _content(built, article.format)
    assert built == BUILDERS[article.format](article)
    squeezed = re.sub(r"\s", "", _content(committed, article.format))
    for block in article.blocks:
        assert re.sub(r"\s", "", block.text) in squeezed
    assert len(committed) < 150_000


def _content(data: bytes, kind: str) -> str:
    stream = io.BytesIO(data)
    if kind == "pdf":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(stream).pages)
    document = docx.Document(stream)
    rows = ["\t".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *rows])


def test_readme_lists_every_file() -> None:
    listed = re.findall(r"^\| `([^`]+)` \|", (NEWS / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == list(news_files(NEWS))


def test_readme_questions_are_answered_where_it_says() -> None:
    readme = (NEWS / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|`]+) \| `([^`]+)` \| ([^|]+) \|$", readme, re.MULTILINE)
    assert len(rows) == 12
    for question, origin, answer in rows:
        assert any(answer in text for text in texts(origin)), question
    assert {language_of(question) for question, _, _ in rows} == {"zh", "en"}
