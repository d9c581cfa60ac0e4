"""The hosts that addresses name, before anybody has said whether they may be reached without encryption."""

from __future__ import annotations

from urllib.parse import urlsplit


def of_store(endpoint: str) -> set[str]:
    """Without its port; empty for what is no address."""
    try:
        host = urlsplit(endpoint.strip()).hostname
    except ValueError:
        return set()
    return {host} if host else set()


def of_database(dsn: str) -> set[str]:
    """All hosts of an address, without ports and sockets; empty for what is no address."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        given = conninfo_to_dict(dsn)
    except ProgrammingError:
        return set()
    names = f"{given.get('host') or ''},{given.get('hostaddr') or ''}".split(",")
    return {name.strip("[]").lower() for name in names if name and not name.startswith(("/", "@"))}
