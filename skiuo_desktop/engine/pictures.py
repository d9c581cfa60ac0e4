"""Small pictures of a window, for showing what was sent of it: cut and decoded on a thread of its own, so that no reader of the library waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

from skiuo_desktop.engine.store import Store
from skiuo_desktop.errors import MediaError, NotFoundError
from skiuo_desktop.media.cut import cut
from skiuo_desktop.media.decode import bgr, decoded, jpeg, shown_size
from skiuo_desktop.media.packets import matroska, samples
from skiuo_desktop.model import Recording, Span

MOST = 60
"""Of one window: the person looks at them, and more would only be smaller."""
QUALITY = 80


class Pictures:
    """One request at a time. Its inbox has one place: a newer request takes that of an older one, which is cancelled."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._newest: Future[list[bytes]] | None = None

    def ask(self, recording_id: str, window_index: int, times_ms: Sequence[int], width: int) -> Future[list[bytes]]:
        """See `Engine.pictures`. Called on one thread."""
        if len(times_ms) > MOST:
            raise ValueError(f"{len(times_ms)} pictures of one window")
        if self._newest is not None:
            self._newest.cancel()  # what has begun goes on to its end
        self._newest = self._pool.submit(self._made, recording_id, window_index, tuple(times_ms), width)
        return self._newest

    def _made(self, recording_id: str, window_index: int, times_ms: tuple[int, ...], width: int) -> list[bytes]:
        recording: Recording = self._store.submit_read(lambda library: library.recording(recording_id)).result()
        if recording.freed_at is not None:
            self._store.submit_read(lambda library: library.require_video(recording_id)).result()
        window = next((w for w in recording.windows if w.index == window_index), None)
        if window is None:
            raise NotFoundError(f"The recording has no window {window_index}.")
        return pictures(Path(recording.path), window.span, times_ms, width)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


def pictures(path: Path, span: Span, times_ms: Sequence[int], width: int) -> list[bytes]:
    """JPEGs of what is shown at `times_ms` from the start of `span`, in their order, upright, at most `width` pixels wide.

    A time before the first picture gives the first, one after the end the last. Raises NotFoundError where there is no file, MediaError where
    nothing can be decoded.
    """
    if not times_ms:
        return []
    order = sorted(range(len(times_ms)), key=lambda i: times_ms[i])
    made = [b""] * len(times_ms)
    with matroska(BytesIO(cut(path, span).data), "The clip") as source:
        stream, shown = source.streams.video[0], None
        for time, frame in decoded(stream, (s.packet for s in samples(source) if s.video)):
            if shown is not None and order and times_ms[order[0]] < time:
                data = _small(shown, stream, width)
                while order and times_ms[order[0]] < time:
                    made[order.pop(0)] = data
            if not order:
                break
            shown = frame
        if shown is None:
            raise MediaError("The clip holds no picture that can be decoded.")
        if order:
            data = _small(shown, stream, width)
            for place in order:
                made[place] = data
    return made


def _small(frame: object, stream: object, width: int) -> bytes:
    full_width, full_height = shown_size(frame, stream)
    small = min(width, full_width)
    return jpeg(bgr(frame, small, max(1, round(full_height * small / full_width))), QUALITY)
