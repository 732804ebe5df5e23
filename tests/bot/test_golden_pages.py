"""What the bot's pages look like in every locale, as files that a person can read.

After a change that is meant, `UPDATE_GOLDEN=1 make test ARGS=tests/bot/test_golden_pages.py`
writes them anew; what changed is then seen in the commit.
"""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.chats import Askers, ChatSettings
from bot.local.markup import parse_html
from bot.locale.catalogue import LOCALES, Catalogues, Words
from bot.rendering import groups, history, inline, notices, privacy, settings_page, topics
from bot.rendering.dates import View
from bot.rendering.help import HelpExamples, render_help
from bot.rendering.message import Message
from bot.reply import Reply, ReplyKind, Where
from retrieval.answer import Order, Verdict
from retrieval.operators import Problem
from retrieval.scope import Scope
from retrieval.topics import Topic
from tests.bot.answer_builders import build_answer, build_citation, build_excerpt
from tests.bot.reader_builders import ALICE, FULL_SCOPE, build_inquiry
from tests.bot.subscription_messages import subscription_notices, subscription_pages
from tests.builders import ZONE, build_document, build_passage

GOLDEN = Path(__file__).parent / "golden_pages"
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))
CATALOGUES = Catalogues.load()

VIEW = View(datetime(2026, 1, 5, 9, 0, tzinfo=UTC), ZONE)
MENU = (("ask", "ask a question about the news"), ("latest", "the newest news"))
UNREAD = (Problem("since", "last <b>"), Problem("语言", "法文"))
EXAMPLES = HelpExamples("虚构财经", date(2025, 11, 1), "GR1803")
COUNTS = {"questions": 12, "opinions": 1, "subscriptions": 3, "notifications": 40, "settings": 1}
RETENTION = privacy.Retention(timedelta(days=90), timedelta(days=2), timedelta(days=90), timedelta(days=180))

HOME = settings_page.SettingsPage(ChatSettings(), ZONE, 3)
CHOSEN = settings_page.SettingsPage(
    ChatSettings("zh_Hant", "America/New_York", 5, Order.NEWEST, Askers.ADMINS),
    ZoneInfo("America/New_York"),
    5,
    is_group=True,
)

TOPICS = (Topic("innovative-drugs", "创新药", 42), Topic("0f3a", "biopharma <ecosystem>", 1))
SEED = build_document(
    "seed",
    title="重庆国际生物城创新药产业生态圈建设驶入“快车道”",
    source="Xin Hua Cai Jing",
    published="2025-12-16 08:35",
    url="https://news.example/1?a=1&b=2",
    passages=[
        build_passage(
            "The city has over 100 innovative drugs under research.", section="Group 1", marks=("[1]",)
        ),
        build_passage("42 of these are in clinical trials.", section="Group 1", marks=("[1]", "[2]")),
        build_passage(
            "The dual antibody drug GR1803 was licensed for $712 million. " + "It is a milestone. " * 20,
            section="Group 2",
            marks=("[3]",),
        ),
    ],
)
DOCUMENTS = (SEED, build_document("b", title=None, source=None, published=None), build_document("c"))
TOPIC = topics.TopicPage("innovative-drugs", "创新药", DOCUMENTS, 3, 42)

REPLY = Reply(
    key="Zk3vQ9xT0b",
    kind=ReplyKind.ASKED,
    where=Where(ALICE, None, ALICE, 1, "zh"),
    message_id=2,
    inquiry=build_inquiry("那临床阶段的呢？", scope=FULL_SCOPE),
    verdict=Verdict.ANSWERED,
    confidence=0.9,
    cited=(),
    reading=None,
    created=datetime(2026, 1, 5, 1, 30, tzinfo=UTC),
)
ENTRIES = (
    REPLY,
    replace(REPLY, key="a" * 10, inquiry=build_inquiry(scope=Scope(language="en")), verdict=Verdict.RELATED),
    replace(REPLY, key="b" * 10, inquiry=build_inquiry("What of <b>?"), verdict=Verdict.NOTHING),
)

EXCERPT = build_excerpt(
    "重庆国际生物城以双抗药物[GR1803]首次实现海外[授权]，总[金额]7.12亿美元。",
    build_citation("双抗药物出海", source="虚构财经", url="https://news.example/1?a=1&b=2"),
)
BARE = build_excerpt("没有标题的[消息]。", build_citation(None, source=None, published=None))


def messages(words: Words) -> dict[str, Message]:
    """Every page there is."""
    return {
        "settings": settings_page.render_settings(HOME, words, VIEW),
        "settings-group": settings_page.render_settings(CHOSEN, words, VIEW),
        "settings-group-reader": settings_page.render_settings(
            replace(CHOSEN, may_change=False), words, VIEW
        ),
        "settings-language": settings_page.render_languages(HOME, words),
        "settings-language-group": settings_page.render_languages(CHOSEN, words),
        "settings-zone": settings_page.render_zones(CHOSEN, words, VIEW),
        "settings-zone-unknown": settings_page.render_unknown_zone("Atlantis <b>", words),
        "topics": topics.render_topics(TOPICS, words),
        "topics-empty": topics.render_topics((), words),
        "topic": topics.render_topic(TOPIC, words, VIEW),
        "topic-only-page": topics.render_topic(replace(TOPIC, offset=0, total=3), words, VIEW),
        "topic-empty": topics.render_topic(replace(TOPIC, documents=(), offset=0, total=0), words, VIEW),
        **subscription_pages(words),
        "history": history.render_history(history.HistoryPage(ENTRIES, 10, 33), words, VIEW),
        "history-only-page": history.render_history(history.HistoryPage(ENTRIES[:1], 0, 1), words, VIEW),
        "history-empty": history.render_history(history.HistoryPage((), 0, 0), words, VIEW),
        "privacy": privacy.render_privacy(RETENTION, COUNTS, words),
        "privacy-nothing-kept": privacy.render_privacy(RETENTION, dict.fromkeys(COUNTS, 0), words),
        "forget": privacy.render_forget(COUNTS, words),
        "forget-nothing": privacy.render_forget({}, words),
        "forgotten": privacy.render_forgotten({"questions": 1}, words),
        "not-forgotten": privacy.render_not_forgotten(words),
        "export": privacy.render_export(COUNTS, words),
        "help": render_help(MENU, "wenxun_bot", EXAMPLES, words),
        "help-without-examples": render_help(MENU, "wenxun_bot", HelpExamples(), words),
        "unread-operators": notices.render_operator_problems(UNREAD, words),
        "only-admins-ask": groups.render_only_admins_ask(words),
        "only-in-private": groups.render_only_in_private("/export", words),
    }


def short_texts(words: Words) -> dict[str, str]:
    """Every text that stands on its own: above inline results, or as the answer to a pressed button."""
    related = build_answer([EXCERPT], verdict=Verdict.RELATED)
    return {
        **subscription_notices(words),
        "only-admins-ask": groups.only_admins_ask(words),
        "only-admins-change": groups.only_admins_change(words),
        "only-the-asker": groups.only_the_asker(words),
        "inline-empty": inline.inline_notice(None, words),
        "inline-nothing": inline.inline_notice(build_answer(), words),
        "inline-related": inline.inline_notice(related, words),
        "inline-answered": inline.inline_notice(build_answer([EXCERPT]), words),
    }


def as_text(message: Message) -> str:
    """A message as it stands in a golden file: its HTML, then a line for each row of buttons."""
    rows = ("".join(f"[{button.label}|{button.data}]" for button in row) for row in message.keyboard)
    return "\n".join((message.html, *rows)) + "\n"


def files(words: Words) -> dict[str, str]:
    """Every golden file and what stands in it."""
    results = inline.inline_results(build_answer([EXCERPT, BARE]), words, VIEW)
    listed = "\n".join(f"{result.title}\n{result.description}\n→ {result.html}\n" for result in results)
    said = "".join(f"{name}: {text}\n" for name, text in short_texts(words).items())
    return {
        **{f"{name}.html": as_text(message) for name, message in messages(words).items()},
        "inline.txt": listed,
        "notices.txt": said,
    }


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", sorted(files(CATALOGUES.words["en"])))
def test_a_page_looks_as_it_did(locale: str, name: str) -> None:
    text = files(CATALOGUES.words[locale])[name]
    path = GOLDEN / locale / name
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    assert path.read_bytes().decode() == text


@pytest.mark.parametrize("locale", LOCALES)
def test_no_golden_page_is_left_over(locale: str) -> None:
    names = {path.name for path in (GOLDEN / locale).iterdir()}
    assert names == set(files(CATALOGUES.words[locale]))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_is_valid_and_says_something(locale: str) -> None:
    for name, message in messages(CATALOGUES.words[locale]).items():
        assert parse_html(message.html).text.strip(), name


@pytest.mark.parametrize("locale", LOCALES)
def test_notices_are_as_short_as_telegram_takes(locale: str) -> None:
    for name, text in short_texts(CATALOGUES.words[locale]).items():
        assert 1 <= len(text) <= (64 if name.startswith("inline") else 200), name


@pytest.mark.parametrize("locale", LOCALES)
def test_what_stands_with_a_file_fits_a_caption(locale: str) -> None:
    most = dict.fromkeys(COUNTS, 10**9)
    caption = privacy.render_export(most, CATALOGUES.words[locale]).html
    assert len(parse_html(caption).text) <= 1024
