"""The language in which models are asked to write."""

from __future__ import annotations

import locale
import os

from skiuo_desktop import settings as s
from skiuo_desktop.engine.wishes import Wishes


def text_language(wishes: Wishes, recording_id: str = "") -> str:
    """`en` or `zh`: the setting's own, else the window's, else the system's."""
    for setting in (s.ANALYSIS_LANGUAGE, s.INTERFACE_LANGUAGE):
        value = wishes.get(setting, recording_id)
        if value in ("en", "zh"):
            return value
    # As gettext reads it; then what systems without these variables (Windows, macOS) say.
    told = next(filter(None, (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), None) or locale.getlocale()[0] or ""
    return "zh" if told.lower().startswith(("zh", "chinese")) else "en"
