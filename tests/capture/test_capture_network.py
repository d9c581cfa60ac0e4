"""Network cameras on loopback: RTSP and MJPEG over HTTP, dying, stuck, coming back; and their credentials, which nobody may see."""

from __future__ import annotations

import itertools
import logging
import re
import time

import pytest
from capture.cameras import PASSWORD, USER, MjpegCamera, RtspCamera, free_port
from capture.shooting import Events, Shooting, pictures, probe, until

from skiuo_desktop.capture.sources import parse_source
from skiuo_desktop.errors import SourceError, UserError
from skiuo_desktop.events import CaptureState, RecordingProgress, SourceHealth

SECRETS = (USER, PASSWORD, "abc-secret")


def states(events: Events) -> list[CaptureState]:
    """The states of the source, each once in a row."""
    seen = [health.state for health in events.of(SourceHealth)]
    return [state for before, state in zip([None, *seen], seen, strict=False) if state is not before]


def test_an_rtsp_camera_is_recorded_and_when_it_is_stuck_it_is_opened_anew(shoot: Shooting, rtsp_camera: RtspCamera) -> None:
    feed, events = shoot.open(rtsp_camera.url)
    assert (feed.info.width, feed.info.height) == (320, 240)
    take = shoot.record(feed, events)
    until(lambda: take.recorder.elapsed_ms > 1_500, "it does not record")
    rtsp_camera.freeze()
    until(lambda: bool(events.notices("source_lost")), "the stall is not noticed")
    until(lambda: CaptureState.LOST in states(events), "the camera is not opened anew")
    rtsp_camera.off()
    rtsp_camera.on()
    until(lambda: bool(events.notices("source_back")), "the camera does not come back")
    back_ms = take.recorder.elapsed_ms
    until(lambda: take.recorder.elapsed_ms > back_ms + 1_000, "it does not go on")
    take.stop()
    assert states(events)[:3] == [CaptureState.LIVE, CaptureState.STALLED, CaptureState.LOST]
    assert states(events)[-1] is CaptureState.LIVE
    lost, back = events.notices("source_lost"), events.notices("source_back")
    assert len(lost) == len(back) == 1
    times = [packet.time_ms for packet in probe(take.path)]
    start, end = max(itertools.pairwise(times), key=lambda pair: pair[1] - pair[0])
    assert abs(back[0].at_ms - start) <= 2
    assert abs(back[0].at_ms + back[0].length_ms - end) <= 2
    assert lost[0].at_ms == back[0].at_ms
    # The first picture after a gap that crossed an edge is a keyframe.
    assert end // 1_000 > start // 1_000
    assert next(packet for packet in probe(take.path) if packet.time_ms == end).key
    assert any(report.state in (CaptureState.STALLED, CaptureState.LOST) for report in events.of(RecordingProgress))


def test_an_mjpeg_camera_that_dies_is_tried_again_ever_more_slowly_and_comes_back_smaller(shoot: Shooting, mjpeg_camera: MjpegCamera) -> None:
    feed, events = shoot.open(mjpeg_camera.url)
    take = shoot.record(feed, events)
    until(lambda: take.recorder.elapsed_ms > 1_000, "it does not record")
    mjpeg_camera.off()
    until(lambda: max((health.reopen_attempt for health in events.of(SourceHealth)), default=0) >= 2, "it is not tried again")
    until(lambda: events.of(RecordingProgress)[-1].since_disk_ms > 2_000, "the silence of the disk is not reported")
    assert events.of(RecordingProgress)[-1].state is CaptureState.LOST
    mjpeg_camera.size = (160, 240)
    mjpeg_camera.on()
    feed.reopen_now()
    until(lambda: bool(events.notices("source_back")), "the camera does not come back")
    back_ms = take.recorder.elapsed_ms
    until(lambda: take.recorder.elapsed_ms > back_ms + 1_000, "it does not go on")
    assert feed.latest is not None
    assert (feed.latest.width, feed.latest.height) == (160, 240)
    take.stop()
    assert len(events.notices("source_lost")) == 1
    # What comes back 160 x 240 stands whole in the middle of 320 x 240.
    time_ms, picture = pictures(take.path)[-1]
    assert time_ms > back_ms
    assert picture.shape == (240, 320, 3)
    assert [int(picture[20, column].mean()) // 30 for column in (30, 100, 220, 290)] == [0, 2, 2, 0]


def test_credentials_are_nowhere_to_be_seen(
    shoot: Shooting, mjpeg_camera: MjpegCamera, rtsp_camera: RtspCamera, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    for url in (mjpeg_camera.url, rtsp_camera.url):
        spec = parse_source(url)
        feed, events = shoot.open(url)
        take = shoot.record(feed, events, name=url[:4])
        until(lambda recorder=take.recorder: recorder.elapsed_ms > 300, "it does not record")  # type: ignore[misc]
        camera = mjpeg_camera if url is mjpeg_camera.url else rtsp_camera
        camera.off()
        until(lambda told=events: bool(told.notices("source_lost")), "the loss is not noticed")  # type: ignore[misc]
        take.stop()
        feed.close()
        shown += [spec.text, spec.label, repr(spec), str(spec), repr(feed.__dict__), repr(take.recorder.__dict__), events.text()]
        wrong = re.sub(PASSWORD, "wrong-" + PASSWORD, url)
        for address in (wrong, url.replace("127.0.0.1:", "127.0.0.1:1"), url.replace("127.0.0.1", "no-such-host.invalid")):
            with pytest.raises(UserError) as caught:
                shoot.open(address)
            chain: BaseException | None = caught.value
            while chain is not None:
                shown.append(str(chain) + repr(chain))
                chain = chain.__cause__ or chain.__context__
    out, err = capfd.readouterr()
    shown += [caplog.text, out, err]
    for text in shown:
        for secret in SECRETS:
            assert secret not in text, text


def test_a_camera_that_does_not_answer_is_an_error_in_words(shoot: Shooting) -> None:
    began = time.monotonic()
    with pytest.raises(SourceError, match="does not answer"):
        shoot.open(f"rtsp://127.0.0.1:{free_port()}/cam")
    assert time.monotonic() - began < 20


def test_a_source_that_is_stuck_while_opening_does_not_hold_up_the_program(shoot: Shooting, rtsp_camera: RtspCamera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skiuo_desktop.capture.keeper.OPEN_TIMEOUT_S", 0.5)
    monkeypatch.setattr("skiuo_desktop.capture.network.OPEN_TIMEOUT_MS", 3_000)
    rtsp_camera.freeze()
    with pytest.raises(SourceError, match="does not answer"):
        shoot.open(rtsp_camera.url)
