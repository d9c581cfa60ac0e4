"""Words for windows, failures, markers and notices, in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from skiuo_desktop.model import OFFLINE, Analysis, Failure, FailureKind, Marker, Notice, Span, Window, WindowState
from skiuo_desktop.ui import format as fmt

translate = QCoreApplication.translate


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
    return {
        FailureKind.KEY: translate("Narrative", "The key was refused."),
        FailureKind.QUOTA_MINUTE: translate("Narrative", "Too many requests this minute."),
        FailureKind.QUOTA_DAY: translate("Narrative", "The quota of the day is used up."),
        FailureKind.BILLING: translate("Narrative", "The account cannot pay."),
        FailureKind.MODEL_MISSING: translate("Narrative", "There is no such model."),
        FailureKind.REFUSED: translate("Narrative", "The model refused this window."),
        FailureKind.TOO_LARGE: translate("Narrative", "The clip is too large for this model."),
        FailureKind.CANNOT_FETCH: translate("Narrative", "The model could not fetch the clip."),
        FailureKind.OVERLOADED: translate("Narrative", "The server is busy."),
        FailureKind.NETWORK: translate("Narrative", "The server could not be reached."),
        FailureKind.TIMEOUT: translate("Narrative", "The answer took too long."),
        FailureKind.EMPTY: translate("Narrative", "The answer was empty."),
        FailureKind.CUT_SHORT: translate("Narrative", "The answer stopped half-way."),
        FailureKind.BAD_ANSWER: translate("Narrative", "The answer could not be understood."),
        FailureKind.MEDIA: translate("Narrative", "This part of the recording could not be read."),
        FailureKind.INTERRUPTED: translate("Narrative", "Skiuo ended while the answer was arriving."),
        FailureKind.INTERNAL: translate("Narrative", "Something went wrong inside Skiuo."),
    }[kind]


def failure(value: Failure) -> tuple[str, str]:
    """(cause, what more there is to say); a message that only repeats the cause is left out."""
    title = cause(value.kind)
    message = value.message.strip()
    if message.casefold().startswith(title.rstrip(".。").casefold()):
        rest = message[len(title.rstrip(".。")) :].lstrip(" :.。：,，")
        return title, rest[:1].upper() + rest[1:]
    return title, message


def model(name: str) -> str:
    """What a person calls a model."""
    return translate("Narrative", "Offline measurer") if name == OFFLINE else name


def offline_heading() -> str:
    return translate("Narrative", "Measured and read on this device")


def waiting() -> str:
    return translate("Narrative", "Waiting for the first word")


def skipped(reason: str) -> str:
    known = {
        "not_asked": translate("Narrative", "Nobody asked for an analysis."),
        "cancelled": translate("Narrative", "The analysis was cancelled."),
    }
    return known.get(reason, reason)


def facts(analysis: Analysis, *, with_model: bool = True) -> list[str]:
    """The small line under a text: model, tokens, price, seconds; only what is known."""
    parts = [model(analysis.model)] if with_model else []
    tokens_in, tokens_out = analysis.usage.tokens_in, analysis.usage.tokens_out
    if tokens_in is not None and tokens_out is not None:
        parts.append(translate("Narrative", "{0} → {1} tokens").format(fmt.number(tokens_in), fmt.number(tokens_out)))
    if analysis.usage.cost is not None:
        parts.append(fmt.money(analysis.usage.cost, analysis.usage.currency))
    if analysis.total_ms is not None:
        parts.append(fmt.seconds(analysis.total_ms))
    return parts


def describe(window: Window) -> str:
    """One line about a window: `12:50 – 13:05  failed: the answer stopped half-way`."""
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
