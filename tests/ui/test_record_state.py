"""What the Record page may say, from events and the clock alone."""

from __future__ import annotations

from skiuo_desktop.events import AudioLevel, CaptureState, RecordingProgress, RecordingSaved, RecordingStarted, RecordingStopped, SourceHealth, StopReason
from skiuo_desktop.model import ModelConfig, ModelInfo
from skiuo_desktop.ui.pages import record_words as words
from skiuo_desktop.ui.pages.record_checks import Setup, checks, intro
from skiuo_desktop.ui.pages.record_state import Phase, RecordState


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def progress(**changes: object) -> RecordingProgress:
    values: dict[str, object] = {
        "recording_id": "r",
        "state": CaptureState.RECORDING,
        "elapsed_ms": 252_000,
        "written_ms": 251_000,
        "bytes": 78_800_000,
        "bytes_per_second": 313_000.0,
        "frames": 7_560,
        "dropped_frames": 0,
        "fps": 30.0,
        "since_disk_ms": 300,
        "free_bytes": 10**10,
        "room_ms": 11_760_000,
    }
    return RecordingProgress(**{**values, **changes})  # type: ignore[arg-type]


def health(state: CaptureState = CaptureState.LIVE, since: int = 20, attempt: int = 0) -> SourceHealth:
    return SourceHealth("test:", 30.0, 1280, 720, state, since, attempt)


def recording() -> tuple[RecordState, Clock]:
    clock = Clock()
    state = RecordState(clock)
    state.source_opened()
    state.apply(health())
    state.starting()
    state.started("r")
    state.apply(RecordingStarted("r", "/x.webm", 1280, 720, 30.0))
    state.apply(progress())
    return state, clock


def test_nothing_is_called_recording_before_the_first_byte() -> None:
    state = RecordState(Clock())
    state.apply(health())
    state.starting()
    state.started("r")
    state.apply(progress(bytes=0, state=CaptureState.STARTING))
    assert state.phase is Phase.STARTING
    badge = words.badge(state)
    assert badge is not None
    assert "Recording" not in badge.words
    state.apply(progress(bytes=1))
    assert state.phase is Phase.RECORDING


def test_a_button_alone_makes_no_recording() -> None:
    state = RecordState(Clock())
    state.starting()
    assert state.phase is Phase.STARTING
    assert not state.can_stop


def test_a_start_that_takes_long_can_be_given_up() -> None:
    clock = Clock()
    state = RecordState(clock)
    state.starting()
    state.started("r")
    clock.now += 2
    assert not state.can_stop
    clock.now += 2
    assert state.can_stop


def test_over_three_seconds_without_a_byte_it_says_so() -> None:
    state, clock = recording()
    badge = words.badge(state)
    assert badge is not None
    assert (badge.words, badge.lead, badge.warn) == ("Recording", "dot", False)
    clock.now += 2.6
    assert not state.disk_silent
    clock.now += 0.2  # 0.3 s before the event and 2.8 s since
    badge = words.badge(state)
    assert badge is not None
    assert badge.warn
    assert badge.words == "Nothing has reached the disk for 3\u00a0s"
    assert words.timeline_state(state) is CaptureState.STALLED
    clock.now += 0.9
    badge = words.badge(state)
    assert badge is not None
    assert badge.words == "Nothing has reached the disk for 4\u00a0s"
    state.apply(progress(elapsed_ms=260_000))
    badge = words.badge(state)
    assert badge is not None
    assert badge.words == "Recording"


def test_paused_is_neither_recording_nor_an_alarm() -> None:
    state, clock = recording()
    state.apply(progress(state=CaptureState.PAUSED))
    clock.now += 60
    badge = words.badge(state)
    assert badge is not None
    assert (badge.words, badge.warn) == ("Paused", False)
    assert words.timeline_state(state) is CaptureState.PAUSED
    state.apply(progress())
    assert state.phase is Phase.RECORDING


def test_a_lost_source_is_told_with_what_is_safe() -> None:
    state, clock = recording()
    state.apply(health(CaptureState.STALLED, since=400))
    assert not state.wants_card, "a stumble is no loss"
    state.apply(health(CaptureState.LOST, since=4_000, attempt=2))
    state.apply(AudioLevel(-18.0, -9.0))
    state.apply(progress(written_ms=248_000))
    assert state.wants_card
    badge = words.badge(state)
    assert badge is not None
    assert badge.words == "No picture for 4\u00a0s"
    assert badge.more == "sound is being saved"
    assert "04:08 is safe" in words.lost_text(state)
    assert words.lost_title(state, "Desk camera") == "Desk camera stopped 4\u00a0s ago"
    clock.now += 1.5
    assert "sound" not in words.lost_text(state), "a microphone that sends nothing saves no sound"
    assert words.figures(state) is not None
    assert words.figures(state).words == "0.0\u00a0fps"  # type: ignore[union-attr]


def test_a_file_that_has_ended_is_no_lost_source() -> None:
    clock = Clock()
    state = RecordState(clock)
    state.source_opened()
    state.apply(health(CaptureState.STOPPED, since=9_000))
    assert not state.wants_card
    badge = words.badge(state)
    assert badge is not None
    assert "to its end" in badge.words
    assert words.figures(state) is None
    assert checks(state, Setup(label="talk.mp4", width=640, height=360, fps=25.0, own_sound=True))[0].sign == "ok"


def test_events_of_another_recording_change_nothing() -> None:
    state, _ = recording()
    state.apply(progress(recording_id="other", bytes=5))
    assert state.progress is not None
    assert state.progress.bytes == 78_800_000
    state.apply(RecordingStopped("other", StopReason.USER, 1, 1, 1, 0))
    assert state.phase is Phase.RECORDING


def test_it_is_over_when_the_row_is_final() -> None:
    state, _ = recording()
    state.stopping()
    state.apply(progress())
    assert state.phase is Phase.STOPPING, "a last figure does not bring it back"
    state.apply(RecordingStopped("r", StopReason.USER, 252_000, 1, 1, 0))
    assert state.busy
    state.apply(RecordingSaved("r"))
    assert not state.busy
    assert state.recording_id is None


def test_a_microphone_that_gives_only_silence_is_named_after_ten_seconds() -> None:
    clock = Clock()
    state = RecordState(clock)
    state.source_opened()
    state.apply(health())
    for _ in range(99):
        clock.now += 0.1
        state.apply(AudioLevel(-120.0, -120.0))
    assert words.microphone(state, "default", False) == "The microphone is on"
    clock.now += 0.2
    state.apply(AudioLevel(-120.0, -120.0))
    assert words.microphone(state, "default", False) == "The microphone is silent"
    state.apply(AudioLevel(-20.0, -12.0))
    assert words.microphone(state, "default", False) == "The microphone hears you"
    clock.now += 2
    assert words.microphone(state, "default", False) == "The microphone sends nothing"
    assert words.microphone(state, "none", False) == "No microphone: no sound is recorded"


OFFLINE = ModelInfo(ModelConfig("offline", "offline"), True)


def test_the_checks_are_measured_or_say_that_they_are_not() -> None:
    clock = Clock()
    state = RecordState(clock)
    state.source_opened()
    setup = Setup(label="Desk camera", width=1280, height=720, fps=30.0, microphone="none", models=(OFFLINE,))
    by_title = {check.title: check.sign for check in checks(state, setup)}
    assert by_title["Counting the frames of Desk camera"] == "wait"
    state.apply(health())
    assert checks(state, setup)[0].title == "Desk camera delivers 30.0 of 30 frames a second"
    state.apply(SourceHealth("camera:0", 14.8, 1280, 720, CaptureState.LIVE, 20))
    slow = checks(state, setup)[0]
    assert (slow.sign, slow.title) == ("warn", "Desk camera delivers 14.8 of 30 frames a second")


def test_first_words_are_foretold_only_from_a_measured_answer() -> None:
    state = RecordState(Clock())
    setup = Setup(models=(OFFLINE,), length_ms=15_000)
    assert any(check.title == "First words a little more than 15 s after you start" for check in checks(state, setup))
    state.first_words_ms = 2_100
    assert any(check.title == "First words about 17 s after you start" for check in checks(state, setup))


def test_what_leaves_the_computer_is_said_truly() -> None:
    state = RecordState(Clock())
    assert checks(state, Setup(models=(OFFLINE,)))[-1].detail.startswith("Nothing.")
    away = ModelInfo(ModelConfig("qwen", "qwen", base_url="https://models.example.com/v1"), True, address="https://models.example.com/v1")
    assert "models.example.com" in checks(state, Setup(models=(away,)))[-1].detail
    assert "on this device" in intro(Setup(models=(OFFLINE,)))
    assert "No model is chosen" in intro(Setup())
