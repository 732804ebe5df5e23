"""What administrators see of a reload: the dry run, how far it is, what came of it, and undoing it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.locale.catalogue import N_
from bot.rendering.citation import one_line
from bot.rendering.dates import age, written
from bot.rendering.fragments import Fragment, bold, joined, plain
from bot.rendering.load_progress import render_pace
from bot.rendering.message import Button, Message
from corpus.model import Precision, Published

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.keeping.reloading import LostPin
    from bot.locale.catalogue import Words
    from bot.pace import Pace
    from bot.rendering.dates import View
    from corpus.load_report import LoadReport, Rejection, UndoReport

PREFIX: Final = "rel:"
NAMES: Final = 5
"""So many files of a kind are named; of the others there is the count."""

_DATA = re.compile(r"rel:([a-z]+)(?::([01]))?(?::([0-9a-f]{8}|[0-9]{1,10}))?", re.ASCII)
_NAME_UNITS = 60
_REASON_UNITS = 160
_TITLE_UNITS = 100


class Act(StrEnum):
    """What a button about loading does."""

    PLAN = "plan"  # a dry run
    LOAD = "load"
    CANCEL = "cancel"
    SEE = "see"  # how far is it?
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button about loading.

    Attributes:
        act: what it does.
        include_undone: whether what an undone load took is meant too.
        key: of a load: the digest of the dry run that was shown; of an undo: the load's number.
    """

    act: Act
    include_undone: bool = False
    key: str = ""


def parse(data: str) -> Pressed | None:
    """What a button's data says; None if it is none of these."""
    match = _DATA.fullmatch(data)
    if match is None or match[1] not in frozenset(Act):
        return None
    act = Act(match[1])
    if (act is Act.UNDO and not (match[3] or "").isdecimal()) or (act is Act.LOAD and not match[3]):
        return None
    return Pressed(act, match[2] == "1", match[3] or "")


def digest_of(report: LoadReport) -> str:
    """Eight characters that tell a load with other changes from this one."""
    parts = (*report.added, "\n", *report.changed, "\n", *report.removed)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def render_looking(words: Words) -> Message:
    """What stands there while a dry run runs."""
    return Message(plain(words.gettext("Looking at what a load would change …")).html, _see(words))


def render_waiting(words: Words) -> Message:
    """What stands there before a load, or an undo, tells how far it is."""
    return Message(
        plain(words.gettext("It begins as soon as nothing else is being loaded …")).html, _see(words)
    )


def render_joined(words: Words) -> Message:
    """What stands there when somebody asks for a load while one is running."""
    text = words.gettext("The news is being loaded already. This is how far it is, and what comes of it:")
    return Message(plain(text).html, _see(words))


def render_running(pace: Pace, words: Words) -> Message:
    """How far it is."""
    note = words.gettext("Readers are answered from the news as it was, until all of it is there.")
    return Message(joined("\n\n", (plain(render_pace(pace, words)), plain(note))).html, _see(words))


def render_plan(
    report: LoadReport, lost: Sequence[LostPin], words: Words, *, include_undone: bool = False
) -> Message:
    """What a load would do, with the buttons to do it or to leave it."""
    if report.generation is None:
        parts = [bold(plain(words.gettext("A load would change nothing.")))]
    else:
        parts = [bold(plain(words.gettext("A load would change this:"))), *_changes(report, words)]
    parts.extend(_left_out(report, words))
    if report.generation is not None:
        parts.append(_served(words.gettext("It would serve {served}."), report, words))
        parts.extend(_lost(lost, words.gettext("These pinned questions would lose their document:")))
    rows: list[tuple[Button, ...]] = []
    if report.generation is not None:
        data = f"{PREFIX}{Act.LOAD}:{int(include_undone)}:{digest_of(report)}"
        rows.append((Button(words.gettext("Load"), data), _cancel(words)))
    if report.withheld:
        held = words.gettext("Take what is held back, too")
        rows.append((Button(held, f"{PREFIX}{Act.PLAN}:1"),))
    return Message(joined("\n\n", parts).html, tuple(rows))


def render_loaded(
    report: LoadReport, lost: Sequence[LostPin], words: Words, *, expected: str | None = None
) -> Message:
    """What came of a load.

    Args:
        report: what it found.
        lost: pinned questions that do not find their document any more.
        words: the language.
        expected: the digest of the dry run that was confirmed; None if none was.
    """
    if report.generation is None:
        parts = [bold(plain(words.gettext("Nothing has changed; all is served as before.")))]
    else:
        parts = [bold(plain(words.gettext("The news is loaded.")))]
        if expected is not None and expected != digest_of(report):
            said = words.gettext("The folder has changed since the dry run; this is what was loaded:")
            parts.append(plain(said))
        parts.extend(_changes(report, words))
    parts.extend(_left_out(report, words))
    if report.generation is not None:
        parts.append(_notified(report.notified, words))
    parts.append(_served(words.gettext("Serving {served}."), report, words))
    parts.extend(_lost(lost, words.gettext("These pinned questions have lost their document:")))
    if report.generation is not None:
        parts.append(plain(words.gettext("/undo takes it back.")))
    return Message(joined("\n\n", parts).html)


def render_undo_plan(report: UndoReport, words: Words, view: View) -> Message:
    """What undoing the last load would mean, with the buttons to do it or to leave it."""
    parts = [bold(plain(_undo_heading(report, words, view))), *_undone(report, words)]
    parts.append(_served(words.gettext("It would serve {served}."), report, words))
    note = words.gettext(
        "Readers who were told what is withdrawn get a correction. What is taken back stays away until its "
        "files change, or until /reload is told to take it, too."
    )
    parts.append(plain(note))
    undo = Button(words.gettext("Undo it"), f"{PREFIX}{Act.UNDO}:0:{report.undone}")
    return Message(joined("\n\n", parts).html, ((undo, _cancel(words)),))


def render_undone(report: UndoReport, words: Words) -> Message:
    """What came of undoing a load."""
    parts = [bold(plain(words.gettext("The last load is undone."))), *_undone(report, words)]
    parts.append(_notified(report.notified, words))
    parts.append(_served(words.gettext("Serving {served}."), report, words))
    return Message(joined("\n\n", parts).html)


OVERTAKEN = N_("Something else has been loaded meanwhile. This is what undoing would mean now:")
NOTHING_TO_UNDO = N_("There is no earlier load to go back to.")
ELSEWHERE = N_(
    "News is being loaded by another program at the moment. Please try again when it has finished."
)
NO_FOLDER = N_(
    "The folder of news is not there. Is its disk mounted, and is WENXUN_CORPUS right? "
    "Readers are answered from what was loaded before."
)
EMPTY_FOLDER = N_(
    "There is no news in the folder, but news from it is being served, and goes on being served. "
    "Is its disk mounted? To serve nothing, say `wenxun load --allow-empty` on the server."
)
NO_DATABASE = N_("The database cannot be used at the moment. Nothing was changed.")
CANCELLED = N_("Nothing was changed.")
STOPPED = N_(
    "Wenxun was stopped before this was done. What was served before is served still; /reload looks again."
)
NOT_RUNNING = N_("Nothing is being loaded now. Perhaps Wenxun was started anew; it loads when it starts.")


def render_said(text: str, words: Words, *, again: bool = False) -> Message:
    """A sentence, with a button to look again if that may help."""
    keyboard = ((Button(words.gettext("Look again"), f"{PREFIX}{Act.PLAN}"),),) if again else ()
    return Message(plain(words.gettext(text)).html, keyboard)


def render_overtaken(report: UndoReport, words: Words, view: View) -> Message:
    """What undoing means now, when it is not what somebody confirmed."""
    shown = render_undo_plan(report, words, view)
    return Message(f"{plain(words.gettext(OVERTAKEN)).html}\n\n{shown.html}", shown.keyboard)


def lost_pins(lost: Sequence[LostPin], words: Words) -> str:
    """What administrators are told unasked: what feeds brought has lost pinned questions their documents."""
    text = words.gettext("The feeds brought news, and these pinned questions have lost their document:")
    return "\n".join((text, *_named(lost)))


def _changes(report: LoadReport, words: Words) -> Iterator[Fragment]:
    added, changed, removed = len(report.added), len(report.changed), len(report.removed)
    if added:
        said = words.ngettext("{count} file added:", "{count} files added:", added)
        yield _listed(said, report.added)
    if changed:
        said = words.ngettext("{count} file changed:", "{count} files changed:", changed)
        yield _listed(said, report.changed)
    if removed:
        said = words.ngettext("{count} file removed:", "{count} files removed:", removed)
        yield _listed(said, report.removed)


def _left_out(report: LoadReport, words: Words) -> Iterator[Fragment]:
    rejected, withheld = len(report.rejected), len(report.withheld)
    if rejected:
        said = words.ngettext("{count} file refused:", "{count} files refused:", rejected)
        yield _listed(said, [_refusal(each, words) for each in report.rejected], _NAME_UNITS + _REASON_UNITS)
    if withheld:
        said = words.ngettext(
            "{count} file held back, because the load that took it was undone:",
            "{count} files held back, because the load that took them was undone:",
            withheld,
        )
        yield _listed(said, report.withheld)


def _undone(report: UndoReport, words: Words) -> Iterator[Fragment]:
    withdrawn, reverted, restored = len(report.withdrawn), len(report.reverted), len(report.restored)
    if withdrawn:
        said = words.ngettext(
            "{count} file not served any more:", "{count} files not served any more:", withdrawn
        )
        yield _listed(said, report.withdrawn)
    if reverted:
        said = words.ngettext(
            "{count} file served as it was:", "{count} files served as they were:", reverted
        )
        yield _listed(said, report.reverted)
    if restored:
        said = words.ngettext("{count} file served again:", "{count} files served again:", restored)
        yield _listed(said, report.restored)
    if report.titles:
        gone = report.documents_withdrawn + report.documents_reverted
        said = words.ngettext("{count} document withdrawn:", "{count} documents withdrawn:", gone)
        yield _listed(said, report.titles, _TITLE_UNITS, total=gone)


def _listed(
    said: str, names: Sequence[str], units: int = _NAME_UNITS, *, total: int | None = None
) -> Fragment:
    """A count with the first of what is counted."""
    count = len(names) if total is None else total
    lines = [said.format(count=f"{count:,}"), *(f"  {one_line(name, units)}" for name in names[:NAMES])]
    if count > min(len(names), NAMES):
        lines.append(f"  … +{count - min(len(names), NAMES):,}")
    return plain("\n".join(lines))


def _refusal(rejection: Rejection, words: Words) -> str:
    # Reasons that are whole sentences of the program's are in the catalogues.
    reason = words.gettext(rejection.reason) if rejection.reason else ""
    return f"{one_line(rejection.origin, _NAME_UNITS)}: {one_line(reason, _REASON_UNITS)}"


def _lost(lost: Sequence[LostPin], heading: str) -> Iterable[Fragment]:
    if not lost:
        return
    yield plain("\n".join((f"⚠ {heading}", *_named(lost))))


def _named(lost: Sequence[LostPin]) -> Iterator[str]:
    for pin in lost[:NAMES]:
        yield f"  {one_line(pin.question, _TITLE_UNITS)} → {one_line(pin.expected, _NAME_UNITS)}"
    if len(lost) > NAMES:
        yield f"  … +{len(lost) - NAMES:,}"


def _served(said: str, report: LoadReport | UndoReport, words: Words) -> Fragment:
    documents = words.ngettext("{count} document", "{count} documents", report.documents)
    passages = words.ngettext("{count} passage", "{count} passages", report.passages)
    served = (
        f"{documents.format(count=f'{report.documents:,}')}, {passages.format(count=f'{report.passages:,}')}"
    )
    return plain(said.format(served=served))


def _notified(count: int, words: Words) -> Fragment:
    if not count:
        return plain(words.gettext("Nobody is notified of it."))
    said = words.ngettext(
        "{count} notification goes out to those who follow this.",
        "{count} notifications go out to those who follow this.",
        count,
    )
    return plain(said.format(count=f"{count:,}"))


def _undo_heading(report: UndoReport, words: Words, view: View) -> str:
    if report.loaded is None:
        return words.gettext("Undoing the last load would mean this:")
    loaded = Published(report.loaded, Precision.MINUTE)
    said = words.gettext("Undoing the load of {date} ({age}) would mean this:")
    return said.format(date=written(loaded, view), age=age(loaded, words, view))


def _cancel(words: Words) -> Button:
    return Button(words.gettext("Cancel"), f"{PREFIX}{Act.CANCEL}")


def _see(words: Words) -> tuple[tuple[Button, ...], ...]:
    # Under a message that nobody edits any more, because the program was started anew, it says so.
    return ((Button(words.gettext("How far is it?"), f"{PREFIX}{Act.SEE}"),),)
