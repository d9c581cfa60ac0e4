"""The program killed at every step of recording and mirroring, again and again: at the end the servers hold exactly what the library holds."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.mirrored import configure, differences, keys_in, made_store
from support.postgres import Server as Postgres
from support.running import Run
from support.services import Store

from skiuo_desktop import settings as s
from skiuo_desktop.home import Home

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL")

CHILD = Path(__file__).parents[1] / "support" / "mirror_child.py"
STEPS = [
    *("begin_upload", "note_upload", "object_stored", "object_removed", "release_object", "changes", "mirrored", "note_mirror"),  # the library
    *("put", "send_file", "delete", "stat"),  # the store
    *("push", "confirmed"),  # the database
    *("add_recording", "add_windows", "finish", "update_recording", "delete", "set_tags"),  # recording and analysing
]
MOMENTS = [f"{when}:{step}" for step in STEPS for when in ("before", "after")]


def killed(home: Home, moment: str, number: int, environment: dict[str, str]) -> bool:
    """Runs the program; whether it was killed before its end."""
    words = [sys.executable, str(CHILD), str(home.root), moment, str(number)]
    child = subprocess.run(words, env={**os.environ, **environment}, capture_output=True, text=True, timeout=170)
    assert child.returncode in (0, -signal.SIGKILL), child.stderr[-2_000:]
    return child.returncode != 0


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
    s.Settings(home.settings).change({s.WINDOW_LENGTH.key: 2_000, s.WINDOW_STRIDE.key: 2_000, s.KEEP_FREE.key: 50, s.BACKEND_CLIPS.key: True})
    environment = configure(home, store, postgres.dsn(database_name))
    keys_in(environment, monkeypatch)

    def caught_up(home: Home) -> list[str]:
        """What differs after `skiuo backend sync --once`."""
        run = Run(home, analyse=False, mirror=False)
        run.engine.repaired().result(60)
        run.engine.sync_backend().result(120)
        run.engine.stop()
        return differences(home, store, postgres, database_name)

    kills = 0
    for number in range(rounds):
        kills += killed(home, chance.choice(MOMENTS), chance.randint(1, 3), environment)
        if number % 10 == 9:
            assert caught_up(home) == [], f"after round {number}"
    assert kills > rounds // 3, "hardly any kill met its moment"
    assert not killed(home, "never", 0, environment)
    assert caught_up(home) == []
    store.close()
