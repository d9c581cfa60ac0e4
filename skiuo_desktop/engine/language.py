"""The language in which models are asked to write."""

from __future__ import annotations

import locale
import os

from skiuo_desktop import settings as s


def text_language(settings: s.Settings) -> str:
    """`en` or `zh`: the setting's own, else the window's, else the system's."""
    for setting in (s.ANALYSIS_LANGUAGE, s.INTERFACE_LANGUAGE):
        value = settings.get(setting)
        if value in ("en", "zh"):
            return value
    # As gettext reads it; then what systems without these variables (Windows, macOS) say.
    told = next(filter(None, (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), None) or locale.getlocale()[0] or ""
    return "zh" if told.lower().startswith(("zh", "chinese")) else "en"
