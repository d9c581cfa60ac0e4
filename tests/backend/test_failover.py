"""The primary dies, its replica takes over: the mirror goes on there and has lost nothing."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest
from library.library_parts import Maker
from support.mirrored_rows import assert_same, sync
from support.postgres import Debian15, until

from skiuo_desktop.backend import rows
from skiuo_desktop.backend.database import Database, DatabaseAddress
from skiuo_desktop.errors import BackendError
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.mirroring import Batch
from skiuo_desktop.model import BackendTrouble


def test_a_failover_loses_no_batch(debian15: Debian15, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = debian15.primary.fresh_database()
    database = Database(DatabaseAddress(debian15.dsn(name), allow_plain=("127.0.0.1",)))
    database.prepare()
    with Library.open(Home(tmp_path / "home")) as library:
        make = Maker(library)
        make.said("before", "the switch", title="one")
        sync(library, database)
        make.said("during", "the switch", title="two")
        real = rows._index

        def interrupted(connection: Any, batch: Batch) -> None:
            monkeypatch.undo()
            debian15.primary.stop(signal.SIGQUIT)
            real(connection, batch)

        monkeypatch.setattr(rows, "_index", interrupted)
        with pytest.raises(BackendError) as caught:
            sync(library, database)
        assert caught.value.trouble is BackendTrouble.UNREACHABLE
        with pytest.raises(BackendError) as caught:  # the replica answers, and takes no writes yet
            sync(library, database)
        assert caught.value.trouble is BackendTrouble.UNREACHABLE

        debian15.promote()
        until(lambda: debian15.replica.ask("SELECT NOT pg_is_in_recovery()") == [(True,)], "the replica to take over")
        sync(library, database)
        assert_same(library, database)

        # The old primary comes back as a standby, before the new one in the list of hosts.
        (debian15.primary.data / "standby.signal").touch()
        debian15.primary.start()
        database.close()
        make.said("after", "the switch", title="three")
        sync(library, database)
        assert_same(library, database)
    database.close()
