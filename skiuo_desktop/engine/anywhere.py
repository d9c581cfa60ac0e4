"""Recordings wherever they are, for a command without a running engine: of this library, or of other devices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from skiuo_desktop import settings as s
from skiuo_desktop.engine.elsewhere import Elsewhere
from skiuo_desktop.engine.offhand import open_library
from skiuo_desktop.engine.servers import Servers
from skiuo_desktop.errors import BackendError, NotFoundError, SecretError
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.model import Hit, Recording, RecordingSummary

T = TypeVar("T")

ALL_DEVICES = "all"
"""This device and all others."""

MOST = 10**9
"""More recordings than anybody has."""


class Anywhere:
    """`device`, where it is asked for: None for this one, ALL_DEVICES, or the name or id of another one. Raises as `Elsewhere` where others are asked for."""

    def __init__(self, library: Library, elsewhere: Elsewhere) -> None:
        self.own = library
        self.elsewhere = elsewhere
        self.away: BackendError | None = None
        """Why others are missing in what was answered of all devices: what is here does not wait for a server."""

    def summaries(self, device: str | None) -> list[RecordingSummary]:
        """All recordings, the newest first."""
        summaries = self.own.summaries(MOST) if device in (None, ALL_DEVICES) else []
        if device is not None:
            summaries += self._of_others(device, lambda name: self.elsewhere.summaries(MOST, device=name))
            summaries.sort(key=lambda summary: summary.started_at, reverse=True)
        return summaries

    def search(self, text: str, limit: int, device: str | None) -> list[Hit]:
        hits = self.own.search(text, limit) if device in (None, ALL_DEVICES) else []
        if device is not None:
            hits += self._of_others(device, lambda name: self.elsewhere.search(text, limit, name))
            hits.sort(key=lambda hit: hit.recording_id, reverse=True)  # ids begin with the time; places of one recording stay in their order
        return hits[:limit]

    def _of_others(self, device: str, ask: Callable[[str], list[T]]) -> list[T]:
        try:
            return ask("" if device == ALL_DEVICES else device)
        except BackendError as error:
            if device != ALL_DEVICES:
                raise
            self.away = error
            return []

    def resolve(self, text: str) -> str:
        """The id of the recording that `text` means, here or, where there is none here, on another device. Raises NotFoundError."""
        try:
            return self.own.resolve(text)
        except NotFoundError as error:
            if not self.elsewhere.listed:
                raise
            try:
                return self.elsewhere.resolve(text)
            except NotFoundError:
                raise error from None
            except (BackendError, SecretError) as trouble:
                raise NotFoundError(f"{error} Other devices could not be asked: {trouble}") from trouble

    def resolve_own(self, text: str) -> str:
        """As `resolve`, for what only this device's recordings take: NotFoundError says so where it is another device's."""
        recording_id = self.resolve(text)
        recording = self.recording(recording_id)
        if recording.device:
            raise NotFoundError(f"{recording.title or recording_id} was recorded on {recording.device}, and can be changed only there.")
        return recording_id

    def recording(self, recording_id: str) -> Recording:
        """Raises NotFoundError."""
        try:
            return self.own.recording(recording_id)
        except NotFoundError:
            if not self.elsewhere.listed:
                raise
            return self.elsewhere.recording(recording_id)


@contextmanager
def open_anywhere(home: Home) -> Iterator[Anywhere]:
    with open_library(home) as library:
        settings = s.Settings(home.settings)
        servers = Servers(settings)
        elsewhere = Elsewhere(servers, home, settings, library)
        try:
            yield Anywhere(library, elsewhere)
        finally:
            elsewhere.close()
            servers.close()
