"""`skiuo backend check`: walks every hop to the user's own servers, and says of each what was seen and what to do."""

from __future__ import annotations

from skiuo_desktop.backend.check_objects import OBJECT_HOPS, check_objects
from skiuo_desktop.backend.check_rows import ROW_HOPS, check_rows
from skiuo_desktop.backend.walk import OnHop, Walk
from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.model import BackendHop

__all__ = ["OBJECT_HOPS", "ROW_HOPS", "OnHop", "check_objects", "check_rows", "refused"]

HOPS = {"objects": OBJECT_HOPS, "rows": ROW_HOPS}


def refused(server: str, name: str, error: SkiuoError, on_hop: OnHop) -> list[BackendHop]:
    """The walk of a server whose address alone is refused: `error` at the hop `name`, all others skipped."""
    return Walk(server, HOPS[server], on_hop).refused(name, error)
