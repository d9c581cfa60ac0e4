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
