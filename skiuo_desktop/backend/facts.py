"""What the metadata of each object says: enough to make the rows of its recording and window again (see `keys.pack_metadata`)."""

from __future__ import annotations

from typing import Any

from skiuo_desktop.backend.keys import CLIP
from skiuo_desktop.model import Recording, Window


def recording_facts(recording: Recording, device_name: str) -> dict[str, Any]:
    """For an object of any kind, beside its `kind` and `sha256`."""
    return {
        "device": recording.device_id,
        "device_name": device_name,
        "recording": recording.id,
        "title": recording.title,
        "source": recording.source,
        "label": recording.source_label,
        "started_at": recording.started_at.isoformat(),
        "length_ms": recording.window_length_ms,
        "stride_ms": recording.window_stride_ms,
        "models": list(recording.models),
        "duration_ms": recording.duration_ms,
        "frames": recording.frames,
        "dropped": recording.dropped_frames,
        "bytes": recording.bytes,
        "width": recording.width,
        "height": recording.height,
        "fps": recording.fps,
        "codec": recording.video_codec,
        "audio": recording.has_audio,
    }


def clip_facts(recording: Recording, device_name: str, window: Window) -> dict[str, Any]:
    """For the clip of a window, beside its `sha256`."""
    span = {"window": window.id, "index": window.index, "start_ms": window.span.start_ms, "end_ms": window.span.end_ms}
    return recording_facts(recording, device_name) | {"kind": CLIP} | span
