"""Every message about subscriptions, for the tests that look at all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.rendering import draft, follow, plans, quiet_hours, subscription_file, subscriptions
from bot.rendering.dates import View
from bot.rendering.message import Button
from bot.rendering.subscription_data import Act, Plan, data
from bot.schedule import DAILY, Cadence, Quiet, Schedule
from bot.subscription import Subscription
from bot.subscription_file import Fault, ImportReport, Problem
from retrieval.breadth import Breadth
from retrieval.percolator import Preview
from retrieval.scope import Scope
from tests.bot.answer_builders import build_citation, build_excerpt
from tests.bot.reader_builders import ALICE, build_inquiry
from tests.builders import ZONE

if TYPE_CHECKING:
    from bot.locale.catalogue import Words
    from bot.rendering.message import Message

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
VIEW = View(NOW, ZONE)
KEY = "Zk3vQ9xT0b"
WEEKLY = Plan(Breadth.STRICT, Cadence.WEEKLY, 510, 4, silent=True)
INQUIRY = build_inquiry("创新药 <出海>", scope=Scope(sources=("新华社",), excluded=("融资",), language="zh"))
SUBSCRIPTION = Subscription(
    id=KEY,
    chat_id=ALICE,
    thread_id=None,
    user_id=ALICE,
    locale="zh",
    name=None,
    topic=None,
    inquiry=INQUIRY,
    breadth=Breadth.BROAD,
    schedule=DAILY,
    silent=False,
    paused=False,
    created=NOW,
    changed=NOW,
)
NAMED = replace(
    SUBSCRIPTION,
    id="a" * 10,
    name="Deals & licences",
    breadth=Breadth.STRICT,
    schedule=Schedule(Cadence.WEEKLY, 510, 4),
    silent=True,
    paused=True,
    delivered=12,
    last_delivered=datetime(2026, 1, 4, 1, 30, tzinfo=UTC),
)
TOPIC = replace(
    SUBSCRIPTION,
    id="b" * 10,
    topic="创新药",
    inquiry=build_inquiry("创新药"),
    schedule=Schedule(Cadence.AT_ONCE),
)
THREE = (SUBSCRIPTION, NAMED, TOPIC)
EXCERPTS = (
    build_excerpt(
        "重庆国际生物城以双抗药物[GR1803]首次实现海外[授权]，总[金额]7.12亿美元。",
        build_citation("双抗药物出海", source="虚构财经", url="https://news.example/1?a=1&b=2"),
    ),
    build_excerpt("没有标题的[消息]。", build_citation(None, source=None, published=None)),
)
PROBLEMS = (
    Problem("subscriptions[2].at", Fault.WRONG_VALUE, ('"09:00"',)),
    Problem("subscriptions[3].<b>", Fault.UNKNOWN),
    Problem("", Fault.NOT_OURS),
    Problem("", Fault.TOO_MANY, ("50",)),
)


def carry(plan: Plan) -> str:
    """What a button that leads to a plan carries."""
    return data(Act.WHEN, KEY, plan)


def subscription_pages(words: Words) -> dict[str, Message]:
    """Every page about subscriptions, by a name of its own."""
    page = subscriptions.render_subscription
    listing = subscriptions.Listing(THREE, 0, 3, 50)
    back = (Button("◀", "back"),)
    return {
        "draft": draft.render_draft(INQUIRY, KEY, Plan(), Preview(EXCERPTS, 7, 2.6), words, VIEW),
        "draft-rare": draft.render_draft(INQUIRY, KEY, WEEKLY, Preview(EXCERPTS[:1], 1, 0.1), words, VIEW),
        "draft-nothing": draft.render_draft(INQUIRY, KEY, WEEKLY, Preview((), 0, 0.0), words, VIEW),
        "draft-cancelled": draft.render_not_saved(words),
        "subscribe": draft.render_how_to_subscribe(None, words),
        "subscribe-example": draft.render_how_to_subscribe("GR1803", words),
        "when-daily": plans.render_when(Plan(), carry, "hours", "back", words, VIEW),
        "when-weekly": plans.render_when(WEEKLY, carry, "hours", "back", words, VIEW),
        "hours": plans.render_hours(Plan(), carry, "back", words, VIEW),
        "subscriptions": subscriptions.render_subscriptions(listing, words, VIEW),
        "subscriptions-paused": subscriptions.render_subscriptions(
            replace(listing, offset=10, total=33, paused=True), words, VIEW
        ),
        "subscriptions-reader": subscriptions.render_subscriptions(
            replace(listing, may_change=False), words, VIEW
        ),
        "subscriptions-none": subscriptions.render_subscriptions(
            replace(listing, subscriptions=(), total=0), words, VIEW
        ),
        "subscription": page(SUBSCRIPTION, words, VIEW, above="…"),
        "subscription-paused": page(NAMED, words, VIEW),
        "subscription-topic": page(TOPIC, words, VIEW, paused=True),
        "subscription-words": subscriptions.render_words_prompt(SUBSCRIPTION, words),
        "subscription-name": subscriptions.render_name_prompt(NAMED, words),
        "subscription-deleted": subscriptions.render_deleted(NAMED, data(Act.UNDO, KEY, WEEKLY), words),
        "subscription-gone": subscriptions.render_gone(words),
        "subscription-which": subscriptions.render_which(THREE, words),
        "subscriptions-exported": subscription_file.render_exported(3, words),
        "subscriptions-nothing-exported": subscription_file.render_nothing_to_export(words),
        "subscriptions-imported": subscription_file.render_imported(ImportReport(THREE, 2), words),
        "subscriptions-known": subscription_file.render_imported(ImportReport((), 2), words),
        "subscriptions-unread": subscription_file.render_imported(ImportReport(problems=PROBLEMS), words),
        "subscriptions-too-large": subscription_file.render_file_too_large(words),
        "settings-quiet": quiet_hours.render_quiet_hours(Quiet(1320, 420), "set:quiet:", back, words),
        "settings-quiet-unread": quiet_hours.render_unknown_quiet("at <night>", words),
    }


def subscription_notices(words: Words) -> dict[str, str]:
    """Every notice about subscriptions."""
    return {
        "followed-topic": follow.followed_topic(Schedule(Cadence.WEEKLY, 510, 2), words),
        "too-many": follow.too_many(50, words),
        "only-admins-follow": follow.only_admins_follow(words),
        "nothing-to-match": follow.nothing_to_match(words),
        "too-long": follow.too_long(1000, words),
        "already-followed": follow.already_followed(words),
        "paused": follow.paused(words),
    }
