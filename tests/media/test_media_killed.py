"""Files that end anywhere, are damaged, or grow while they are read."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from media.media_parts import Packet, Placed, hashed, listed, number_in, placed_blocks

from skiuo_desktop.errors import MediaError
from skiuo_desktop.media.cut import Clip, cut
from skiuo_desktop.media.probe import probe
from skiuo_desktop.media.repair import repair
from skiuo_desktop.media.thumbnail import thumbnail
from skiuo_desktop.model import Span

VIDEO, AUDIO = 1, 2
SOUND_DELAY_MS = 7  # Opus blocks stand this much later than their packets


@pytest.fixture(scope="module")
def placed(unfinished: Path) -> list[Placed]:
    """Where each block of `unfinished` ends, as mkvinfo says."""
    blocks = placed_blocks(unfinished)
    assert len([b for b in blocks if b.track == VIDEO]) == 630
    return blocks


@pytest.fixture(scope="module")
def packets(unfinished: Path) -> dict[int, list[Packet]]:
    return {VIDEO: listed(unfinished), AUDIO: listed(unfinished, "a")}


def whole(placed: list[Placed], packets: list[Packet], track: int, size: int) -> list[Packet]:
    """The packets of a track whose bytes all stand before `size`."""
    ends = [b.end for b in placed if b.track == track]
    return [packet for packet, end in zip(packets, ends, strict=False) if end <= size]


def same(clip: Clip, kind: str, wanted: list[Packet]) -> bool:
    return [p.hash for p in hashed(clip.data, kind)] == [p.hash for p in wanted]


def between(packets: list[Packet], start: int, end: int) -> list[Packet]:
    return [p for p in packets if start <= p.time_ms < end]


def test_a_file_cut_off_anywhere_gives_right_clips_or_a_reason(
    unfinished: Path, placed: list[Placed], packets: dict[int, list[Packet]], tmp_path: Path
) -> None:
    everything = unfinished.read_bytes()
    path = tmp_path / "killed.webm"
    chance = random.Random(7)
    cuts = 0
    for _ in range(300):
        size = chance.choice([chance.randrange(2000), chance.randrange(placed[-1].end)])
        path.write_bytes(everything[:size])
        start = chance.choice([chance.randrange(0, 21_000), chance.randrange(5) * 5000])
        span = Span(start, start + chance.choice([40, 3000, 15_000]))
        video = whole(placed, packets[VIDEO], VIDEO, size)
        wanted = between(video, span.start_ms, span.end_ms)
        try:
            clip = cut(path, span)
        except MediaError:
            assert not wanted, f"{span} of the first {size} bytes"
            continue
        cuts += 1
        assert clip.exact == wanted[0].key
        assert clip.span.start_ms <= span.start_ms
        assert wanted[-1].time_ms < clip.span.end_ms <= span.end_ms
        assert same(clip, "video", between(video, clip.span.start_ms, span.end_ms))
        assert same(clip, "audio", between(whole(placed, packets[AUDIO], AUDIO, size), clip.span.start_ms, span.end_ms))
    assert cuts > 60, "most spans must have been there to be cut"


def test_a_damaged_file_gives_a_clip_or_a_reason(unfinished: Path, tmp_path: Path) -> None:
    """Bytes overwritten, doubled and lost, in the header and in the pictures: never anything but a clip or a MediaError."""
    everything = unfinished.read_bytes()
    path = tmp_path / "damaged.webm"
    chance = random.Random(8)

    def overwritten(data: bytearray) -> None:
        for _ in range(chance.choice([1, 5, 50])):
            data[chance.choice([chance.randrange(700), chance.randrange(len(data))])] = chance.randrange(256)

    def zeroed(data: bytearray) -> None:
        at = chance.randrange(len(data))
        data[at : at + 4096] = bytes(min(4096, len(data) - at))

    def shortened(data: bytearray) -> None:
        at = chance.randrange(len(data))
        del data[at : at + chance.choice([1, 100, 20_000])]

    def doubled(data: bytearray) -> None:
        at = chance.randrange(len(data))
        data[at:at] = data[max(0, at - 30_000) : at]

    harms: list[Callable[[bytearray], None]] = [overwritten, zeroed, shortened, doubled]
    outcomes = {"clip": 0, "reason": 0}
    for _ in range(120):
        data = bytearray(everything)
        chance.choice(harms)(data)
        path.write_bytes(data)
        start = chance.randrange(5) * 4000
        span = Span(start, start + 6000)
        works: list[Callable[[], object]] = [partial(cut, path, span), partial(thumbnail, path, start), partial(probe, path)]
        for work in works:
            try:
                work()
                outcomes["clip"] += 1
            except MediaError as error:
                assert len(str(error)) > 10
                outcomes["reason"] += 1
    assert outcomes["clip"] > 200, f"most damage leaves most of a recording: {outcomes}"


def test_what_lies_behind_damage_is_still_found(unfinished: Path, packets: dict[int, list[Packet]], tmp_path: Path) -> None:
    """Four kilobytes of zeros at 7 s, as after a power cut: the windows before and after are whole."""
    data = bytearray(unfinished.read_bytes())
    middle = len(data) // 3
    data[middle : middle + 4096] = bytes(4096)
    path = tmp_path / "holed.webm"
    path.write_bytes(data)
    for span in (Span(0, 5000), Span(10_000, 20_000)):
        clip = cut(path, span)
        assert clip.exact
        assert same(clip, "video", between(packets[VIDEO], span.start_ms, span.end_ms))


def test_a_growing_file_is_cut_while_another_thread_appends_to_it(
    unfinished: Path, placed: list[Placed], packets: dict[int, list[Packet]], tmp_path: Path
) -> None:
    everything = unfinished.read_bytes()
    path = tmp_path / "growing.webm"
    path.touch()
    written = 0
    done = threading.Event()
    ahead = threading.Semaphore(2)  # pieces that the recorder may write while the reader reads

    def record() -> None:
        """Appends pieces of any size."""
        nonlocal written
        chance = random.Random(9)
        with path.open("ab", buffering=0) as file:
            while written < len(everything):
                assert ahead.acquire(timeout=60)
                written += file.write(everything[written : written + chance.choice([1, 300, 5000, 20_000])])
        done.set()

    recorder = threading.Thread(target=record, daemon=True)
    recorder.start()
    looked, cuts = 0, 0
    while not done.is_set() or looked == 0:
        size = written
        looked += done.is_set()
        video, audio = (whole(placed, packets[t], t, size) for t in (VIDEO, AUDIO))
        first_missing = min([b.time_ms - SOUND_DELAY_MS for b in placed if b.end > size], default=0)
        for span in (Span(0, 5000), Span(5000, 15_000), Span(max(0, first_missing - 3000) // 5000 * 5000, max(40, first_missing))):
            if span.end_ms > first_missing:
                continue
            clip = cut(path, span)
            cuts += 1
            assert same(clip, "video", between(video, span.start_ms, span.end_ms)), f"{span} of {size} bytes"
            assert same(clip, "audio", between(audio, span.start_ms, span.end_ms)), f"{span} of {size} bytes"
            assert clip.exact
        ahead.release()
    recorder.join()
    assert cuts > 20
    assert cut(path, Span(10_000, 20_000)) == cut(unfinished, Span(10_000, 20_000))


def test_repair_brings_back_what_was_whole_wherever_the_file_ends(
    unfinished: Path, placed: list[Placed], packets: dict[int, list[Packet]], tmp_path: Path
) -> None:
    everything = unfinished.read_bytes()
    path = tmp_path / "killed.webm"
    chance = random.Random(10)
    repaired = 0
    for _ in range(60):
        size = chance.choice([chance.randrange(3000), chance.randrange(placed[-1].end)])
        path.write_bytes(everything[:size])
        video = whole(placed, packets[VIDEO], VIDEO, size)
        try:
            result = repair(path)
        except MediaError:
            assert not video
            assert path.read_bytes() == everything[:size], "what cannot be repaired stays as it was"
            assert list(tmp_path.iterdir()) == [path]
            continue
        repaired += 1
        data = path.read_bytes()
        assert [(p.time_ms, p.hash) for p in hashed(data)] == [(p.time_ms, p.hash) for p in video]
        heard = whole(placed, packets[AUDIO], AUDIO, size)
        assert [(p.time_ms, p.hash) for p in hashed(data, "audio")] == [(p.time_ms, p.hash) for p in heard]
        assert result.frames == len(video)
        last_block = max(b.end for b in placed if b.end <= size)
        assert result.lost_bytes in range(size - last_block + 30), "only what follows the last whole block is lost"
        assert video[-1].time_ms < result.duration_ms <= video[-1].time_ms + 1100
        assert probe(path).finished
        assert repair(path).lost_bytes == 0
        assert path.read_bytes() == data, "a finished file is left alone"
    assert repaired > 25


def test_a_thumbnail_of_a_killed_file_shows_its_last_frame(unfinished: Path, placed: list[Placed], packets: dict[int, list[Packet]], tmp_path: Path) -> None:
    import cv2
    import numpy as np

    size = placed[len(placed) // 2].end + 10
    path = tmp_path / "killed.webm"
    path.write_bytes(unfinished.read_bytes()[:size])
    frame = cv2.imdecode(np.frombuffer(thumbnail(path, 10**7, width=320), np.uint8), cv2.IMREAD_COLOR)
    assert number_in(frame) == len(whole(placed, packets[VIDEO], VIDEO, size)) - 1
