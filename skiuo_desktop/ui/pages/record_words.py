"""The sentences of the Record page: what stands over the picture, on the card when the source is gone, beside the buttons."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from skiuo_desktop.events import CaptureState
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.pages.record_state import Phase, RecordState
from skiuo_desktop.ui.widgets.video import Overlay

translate = QCoreApplication.translate


def badge(state: RecordState) -> Overlay | None:
    """The chip at the left: what is being saved."""
    if state.phase is Phase.IDLE:
        if state.health is None:
            return None
        if state.wants_card:
            return Overlay(translate("RecordWords", "No picture for {0}").format(fmt.seconds(state.since_frame_ms, 0)), lead="warn", warn=True)
        if state.ended:
            return Overlay(translate("RecordWords", "Played to its end, a recording starts at the beginning"), lead="movie")
        return Overlay(translate("RecordWords", "Preview only, nothing is being saved"), lead="eye")
    if state.phase is Phase.STARTING:
        return Overlay(translate("RecordWords", "Starting, nothing has been saved yet"))
    if state.phase is Phase.STOPPING:
        return Overlay(translate("RecordWords", "Saving the recording"), lead="device-floppy")
    if state.phase is Phase.PAUSED:
        return Overlay(translate("RecordWords", "Paused"), translate("RecordWords", "nothing is being saved"), lead="player-pause")
    if state.disk_silent:
        words = translate("RecordWords", "Nothing has reached the disk for {0}").format(fmt.seconds(state.since_disk_ms, 0))
        return Overlay(words, lead="warn", warn=True)
    if state.wants_card:
        words = translate("RecordWords", "No picture for {0}").format(fmt.seconds(state.since_frame_ms, 0))
        more = translate("RecordWords", "sound is being saved") if state.level is not None else ""
        return Overlay(words, more, lead="warn", warn=True)
    reached = translate("RecordWords", "reached the disk {0} ago").format(fmt.seconds(state.since_disk_ms))
    return Overlay(translate("RecordWords", "Recording"), reached, lead="dot")


def figures(state: RecordState) -> Overlay | None:
    """The chip at the right: frames a second, and what was dropped."""
    if state.health is None or state.ended:
        return None
    rate = fmt.fps(state.fps)
    if state.progress is None:
        return Overlay(rate)
    dropped = state.progress.dropped_frames
    words = translate("RecordWords", "{0} dropped").format(fmt.number(dropped))
    return Overlay(rate, words, more_icon="check" if dropped == 0 else "alert-triangle")


def lost_title(state: RecordState, label: str) -> str:
    since = fmt.duration(state.since_frame_ms)
    return translate("RecordWords", "{0} stopped {1} ago").format(label, since)


def lost_text(state: RecordState) -> str:
    if state.progress is None:
        return translate("RecordWords", "It sends no picture any more. Skiuo keeps trying to reopen it.")
    safe = fmt.stamp(state.progress.written_ms)
    if state.level is not None:
        return translate(
            "RecordWords",
            "Everything up to {0} is safe on your disk and sound is still being saved. Skiuo keeps trying to reopen it and goes on in the same recording.",
        ).format(safe)
    return translate("RecordWords", "Everything up to {0} is safe on your disk. Skiuo keeps trying to reopen it and goes on in the same recording.").format(
        safe
    )


def microphone(state: RecordState, chosen: str, own_sound: bool) -> str:
    """The line under the level meter before a recording. `own_sound`: it comes from the source, with its pictures."""
    if own_sound:
        return translate("RecordWords", "The sound comes with the picture")
    if state.level is None:
        if chosen == "none":
            return translate("RecordWords", "No microphone: no sound is recorded")
        if state.listening:
            return ""
        return translate("RecordWords", "The microphone sends nothing")
    if state.silent:
        return translate("RecordWords", "The microphone is silent")
    if state.hears:
        return translate("RecordWords", "The microphone hears you")
    return translate("RecordWords", "The microphone is on")


def on_disk(state: RecordState) -> str:
    """`**78.8 MB** on disk, 313 kB/s`"""
    if state.progress is None:
        return ""
    return translate("RecordWords", "**{0}** on disk, {1}").format(fmt.size(state.progress.bytes), fmt.rate(state.progress.bytes_per_second))


def on_disk_short(state: RecordState) -> str:
    return translate("RecordWords", "**{0}** on disk").format(fmt.size(state.progress.bytes)) if state.progress is not None else ""


def plan(length_ms: int, stride_ms: int) -> str:
    """`15 s every 10 s`"""
    return translate("RecordWords", "{0} s every {1} s").format(fmt.seconds_plain(length_ms), fmt.seconds_plain(stride_ms))


def plan_sentence(length_ms: int, stride_ms: int) -> str:
    length, stride = fmt.seconds_plain(length_ms), fmt.seconds_plain(stride_ms)
    if stride_ms == length_ms:
        return translate("RecordWords", "Planned windows: {0} s long, one after the other").format(length)
    over = fmt.seconds_plain(length_ms - stride_ms)
    return translate("RecordWords", "Planned windows: {0} s long, one every {1} s, so each overlaps the next by {2} s").format(length, stride, over)


def waiting(state: RecordState, length_ms: int, stride_ms: int) -> list[tuple[int, str]]:
    """(index, what it waits for) of the windows being recorded at this moment."""
    now = state.elapsed_ms
    first, last = max(0, (now - length_ms) // stride_ms + 1), now // stride_ms
    found = []
    for index in range(first, last + 1):
        end = index * stride_ms + length_ms
        if state.wants_card:
            since = fmt.stamp(max(0, now - state.since_frame_ms))
            found.append((index, translate("RecordWords", "no picture since {0}").format(since)))
        elif state.phase is Phase.RECORDING:
            found.append((index, translate("RecordWords", "complete in {0}").format(fmt.seconds(-(-(end - now) // 1000) * 1000, 0))))
    return found


def timeline_state(state: RecordState) -> CaptureState | None:
    """What the now line of the timeline shows."""
    match state.phase:
        case Phase.IDLE:
            return None
        case Phase.STARTING:
            return CaptureState.STARTING
        case Phase.PAUSED:
            return CaptureState.PAUSED
        case Phase.STOPPING:
            return CaptureState.STOPPED
        case Phase.RECORDING:
            return CaptureState.STALLED if state.disk_silent or state.wants_card else CaptureState.RECORDING
