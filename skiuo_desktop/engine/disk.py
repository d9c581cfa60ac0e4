"""How much recording time still fits on the disk, before a recording has shown its own rate."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from skiuo_desktop import settings as s
from skiuo_desktop.home import Home


@dataclass(frozen=True, slots=True)
class DiskRoom:
    free_bytes: int
    kept_bytes: int  # kept free by setting
    bytes_per_hour: int  # about: the bit rates of the settings
    room_ms: int
    total_bytes: int


def disk_room(home: Home, settings: s.Settings) -> DiskRoom:
    usage = shutil.disk_usage(home.recordings)
    free = usage.free
    kept = settings.get(s.KEEP_FREE) * 1_000_000
    per_second = (settings.get(s.VIDEO_KBPS) + settings.get(s.AUDIO_KBPS)) * 1000 // 8
    return DiskRoom(free, kept, per_second * 3600, max(0, free - kept) * 1000 // per_second, usage.total)
