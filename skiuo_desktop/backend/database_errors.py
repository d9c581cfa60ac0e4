"""What PostgreSQL's errors mean to a person.

A server that refuses a connection says why in words only: libpq hands no SQLSTATE out for that. Those words are in the
server's own language, so the commonest are known here in English and Chinese; whatever is not known counts as unreachable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from skiuo_desktop import failures
from skiuo_desktop.backend.dsn import DatabaseAddress
from skiuo_desktop.errors import BackendError
from skiuo_desktop.model import BackendTrouble, Remark

LONGEST_DETAIL = 300

# By the beginning of the SQLSTATE (PostgreSQL's manual, appendix A), the first that fits.
_STATES: tuple[tuple[str, BackendTrouble], ...] = (
    ("08", BackendTrouble.UNREACHABLE),
    ("25006", BackendTrouble.UNREACHABLE),  # read only: the old primary after a switch
    ("57P01", BackendTrouble.UNREACHABLE),  # shut down
    ("57P02", BackendTrouble.UNREACHABLE),  # crashed
    ("57P05", BackendTrouble.UNREACHABLE),  # closed because it was idle
    ("25P03", BackendTrouble.UNREACHABLE),  # closed because its transaction was idle
    ("28", BackendTrouble.DENIED),
    ("42501", BackendTrouble.DENIED),
    ("3D000", BackendTrouble.MISSING),
    ("3F000", BackendTrouble.MISSING),
    ("42P01", BackendTrouble.MISSING),
    ("53100", BackendTrouble.FULL),
    ("53", BackendTrouble.BUSY),
    ("55P03", BackendTrouble.BUSY),  # a lock that did not come
    ("57014", BackendTrouble.BUSY),  # a statement that took too long
    ("57P03", BackendTrouble.BUSY),  # starting up
    ("40", BackendTrouble.BUSY),  # deadlock, serialization: the same again succeeds
)
_WORDS: tuple[tuple[str, BackendTrouble], ...] = (
    (r"does not support SSL|was not SSL|不支持 ?SSL", BackendTrouble.PLAIN),
    (r"certificate|SSL error(?!: unexpected eof)|tlsv?1|证书", BackendTrouble.TLS),
    (r"no password supplied|pg_hba\.conf|认证失败", BackendTrouble.DENIED),
    (r"authentication failed|role .* does not exist|not permitted to log in|permission denied|角色.*不存在", BackendTrouble.DENIED),
    (r"database .* does not exist|数据库.*不存在", BackendTrouble.MISSING),
    (r"too many (clients|connections)|connection slots|starting up|not yet accepting|太多的客户|启动中", BackendTrouble.BUSY),
    (r"No space left", BackendTrouble.FULL),
)
_PREFIX = re.compile(r"^(connection failed: )?(connection to server (at|on) .*? failed: )?((FATAL|ERROR): +)?", re.DOTALL)


@contextmanager
def explained(address: DatabaseAddress) -> Iterator[None]:
    """Turns errors of the driver inside into BackendError; none of them carries a statement, a row's content or the password."""
    import psycopg

    try:
        yield
    except DBAPIError as error:
        raise meaning(error.orig or error, address) from error.orig
    except PoolTimeout as error:
        raise failures.backend_error(BackendTrouble.BUSY, address.host, Remark("no_connection")) from error
    except psycopg.Error as error:
        raise meaning(error, address) from error


def meaning(error: BaseException, address: DatabaseAddress) -> BackendError:
    state = getattr(error, "sqlstate", None) or ""
    diag = getattr(error, "diag", None)
    told = (diag.message_primary if diag is not None else None) or str(error)
    detail = shortened(told, address)
    for beginning, trouble in _STATES:
        if state.startswith(beginning):
            return failures.backend_error(trouble, address.host, detail)
    if state:
        return failures.backend_error(BackendTrouble.REFUSED, address.host, detail)
    for words, trouble in _WORDS:
        if re.search(words, told, re.IGNORECASE):
            return failures.backend_error(trouble, address.host, detail)
    import psycopg

    away = isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
    return failures.backend_error(BackendTrouble.UNREACHABLE if away else BackendTrouble.REFUSED, address.host, detail)


def shortened(told: str, address: DatabaseAddress) -> str:
    """One line of the server's own words."""
    if address.password:
        told = told.replace(address.password, "…")
    line = " ".join(_PREFIX.sub("", told.strip()).split())
    return line if len(line) <= LONGEST_DETAIL else line[: LONGEST_DETAIL - 1] + "…"
