"""Words of the Library page's rows and heads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from skiuo_desktop.model import OFFLINE, RecordingSummary, WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.pages.library_filters import ELSEWHERE, state_of
from skiuo_desktop.ui.widgets import narrative_words as words

translate = QCoreApplication.translate


def state(summary: RecordingSummary) -> tuple[WindowState, str, str]:
    """(glyph, words, colour token) of a recording's state."""
    counts, total = Counter(summary.states), len(summary.states)
    kind = state_of(summary)
    if kind == "recording":
        return WindowState.RECORDING, translate("Library", "Recording"), "recording"
    if kind == "damaged":
        return WindowState.FAILED, translate("Library", "Damaged"), "error"
    if kind == "working":
        ended = counts[WindowState.DONE] + counts[WindowState.FAILED]
        glyph = WindowState.ANALYSING if counts[WindowState.ANALYSING] else WindowState.QUEUED
        return glyph, translate("Library", "Analysing {0} of {1}").format(fmt.number(ended), fmt.number(total)), "text"
    if kind == "failed":
        return WindowState.FAILED, translate("Library", "{0} of {1} failed").format(fmt.number(counts[WindowState.FAILED]), fmt.number(total)), "error"
    if kind == "not_analysed":
        return WindowState.SKIPPED, translate("Library", "Not analysed"), "text"
    if kind == "empty":
        return WindowState.SKIPPED, translate("Library", "No text"), "text"
    skipped = counts[WindowState.SKIPPED]
    if skipped:
        return WindowState.DONE, translate("Library", "Done, {0} skipped").format(fmt.number(skipped)), "text"
    if summary.models == (OFFLINE,) and not summary.device:
        return WindowState.DONE, translate("Library", "Measured on this device"), "text"
    return WindowState.DONE, translate("Library", "Done"), "text"


def models(summary: RecordingSummary) -> str:
    return ", ".join(words.model(name) for name in summary.models)


def facts(summary: RecordingSummary, *, with_model: bool) -> str:
    """`19:02 · Studio · Desk camera`: when, on which other device, from what."""
    parts = (fmt.time_of_day(summary.started_at), summary.device, summary.source_label, models(summary) if with_model else "")
    return " · ".join(part for part in parts if part)


def size(summary: RecordingSummary) -> str:
    """Of the files; of a video that was removed here by the person's rule, that there is the text."""
    return translate("Library", "Text only") if summary.freed_at is not None and not summary.device else fmt.size(summary.bytes)


def price(costs: Mapping[str, float]) -> str:
    """`$0.420`, and `$0.420 + ¥1.50` where models of both currencies were asked; empty while no price is known."""
    paid = {currency: cost for currency, cost in costs.items() if cost} or costs
    return " + ".join(fmt.price(cost, currency) for currency, cost in paid.items())


def totals(summaries: Sequence[RecordingSummary], *, more: bool = False) -> str:
    """`214 recordings · 23 h · 25 GB`; `more` when there are others that are not loaded yet."""
    if not summaries:
        return ""
    count = recordings(len(summaries)) + ("+" if more else "")
    return " · ".join((count, fmt.duration(sum(r.duration_ms for r in summaries)), fmt.size(sum(r.bytes for r in summaries))))


def recordings(count: int) -> str:
    return translate("Library", "1 recording") if count == 1 else translate("Library", "{0} recordings").format(fmt.number(count))


def day_facts(summaries: Sequence[RecordingSummary]) -> str:
    """`3 recordings · 1 h 33 min · $1.89`"""
    parts = [recordings(len(summaries)), fmt.duration(sum(r.duration_ms for r in summaries))]
    paid: dict[str, float] = {}
    for currency, cost in (each for r in summaries for each in r.costs.items() if each[1]):
        paid[currency] = paid.get(currency, 0.0) + cost
    if paid:
        parts.append(price(paid))
    return " · ".join(parts)


def day(moment: datetime, now: datetime) -> tuple[str, str]:
    """(`Today`, `Tuesday 24 November`): a day's name and its date; a name of the week within the last seven days."""
    local, today = moment.astimezone().date(), now.astimezone().date()
    date = QDate(local.year, local.month, local.day)
    chinese = QLocale().language() is QLocale.Language.Chinese
    full = QLocale().toString(date, "M 月 d 日 dddd" if chinese else "dddd d MMMM")
    short = QLocale().toString(date, "M 月 d 日" if chinese else "d MMMM")
    ago = (today - local).days
    if ago == 0:
        return translate("Library", "Today"), full
    if ago == 1:
        return translate("Library", "Yesterday"), full
    if 0 < ago < 7:
        return QLocale().toString(date, "dddd"), short
    if local.year != today.year:
        return QLocale().toString(date, "yyyy 年 M 月 d 日" if chinese else "d MMMM yyyy"), QLocale().toString(date, "dddd")
    return short, QLocale().toString(date, "dddd")


def filter_words(kind: str, value: str) -> str:
    """What a filter's button says; an empty value is any."""
    if not value:
        return {
            "device": translate("Library", "This computer"),
            "date": translate("Library", "Any date"),
            "model": translate("Library", "Any model"),
            "state": translate("Library", "Any state"),
            "source": translate("Library", "Any source"),
        }[kind]
    if kind == "model":
        return words.model(value)
    if kind == "device":
        return translate("Library", "Other devices") if value == ELSEWHERE else value
    known = {
        "today": translate("Library", "Today"),
        "week": translate("Library", "Last 7 days"),
        "month": translate("Library", "Last 30 days"),
        "failed": translate("Library", "Something failed"),
        "working": translate("Library", "Being analysed"),
        "not_analysed": translate("Library", "Not analysed"),
        "done": translate("Library", "Done"),
        "damaged": translate("Library", "Damaged"),
    }
    return known.get(value, value) if kind in ("date", "state") else value


def order(value: str) -> str:
    return {
        "newest": translate("Library", "Newest first"),
        "oldest": translate("Library", "Oldest first"),
        "longest": translate("Library", "Longest first"),
        "largest": translate("Library", "Largest first"),
    }[value]


def hits(count: int) -> str:
    return translate("Library", "1 hit") if count == 1 else translate("Library", "{0} hits").format(fmt.number(count))


def found(passages: int, in_recordings: int, *, more: bool) -> str:
    """`29 passages in 7 recordings`"""
    first = translate("Library", "1 passage") if passages == 1 else translate("Library", "{0} passages").format(fmt.number(passages) + ("+" if more else ""))
    return translate("Library", "{0} in {1}").format(first, recordings(in_recordings))
