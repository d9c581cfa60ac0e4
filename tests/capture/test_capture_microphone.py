"""A real microphone: the monitor of a null sink. Its level, its sound in the file, its absence and its disappearance."""

from __future__ import annotations

import itertools
import sys

import numpy as np
import pytest
from capture.cameras import MjpegCamera
from capture.conftest import SoundServer
from capture.shooting import Shooting, probe, rms_db, sound, until

from skiuo_desktop.capture.microphone import list_microphones
from skiuo_desktop.events import AudioLevel, CaptureState, RecordingProgress


def tone(seconds: float, amplitude: float) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return (np.sin(np.arange(int(48_000 * seconds)) * 2 * np.pi * 440 / 48_000) * 32_767 * amplitude).astype(np.int16)


def test_microphones_are_listed_with_the_default_one_marked(sound_server: SoundServer) -> None:
    found = list_microphones()
    assert found
    assert [microphone.default for microphone in found].count(True) == 1
    assert len({microphone.name for microphone in found}) == len(found)


def test_the_level_is_right_the_sound_is_in_the_file_and_when_the_microphone_disappears_silence_follows(
    shoot: Shooting, sound_server: SoundServer, mjpeg_camera: MjpegCamera
) -> None:
    name = next(microphone.name for microphone in list_microphones() if microphone.default)
    # The null sink's clock is unsteady in its first seconds.
    sound_server.play(np.concatenate((tone(3, 0), tone(20, 0.25))))
    feed, events = shoot.open(mjpeg_camera.url, microphone=name)
    assert (feed.info.has_audio, feed.info.channels, feed.own_sound) == (True, 1, False)
    until(lambda: bool(events.of(AudioLevel)), "no level is reported")
    assert events.of(AudioLevel)[0].rms_db == -120.0
    until(lambda: events.of(AudioLevel)[-1].rms_db > -40, "the tone does not arrive")
    take = shoot.record(feed, events)
    until(lambda: take.recorder.elapsed_ms > 2_000, "it does not record")
    level = events.of(AudioLevel)[-1]
    sound_server.vanish()
    until(lambda: bool(events.notices("audio_lost")), "the loss is not noticed")
    lost_ms = events.notices("audio_lost")[0].at_ms
    until(lambda: events.of(RecordingProgress)[-1].written_ms > lost_ms + 700, "the recording does not go on")
    assert events.of(RecordingProgress)[-1].state is CaptureState.RECORDING
    stopped = take.stop()

    # A sine of a quarter of full scale: -12 dB at its peak, 3 dB less on average.
    assert level.rms_db == pytest.approx(-15.05, abs=0.5)
    assert level.peak_db == pytest.approx(-12.04, abs=0.5)
    samples = sound(take.path)
    assert rms_db(samples[24_000:72_000]) == pytest.approx(-15.05, abs=0.7)
    quiet = [n for n in range(24_000, 72_000, 480) if rms_db(samples[n : n + 480]) < -20]
    assert not quiet, "the tone has holes"
    assert lost_ms >= 1_900
    assert feed.sound_problem
    assert rms_db(samples[-9_600:]) < -60
    packets = [packet.time_ms for packet in probe(take.path, "a")]
    assert max(now - before for before, now in itertools.pairwise(packets)) <= 21
    assert abs(packets[-1] + 20 - stopped.duration_ms) < 100
    assert len(probe(take.path)) == stopped.frames


@pytest.mark.parametrize("microphone", ["default", "Microphone of my neighbour"])
def test_without_the_microphone_the_recording_has_no_sound_and_says_why(
    shoot: Shooting, no_sound_server: None, mjpeg_camera: MjpegCamera, microphone: str
) -> None:
    feed, events = shoot.open(mjpeg_camera.url, microphone=microphone)
    assert not feed.info.has_audio
    take = shoot.record(feed, events)
    until(lambda: take.recorder.elapsed_ms > 500, "it does not record")
    stopped = take.stop()
    assert [notice.detail for notice in events.notices("audio_missing")] == [feed.sound_problem]
    assert "no sound" in feed.sound_problem
    assert len(probe(take.path)) == stopped.frames > 0
    assert probe(take.path, "a") == []


def test_a_microphone_that_comes_back_is_opened_again_on_request(
    shoot: Shooting, no_sound_server: None, mjpeg_camera: MjpegCamera, request: pytest.FixtureRequest
) -> None:
    feed, _ = shoot.open(mjpeg_camera.url, microphone="default")
    assert not feed.info.has_audio
    request.getfixturevalue("sound_server")
    feed.reopen_now()
    assert feed.info.has_audio
    assert feed.sound_problem == ""
    feed.close()  # before the sound server goes


def test_without_portaudio_the_message_names_the_package(shoot: Shooting, monkeypatch: pytest.MonkeyPatch, mjpeg_camera: MjpegCamera) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    assert list_microphones() == []
    feed, _ = shoot.open(mjpeg_camera.url, microphone="default")
    assert "PortAudio" in feed.sound_problem
    if sys.platform.startswith("linux"):
        assert "libportaudio2" in feed.sound_problem
