"""The declared settings in the words of the window: their names, what they do, their choices and units."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from skiuo_desktop import settings as s

translate = QCoreApplication.translate


def label(setting: s.Setting[Any]) -> str:
    known = {
        s.INTERFACE_LANGUAGE.key: translate("SettingWords", "Language"),
        s.THEME.key: translate("SettingWords", "Appearance"),
        s.VIDEO_CODEC.key: translate("SettingWords", "Video codec"),
        s.VIDEO_KBPS.key: translate("SettingWords", "Video bit rate"),
        s.AUDIO_KBPS.key: translate("SettingWords", "Sound bit rate"),
        s.WIDTH.key: translate("SettingWords", "Width"),
        s.HEIGHT.key: translate("SettingWords", "Height"),
        s.FPS.key: translate("SettingWords", "Frames a second"),
        s.MJPG.key: translate("SettingWords", "Prefer MJPG from cameras"),
        s.KEEP_FREE.key: translate("SettingWords", "Keep free on the disk"),
        s.WINDOW_LENGTH.key: translate("SettingWords", "Window length"),
        s.WINDOW_STRIDE.key: translate("SettingWords", "A window every"),
        s.ATTEMPTS.key: translate("SettingWords", "Attempts"),
        s.PREVIOUS_WAIT.key: translate("SettingWords", "Wait for the window before"),
        s.BUDGET_RECORDING.key: translate("SettingWords", "For one recording"),
        s.BUDGET_DAY.key: translate("SettingWords", "A day"),
        s.BUDGET_MONTH.key: translate("SettingWords", "A calendar month"),
        s.BUDGET_CURRENCY.key: translate("SettingWords", "Currency"),
        s.CNY_PER_USD.key: translate("SettingWords", "Yuan for a dollar"),
        s.CHEAPER.key: translate("SettingWords", "Cheaper model"),
        s.BACKEND_STORE.key: translate("SettingWords", "Address"),
        s.BACKEND_BUCKET.key: translate("SettingWords", "Bucket"),
        s.BACKEND_REGION.key: translate("SettingWords", "Region"),
        s.BACKEND_PUBLIC.key: translate("SettingWords", "Public address"),
        s.BACKEND_ACCESS_KEY.key: translate("SettingWords", "Access key"),
        s.BACKEND_SECRET_KEY.key: translate("SettingWords", "Secret key"),
        s.BACKEND_DATABASE.key: translate("SettingWords", "Address of the database"),
        s.BACKEND_PASSWORD.key: translate("SettingWords", "Password of the database"),
        s.BACKEND_CA.key: translate("SettingWords", "Certificate of a private authority"),
        s.BACKEND_CLIPS.key: translate("SettingWords", "Store clips"),
        s.BACKEND_KEEP_VIDEO.key: translate("SettingWords", "Keep video in the store"),
        s.BACKEND_KEEP_DAYS.key: translate("SettingWords", "The store keeps video for"),
        s.BACKEND_LIMIT.key: translate("SettingWords", "Upload limit"),
        s.BACKEND_PAUSED.key: translate("SettingWords", "Pause the mirror"),
        s.BACKEND_METERED.key: translate("SettingWords", "Pause on metered connections"),
        s.KEEP_DAYS.key: translate("SettingWords", "Video is kept for"),
        s.KEEP_GB.key: translate("SettingWords", "Space for video"),
    }
    return known.get(setting.key, setting.label)


def help_text(setting: s.Setting[Any]) -> str:
    known = {
        s.INTERFACE_LANGUAGE.key: translate("SettingWords", "Of this window, from the next start."),
        s.VIDEO_CODEC.key: translate("SettingWords", "VP8 needs the least processor time; VP9 makes smaller files."),
        s.VIDEO_KBPS.key: translate("SettingWords", "On average, for the picture."),
        s.AUDIO_KBPS.key: translate("SettingWords", "Of the Opus sound track."),
        s.WIDTH.key: translate("SettingWords", "A camera gives the nearest that it can."),
        s.FPS.key: translate("SettingWords", "Of cameras and screens."),
        s.MJPG.key: translate("SettingWords", "Most USB cameras reach their full size and rate only as MJPG."),
        s.KEEP_FREE.key: translate("SettingWords", "A recording stops cleanly before less than this is left."),
        s.WINDOW_LENGTH.key: translate("SettingWords", "How much of a recording is analysed as one unit."),
        s.WINDOW_STRIDE.key: translate("SettingWords", "At most the length: then windows touch. Below it they overlap; a smaller step costs more."),
        s.ATTEMPTS.key: translate("SettingWords", "How often a window is sent to one model before the next one's turn."),
        s.PREVIOUS_WAIT.key: translate("SettingWords", "A text goes on from the one before. It waits at most this long for it."),
        s.CNY_PER_USD.key: translate("SettingWords", "Counts prices of both currencies against one budget."),
        s.CHEAPER.key: translate("SettingWords", "Asked for new windows when a budget nears its end."),
        s.BACKEND_STORE.key: translate("SettingWords", "Of a MinIO or another S3. Without one, no video is copied."),
        s.BACKEND_PUBLIC.key: translate("SettingWords", "Under which a cloud model reaches the same store, where it is another one."),
        s.BACKEND_DATABASE.key: translate("SettingWords", "A PostgreSQL. Several hosts are allowed, with commas between them. Without one, no text is copied."),
        s.BACKEND_CA.key: translate("SettingWords", "Where your servers have a certificate that no public authority has signed."),
        s.BACKEND_CLIPS.key: translate("SettingWords", "Each window goes there by itself, as it is analysed."),
        s.BACKEND_KEEP_VIDEO.key: translate("SettingWords", "Off: a clip goes when its text is final, a recording when it goes here."),
        s.BACKEND_KEEP_DAYS.key: translate("SettingWords", "By a rule of the bucket, which skiuo backend init sets."),
        s.BACKEND_LIMIT.key: translate("SettingWords", "So that other things have room on your line."),
        s.BACKEND_PAUSED.key: translate("SettingWords", "Nothing is sent until you switch it off."),
        s.BACKEND_METERED.key: translate("SettingWords", "Where the system says that data costs money."),
        s.KEEP_DAYS.key: translate("SettingWords", "Older video files are removed, the oldest first."),
        s.KEEP_GB.key: translate("SettingWords", "When there is more, the oldest video files go first."),
    }
    return known.get(setting.key, "")


def choice(setting: s.Setting[Any], value: str) -> str:
    known = {
        (s.INTERFACE_LANGUAGE.key, "system"): translate("SettingWords", "As the system"),
        (s.INTERFACE_LANGUAGE.key, "en"): "English",
        (s.INTERFACE_LANGUAGE.key, "zh"): "中文",
        (s.THEME.key, "system"): translate("SettingWords", "As the system"),
        (s.THEME.key, "light"): translate("SettingWords", "Light"),
        (s.THEME.key, "dark"): translate("SettingWords", "Dark"),
        (s.BUDGET_CURRENCY.key, "USD"): "$ USD",
        (s.BUDGET_CURRENCY.key, "CNY"): "¥ CNY",
    }
    return known.get((setting.key, value), value.upper())


def unit(setting: s.Setting[Any]) -> str:
    known = {
        "kbit/s": "kbit/s",
        "px": translate("SettingWords", "pixels"),
        "MB": "MB",
        "s": translate("SettingWords", "seconds"),
        "ms": translate("SettingWords", "seconds"),
        "fps": "",
    }
    return known.get(setting.unit, setting.unit)
