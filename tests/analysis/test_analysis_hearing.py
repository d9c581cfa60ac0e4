"""Speech is told from silence, noise, tones and music; what is not like speech is called sound."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from analysis.drawn_clips import RATE, silence, speech, tone
from numpy.typing import NDArray

from skiuo_desktop.analysis.hearing import listen

Samples = NDArray[np.float32]
NOISE = np.random.default_rng(7).standard_normal(20 * RATE).astype(np.float32)


def melody(seconds: float = 8) -> Samples:
    """Plucked notes of six partials, five a second."""
    times = np.arange(RATE // 5) / RATE
    notes = [
        sum(np.sin(2 * np.pi * hertz * k * times) / k for k in range(1, 7)) * np.exp(-4 * times) * 0.15 for hertz in (262, 294, 330, 349, 392, 330, 294, 262)
    ]
    return np.concatenate(notes * round(seconds * 5 / len(notes))).astype(np.float32)


def notes_held(seconds: float = 8) -> Samples:
    """Notes as long as syllables, with pauses and of changing colour, but each keeps its pitch: only that tells them from speech."""
    parts = []
    for number in range(round(seconds / 0.3)):
        times = np.arange(RATE * 3 // 10) / RATE
        hertz = (180, 200, 225, 240)[number % 4]
        partials = (2, 12)[number % 2]
        parts.append(sum(np.sin(2 * np.pi * hertz * k * times) for k in range(1, partials + 1)) / partials * 0.2 * (times < 0.2))
    return np.concatenate(parts).astype(np.float32)


def hammering(seconds: float = 8) -> Samples:
    samples = silence(seconds)
    blow = (NOISE[: RATE // 5] * np.exp(-np.arange(RATE // 5) / 800) * 0.4).astype(np.float32)
    for start in range(RATE // 4, len(samples) - len(blow), RATE * 7 // 10):
        samples[start : start + len(blow)] += blow
    return samples


@pytest.mark.parametrize(
    ("voice", "text"),
    [
        ("en", "Now I open the terminal and run the tests. Three of them fail, because the sensor was not soldered."),
        ("en+f3", "Hold the iron here and feed the solder slowly. That looks good."),
        ("cmn", "现在我打开终端运行测试，有三个测试失败了，因为传感器没有焊接好。"),
        ("de", "Guten Morgen, heute löten wir die Platine und messen danach die Spannung."),
    ],
)
@pytest.mark.parametrize("noise", [0.0, 0.004])
def test_speech_is_heard_and_its_share_measured(voice: str, text: str, noise: float) -> None:
    spoken = speech(text, voice)
    samples = np.concatenate([silence(3), spoken, silence(3)])
    heard = listen(samples + noise * NOISE[: len(samples)], RATE)
    assert heard["kind"] == "speech"
    assert abs(heard["speech"] - len(spoken) / len(samples)) < 0.2


def test_quiet_speech_is_speech_too() -> None:
    assert listen(0.05 * speech("The meeting begins at three in the afternoon, please be on time.", "en"), RATE)["kind"] == "speech"


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: silence(8), "silent"),
        (lambda: 1e-4 * NOISE[: 8 * RATE], "silent"),
        (lambda: 0.02 * NOISE[: 8 * RATE], "noise"),
        (lambda: tone(8), "sound"),
        (lambda: tone(8, 150.0), "sound"),
        (lambda: tone(8, 300.0) * (np.arange(8 * RATE) % RATE < RATE // 3), "sound"),
        (melody, "sound"),
        (notes_held, "sound"),
        (hammering, "sound"),
        (lambda: silence(0), "none"),
        (lambda: np.zeros(100, np.float32), "none"),
    ],
)
def test_what_is_no_speech_is_never_called_speech(make: Callable[[], Samples], kind: str) -> None:
    assert listen(make().astype(np.float32), RATE) == {"kind": kind, "speech": 0.0}
