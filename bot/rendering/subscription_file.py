"""What is said about files with subscriptions: what is in one, and what became of one that was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.locale.catalogue import N_
from bot.rendering.citation import one_line
from bot.rendering.fragments import Fragment, code, joined, plain
from bot.rendering.message import Button, Message
from bot.rendering.subscription_data import Act, data
from bot.rendering.subscriptions import title_of
from bot.subscription_file import Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.locale.catalogue import Words
    from bot.subscription_file import ImportReport, Problem

_MOST_NAMED = 10
_MOST_PROBLEMS = 12
_TITLE_UNITS = 80
_PLACE_UNITS = 80
_EXPECTED_UNITS = 120
_GAP = "\n\n"

_FAULTS = {
    Fault.NO_JSON: N_("it is no JSON, or too large"),
    Fault.NOT_OURS: N_("it is no file of subscriptions from here"),
    Fault.NEWER: N_("a newer version wrote it"),
    Fault.MISSING: N_("this is missing"),
    Fault.UNKNOWN: N_("there is no such field"),
    Fault.WRONG_KIND: N_("this is of the wrong kind"),
    Fault.WRONG_VALUE: N_("there is no such value"),
    Fault.TOO_LONG: N_("this is too long"),
    Fault.TOO_MANY: N_("a chat cannot follow as much"),
}


def render_exported(count: int, words: Words) -> Message:
    """What stands with the file; short enough for a caption."""
    said = words.ngettext(
        "{count} subscription as a file. Send it back to me, here or in another chat, to have it again.",
        "{count} subscriptions as a file. Send it back to me, here or in another chat, to have them again.",
        count,
    )
    return Message(plain(said.format(count=count)).html)


def render_nothing_to_export(words: Words) -> Message:
    """The reply when a chat follows nothing."""
    return Message(plain(words.gettext("Nothing is followed here, so there is nothing to export.")).html)


def render_file_too_large(words: Words) -> Message:
    """The reply to a file that is larger than any with subscriptions."""
    return Message(plain(words.gettext("This file is too large to be one with subscriptions.")).html)


def render_imported(report: ImportReport, words: Words) -> Message:
    """What became of a file that was sent."""
    if report.problems:
        return _render_problems(report.problems, words)
    parts = []
    if report.added:
        said = words.ngettext(
            "{count} subscription was added:", "{count} subscriptions were added:", len(report.added)
        )
        lines = [plain(f"• {title_of(each, words, _TITLE_UNITS)}") for each in report.added[:_MOST_NAMED]]
        if len(report.added) > _MOST_NAMED:
            lines.append(plain("…"))
        parts.append(joined("\n", (plain(said.format(count=len(report.added))), *lines)))
    else:
        parts.append(plain(words.gettext("There is nothing in the file that is not followed here already.")))
    if report.added and report.known:
        said = words.ngettext(
            "{count} was followed here already.", "{count} were followed here already.", report.known
        )
        parts.append(plain(said.format(count=report.known)))
    button = Button(words.gettext("◀ All that is followed"), data(Act.LIST))
    return Message(joined(_GAP, parts).html, ((button,),))


def _render_problems(problems: Sequence[Problem], words: Words) -> Message:
    """What is wrong with a file, of which nothing was taken."""
    title = words.gettext("I could not read this file, so nothing has changed:")
    lines = [_problem(each, words) for each in problems[:_MOST_PROBLEMS]]
    if len(problems) > _MOST_PROBLEMS:
        lines.append(plain("…"))
    return Message(joined(_GAP, (plain(title), joined("\n", lines))).html)


def _problem(problem: Problem, words: Words) -> Fragment:
    said = words.gettext(_FAULTS[problem.fault])
    if problem.fault is Fault.TOO_MANY:
        said = words.gettext("a chat can follow at most {most}").format(most=", ".join(problem.expected))
    elif problem.expected:
        expected = one_line(", ".join(problem.expected), _EXPECTED_UNITS)
        said = words.gettext("{fault}; it could be {expected}").format(fault=said, expected=expected)
    if not problem.place:
        return plain(f"• {said}")
    return plain("• ") + code(plain(one_line(problem.place, _PLACE_UNITS))) + plain(f" – {said}")
