"""Where things live: the home folder of this user's data, and the resources that come with the program.

`SKIUO_HOME` moves everything (library, settings, logs, caches) into one folder. Without it the data stands where
the system keeps such data, by `platformdirs`.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from skiuo_desktop.errors import StorageError


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one library. Nothing is created before `prepare`."""

    root: Path

    @classmethod
    def default(cls) -> Home:
        told = os.environ.get("SKIUO_HOME", "").strip()
        try:
            root = Path(told).expanduser() if told else platformdirs.user_data_path("Skiuo", appauthor=False)
        except RuntimeError as error:
            raise StorageError(f"SKIUO_HOME is {told}, and there is no such user. Set it to a folder.") from error
        return cls(root.absolute())

    @property
    def database(self) -> Path:
        return self.root / "library.db"

    @property
    def recordings(self) -> Path:
        return self.root / "recordings"

    @property
    def settings(self) -> Path:
        return self.root / "settings.json"

    @property
    def models(self) -> Path:
        return self.root / "models.json"

    @property
    def prompts(self) -> Path:
        return self.root / "prompts.json"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def instances(self) -> Path:
        """One lock file for each running program that writes to this library."""
        return self.root / "instances"

    def prepare(self) -> Home:
        """Creates the folders, private to the user. Raises StorageError where that cannot be done."""
        try:
            for folder in (self.root, self.recordings, self.logs, self.instances):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"The folder {self.root} cannot be used: {error.strerror or error}. Set SKIUO_HOME to another one.") from error
        return self


def resource(*parts: str) -> Path:
    """A file under `resources/`: beside the package in a checkout, inside it when installed, in the bundle when packaged."""
    bundle = getattr(sys, "_MEIPASS", None)
    package = Path(__file__).parent
    for base in ([Path(bundle)] if bundle else []) + [package, package.parent]:
        path = base.joinpath("resources", *parts)
        if path.exists():
            return path
    raise StorageError(f"The program is incomplete: {'/'.join(parts)} is missing. Install it again.")
