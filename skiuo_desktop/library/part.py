"""What the parts of `Library` have in common."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from skiuo_desktop.errors import NotFoundError
from skiuo_desktop.home import Home
from skiuo_desktop.library.database import Database
from skiuo_desktop.library.instances import Instance
from skiuo_desktop.library.schema import RecordingRow


class Part:
    """One group of the library's methods over the same database. `Library` is made of them; each stands in a file of its own."""

    def __init__(self, home: Home, database: Database, instance: Instance, device_id: str) -> None:
        self.home = home
        self.device_id = device_id
        self._database = database
        self._instance = instance

    @property
    def instance(self) -> str:
        """The name under which this open library owns recordings and running analyses."""
        return self._instance.id

    @property
    def _folder(self) -> Path:
        return self.home.recordings


def live(session: Session, recording_id: str) -> RecordingRow:
    """The row of a recording that is not deleted. Raises NotFoundError."""
    row = session.scalar(select(RecordingRow).where(RecordingRow.id == recording_id, RecordingRow.deleted_at.is_(None)))
    if row is None:
        raise NotFoundError(f"There is no recording {recording_id!r}. `skiuo list` shows those that there are.")
    return row
