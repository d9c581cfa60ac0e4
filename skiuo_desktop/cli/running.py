"""The engine while a command runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from skiuo_desktop.home import Home

if TYPE_CHECKING:
    from skiuo_desktop.engine.app import Engine


@contextmanager
def running(home: Home, *, analyse: bool = True, mirror: bool | None = None) -> Iterator[Engine]:
    """An engine that does what this command asks for, and nothing that other programs have left queued.

    A command that does not analyse does not wait for the repair of a long recording either, and mirrors only where it says so.
    """
    from skiuo_desktop.engine.app import Engine

    engine = Engine(home)
    engine.start(analyse=analyse, backlog=False, repair=analyse, mirror=analyse if mirror is None else mirror)
    try:
        yield engine
    finally:
        engine.stop()
