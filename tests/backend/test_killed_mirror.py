"""The program killed while it records and mirrors, at every step and at any time: at the end the servers hold exactly what the library holds."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from support import forked
from support.mirrored import configure, differences, keys_in, made_store
from support.postgres import Server as Postgres
from support.running import Run
from support.services import Store

from skiuo_desktop import settings as s
from skiuo_desktop.home import Home

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL")

STEPS = [
    *("begin_upload", "note_upload", "object_stored", "object_removed", "release_object", "changes", "mirrored", "note_mirror"),  # the library
    *("put", "send_file", "delete", "stat"),  # the store
    *("push", "confirmed"),  # the database
    *("add_recording", "add_windows", "finish", "update_recording", "delete", "set_tags"),  # recording and analysing
]
MOMENTS = [f"{when}:{step}" for step in STEPS for when in ("before", "after")]
KINDS = {"small": 4, "large": 2, "live": 2}
"""What a run records (see `mirror_child`), and how often in ten or so."""
UPLOAD_LIMIT = 12_000_000
"""Bytes a second, so that an upload in parts lasts long enough to be met."""


class Child:
    """The program, run in a process of its own, once for each call, and killed at a chosen moment or time."""

    def __init__(self, home: Home, environment: Mapping[str, str], chance: random.Random) -> None:
        self._home, self._environment, self._chance = home, {**os.environ, **environment}, chance
        self._lasts: dict[str, float] = {}
        self.met: Counter[str] = Counter()
        """Kills, and what they fell into."""

    def at_a_moment(self, kind: str = "small") -> None:
        """Kills itself at a step of its work."""
        self._run(self._chance.choice(MOMENTS), self._chance.randint(1, 3), kind)

    def at_a_time(self, kind: str) -> None:
        """Killed from outside within the time that it took when nobody killed it. The first of its kind runs to its end, to learn that."""
        if kind not in self._lasts:
            begun = time.monotonic()
            self.to_the_end(kind)
            self._lasts[kind] = time.monotonic() - begun
            return
        # Noise takes long to encode, and it is the upload of its file that is to be met.
        earliest = 0.5 if kind == "large" else 0.0
        self._run("never", 0, kind, self._chance.uniform(earliest, 1.0) * self._lasts[kind])

    def to_the_end(self, kind: str = "small") -> None:
        assert not self._run("never", 0, kind)

    def _run(self, moment: str, number: int, kind: str, killed_after_s: float | None = None) -> bool:
        try:
            words = (str(self._home.root), moment, str(number), kind)
            child = forked.run("support.mirror_child:run", *words, env=self._environment, timeout_s=killed_after_s or 170)
        except subprocess.TimeoutExpired:
            if killed_after_s is None:
                raise
        else:
            assert child.returncode in (0, -signal.SIGKILL), child.stderr[-2_000:]
            if child.returncode == 0:
                return False
        self.met["time" if killed_after_s is not None else "moment"] += 1
        self.met.update(self._under_way())
        return True

    def _under_way(self) -> dict[str, int]:
        """What the library says, read from a copy: who opens the database itself would already repair it."""
        folder = self._home.root / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for file in self._home.root.glob(f"{self._home.database.name}*"):
            if not file.name.endswith("-shm"):
                shutil.copy(file, folder)
        with closing(sqlite3.connect(folder / self._home.database.name)) as database:
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'uploads'").fetchone():
                return {}
            ((recording,),) = database.execute("SELECT count(*) FROM recordings WHERE state = 'recording'")
            ((parts,),) = database.execute("SELECT count(*) FROM uploads WHERE state = 'sending' AND upload_id != ''")
        return {"recording": min(recording, 1), "upload in parts": min(parts, 1)}


def keys_ever(home: Home) -> list[str]:
    """Of all objects that were ever begun."""
    with closing(sqlite3.connect(home.database)) as database:
        return [key for (key,) in database.execute("SELECT key FROM uploads")]


@pytest.mark.parametrize(
    ("rounds", "seed"),
    [
        pytest.param(5, 1, marks=pytest.mark.timeout(600)),
        *(pytest.param(100, seed, marks=[pytest.mark.slow, pytest.mark.timeout(3_600)]) for seed in range(2, 6)),
    ],
)
def test_after_kills_at_any_moment_the_servers_hold_what_the_library_holds(
    rounds: int, seed: int, tmp_path: Path, object_server: Store, postgres: Postgres, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, store, chance = Home(tmp_path / "home").prepare(), made_store(object_server), random.Random(seed)
    values = {s.WINDOW_LENGTH: 2_000, s.WINDOW_STRIDE: 2_000, s.KEEP_FREE: 50, s.BACKEND_CLIPS: True, s.VIDEO_KBPS: 50_000, s.BACKEND_LIMIT: UPLOAD_LIMIT}
    s.Settings(home.settings).change({setting.key: value for setting, value in values.items()})
    environment = configure(home, store, postgres.dsn(database_name))
    keys_in(environment, monkeypatch)
    child = Child(home, environment, chance)

    def caught_up() -> list[str]:
        """What differs after `skiuo backend sync --once`."""
        run = Run(home, analyse=False, mirror=False)
        run.engine.repaired().result(60)
        run.engine.sync_backend().result(120)
        run.engine.stop()
        return differences(home, store, postgres, database_name)

    for number in range(rounds):
        kind = chance.choices([*KINDS], [*KINDS.values()])[0] if rounds > 5 else "small"
        (child.at_a_time if number % 2 else child.at_a_moment)(kind)
        if number % 10 == 9:
            assert caught_up() == [], f"after round {number}"
    child.to_the_end()
    assert caught_up() == []
    assert [key for key in keys_ever(home) if store.unfinished(key)] == [], "parts that nobody completes or gives up"
    print(f"rounds {rounds}, seed {seed}: {dict(child.met)}")
    assert child.met["moment"] + child.met["time"] >= max(1, rounds // 3), "hardly any kill met its moment"
    if rounds > 5:
        assert child.met["recording"] and child.met["upload in parts"], child.met
    store.close()
