"""Words for windows, failures, markers and notices, in the language of the window."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from skiuo_desktop import failures
from skiuo_desktop.model import OFFLINE, Analysis, Failure, FailureKind, Marker, Notice, Span, Usage, Window, WindowState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.theme import theme

translate = QCoreApplication.translate

BUDGET = "budget"
"""`Window.reason` of what a budget keeps for later."""
KEPT = "kept"
"""In `Analysis.facts`: the text is a kept answer to the same question, for which nothing was paid again."""


def state(value: WindowState) -> str:
    return {
        WindowState.PLANNED: translate("Narrative", "Planned"),
        WindowState.RECORDING: translate("Narrative", "Recording"),
        WindowState.QUEUED: translate("Narrative", "Queued"),
        WindowState.ANALYSING: translate("Narrative", "Analysing"),
        WindowState.DONE: translate("Narrative", "Done"),
        WindowState.FAILED: translate("Narrative", "Failed"),
        WindowState.SKIPPED: translate("Narrative", "Skipped"),
    }[value]


def counted(value: WindowState) -> str:
    """The word after a number: `139 done`."""
    return {
        WindowState.PLANNED: translate("Narrative", "planned"),
        WindowState.RECORDING: translate("Narrative", "recording"),
        WindowState.QUEUED: translate("Narrative", "queued"),
        WindowState.ANALYSING: translate("Narrative", "analysing"),
        WindowState.DONE: translate("Narrative", "done"),
        WindowState.FAILED: translate("Narrative", "failed"),
        WindowState.SKIPPED: translate("Narrative", "skipped"),
    }[value]


def cause(kind: FailureKind) -> str:
    """What happened, in a few words: set in bold before the sentence that says more."""
    text = failures.cause(kind, theme().language)
    return text[:1].upper() + text[1:] + ("。" if theme().language == "zh" else ".")


def failure(value: Failure) -> tuple[str, str]:
    """(cause, what more there is to say); a message that only repeats the cause is left out."""
    title = cause(value.kind)
    message = failures.sentence(value, theme().language).strip()
    if message.casefold().startswith(title.rstrip(".。").casefold()):
        rest = message[len(title.rstrip(".。")) :].lstrip(" :.。：,，")
        return title, rest[:1].upper() + rest[1:]
    return title, message


def joined(*sentences: str) -> str:
    """Sentences one after the other; Chinese full stops bring their own space."""
    return ("" if theme().language == "zh" else " ").join(sentence for sentence in sentences if sentence)


def may_be_billed(usage: Usage) -> str:
    """What an answer that failed may cost all the same; empty where nothing was billed or nobody knows."""
    if not usage.cost:
        return ""
    return translate("Narrative", "{0} may have been billed.").format(fmt.money(usage.cost, usage.currency))


def tries_again(seconds: int) -> str:
    """Of a request that is made again by itself."""
    if seconds <= 0:
        return translate("Narrative", "Skiuo is trying again.")
    return translate("Narrative", "Skiuo tries again by itself in {0} s.").format(fmt.number(seconds))


def attempt(number: int, most: int) -> str:
    return translate("Narrative", "attempt {0} of {1}").format(number, most)


def model(name: str) -> str:
    """What a person calls a model."""
    return translate("Narrative", "Offline measurer") if name == OFFLINE else name


def listed(names: Iterable[str]) -> str:
    """Names one after the other."""
    return ("、" if theme().language == "zh" else ", ").join(names)


def offline_heading(*, elsewhere: bool = False) -> str:
    """`elsewhere`: the recording is another device's."""
    return translate("Narrative", "Measured and read on that device") if elsewhere else translate("Narrative", "Measured and read on this device")


def waiting() -> str:
    return translate("Narrative", "Waiting for the first word")


def skipped(reason: str) -> str:
    known = {
        "not_asked": translate("Narrative", "Nobody asked for an analysis."),
        "cancelled": translate("Narrative", "The analysis was cancelled."),
        "stride": translate("Narrative", "Left out to save the budget."),
        "rule": translate("Narrative", "No model was to be asked at this time."),
        BUDGET: translate("Narrative", "The budget is used up; nothing was sent."),
    }
    return known.get(reason, reason)


def analyse_anyway(reason: str) -> str:
    """What a window that nobody describes offers."""
    return translate("Narrative", "Analyse now") if reason == BUDGET else translate("Narrative", "Analyse anyway")


def analyse_again(analysis: Analysis | None) -> str:
    """With about what it costs, where it cost something before."""
    cost = analysis.usage.cost if analysis is not None else None
    if analysis is None or not cost:
        return translate("Narrative", "Analyse again")
    return translate("Narrative", "Analyse again, about {0}").format(fmt.money(cost, analysis.usage.currency))


def price(usage: Usage) -> str:
    """`$0.0040`, `about $0.0040` before it was counted, `free`; empty where no price is known."""
    if usage.cost is None:
        return ""
    money = fmt.money(usage.cost, usage.currency)
    return translate("Narrative", "about {0}").format(money) if usage.estimated and usage.cost else money


def facts(analysis: Analysis, *, with_model: bool = True) -> list[str]:
    """The small line under a text: model, tokens, price, seconds; only what is known."""
    parts = [model(analysis.model)] if with_model else []
    tokens_in, tokens_out = analysis.usage.tokens_in, analysis.usage.tokens_out
    if tokens_in is not None and tokens_out is not None:
        parts.append(translate("Narrative", "{0} → {1} tokens").format(fmt.number(tokens_in), fmt.number(tokens_out)))
    if analysis.facts.get(KEPT):
        parts.append(translate("Narrative", "kept answer, nothing paid"))
    elif analysis.usage.cost is not None:
        parts.append(price(analysis.usage))
    if analysis.total_ms is not None and not analysis.facts.get(KEPT):
        parts.append(fmt.seconds(analysis.total_ms))
    return parts


def label(analysis: Analysis) -> str:
    """The short label that the template asked for; empty where there is none."""
    found = analysis.facts.get("label")
    return found.strip() if isinstance(found, str) else ""


def why(window: Window | None, analysis: Analysis) -> str:
    """Why this model was asked in another's place, and why this answer was chosen; empty where there is nothing to say."""
    parts = [failures.why(analysis.why, theme().language)] if analysis.why else []
    choice = window.choice if window is not None else None
    if choice is not None and choice.analysis_id == analysis.id and choice.rule != "all":
        parts.append(failures.choice(choice, theme().language))
    text = " · ".join(part for part in parts if part)
    return text


def now_playing() -> str:
    return translate("Narrative", "Now playing")


def chosen() -> str:
    """Of the answer that stands in the narrative."""
    return translate("Narrative", "In the narrative")


def use_this() -> str:
    """What puts another answer into the narrative."""
    return translate("Narrative", "Use this one")


def others(count: int) -> str:
    """How many more answers a window has."""
    return translate("Narrative", "1 other answer") if count == 1 else translate("Narrative", "{0} other answers").format(fmt.number(count))


def describe(window: Window) -> str:
    """One line about a window: `12:50 – 13:05  Failed: Answer cut short.`."""
    span, word = fmt.span(window.span), state(window.state)
    if window.state is WindowState.FAILED:
        chosen = next((a for a in sorted(window.analyses, key=lambda a: -a.id) if a.failure is not None), None)
        if chosen is not None and chosen.failure is not None:
            return translate("Narrative", "{0}  {1}: {2}").format(span, word, cause(chosen.failure.kind))
    if window.state is WindowState.SKIPPED:
        return translate("Narrative", "{0}  {1}: {2}").format(span, word, skipped(window.reason))
    return f"{span}  {word}"


def coming(span: Span, *, recording: bool) -> str:
    return f"{fmt.span(span)}  {state(WindowState.RECORDING if recording else WindowState.PLANNED)}"


def marker(value: Marker) -> str:
    return f"{fmt.stamp(value.at_ms)}  {value.text or translate('Narrative', 'Marker')}"


def notice(value: Notice) -> str:
    """What happened to a recording, in one sentence."""
    at, length = fmt.stamp(value.at_ms), fmt.seconds(value.length_ms)
    known = {
        "source_lost": translate("Narrative", "The source was lost at {0}."),
        "source_back": translate("Narrative", "No picture came for {1} at {0}."),
        "audio_lost": translate("Narrative", "The microphone was lost at {0}; there is no sound from there."),
        "audio_missing": translate("Narrative", "Recorded without sound: the microphone could not be used."),
        "disk_low": translate("Narrative", "The disk was nearly full at {0}."),
        "disk_full": translate("Narrative", "The recording ended at {0} because the disk was full."),
        "damaged": translate("Narrative", "This file is damaged: nothing in it can be played. It is kept as it is."),
    }
    if value.kind in known:
        return known[value.kind].format(at, length)
    if value.kind == "repaired":
        return f"{translate('Narrative', 'This recording was cut short and has been repaired.')} {value.detail}".strip()
    return value.detail or value.kind
