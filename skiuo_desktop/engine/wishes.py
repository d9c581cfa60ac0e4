"""Settings as they count for one recording: what was asked for this run only stands before what is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from skiuo_desktop import settings as s

T = TypeVar("T", bool, int, float, str, tuple[str, ...])


class Wishes:
    def __init__(self, settings: s.Settings) -> None:
        self._settings = settings
        self._asked: dict[str, dict[str, Any]] = {}

    def ask(self, recording_id: str, values: Mapping[str, Any] | None) -> None:
        """What counts for a recording in this run. Raises UsageError for a value that is not allowed."""
        if values:
            self._asked.setdefault(recording_id, {}).update(checked(values))

    def get(self, setting: s.Setting[T], recording_id: str = "") -> T:
        asked = self._asked.get(recording_id, {})
        value: T = asked[setting.key] if setting.key in asked else self._settings.get(setting)
        return value


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in their settings' types. Raises UsageError."""
    return {key: s.named(key).parse(value) for key, value in values.items()}
