"""Where a PostgreSQL is, and that nobody on the way reads what goes there.

TLS with a checked certificate and name is the rule (`sslmode=verify-full`). Plain connections, and certificates that
nobody checks, are for hosts that a person named one by one, and for sockets of this computer.
"""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from skiuo_desktop import failures, remarks
from skiuo_desktop.errors import UsageError
from skiuo_desktop.model import BackendTrouble

CONNECT_S = 10
"""How long one host of the DSN may take to answer; libpq then tries the next."""

_SECRETS = ("password", "sslpassword", "oauth_client_secret")
_DEFAULTS = {
    "connect_timeout": str(CONNECT_S),
    # A server that is cut off is noticed within a minute, also while nothing is being sent.
    "keepalives": "1",
    "keepalives_idle": "20",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "40000",
    "application_name": "skiuo",
    # After a failover the old primary is a standby: of several hosts, the one that takes writes is meant.
    "target_session_attrs": "read-write",
    "gssencmode": "disable",
}
_CA_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # Alpine, macOS
)


@dataclass(frozen=True)
class DatabaseAddress:
    """A PostgreSQL database and the password to it; checked when it is made.

    `dsn`: what libpq reads, such as `postgresql://user@host1,host2:5433/name?target_session_attrs=read-write`, without a password. `ca_file`: PEM certificates
    that are trusted in place of the usual ones. `allow_plain`: hosts (without port) to which the connection may be without TLS, this computer included.

    Raises UsageError for what is no DSN, holds a password, or weakens the check of the certificate; BackendError (PLAIN) for one that turns TLS off.
    """

    dsn: str
    password: str = field(default="", repr=False)
    ca_file: str = ""
    allow_plain: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "dsn", self.dsn.strip())
        given = _parsed(self.dsn)
        if not given.get("dbname") or not (given.get("host") or given.get("hostaddr")):
            raise remarks.error(UsageError, "database_host")
        mode = given.get("sslmode", "verify-full")
        if self.may_be_plain or mode == "verify-full":
            return
        if mode in ("disable", "allow", "prefer"):
            raise failures.backend_error(BackendTrouble.PLAIN, self.host)
        raise remarks.error(UsageError, "database_sslmode", mode=mode)

    @property
    def hosts(self) -> list[tuple[str, int]]:
        """Each host of the DSN with its port, in its order. A host that begins with `/` or `@` is a socket of this computer."""
        given = _parsed(self.dsn)
        names = (given.get("host") or given["hostaddr"]).split(",")
        ports = given.get("port", "").split(",")
        if len(ports) == 1:
            ports *= len(names)
        return [(name, int(port or 5432)) for name, port in zip(names, ports, strict=True)]

    @property
    def host(self) -> str:
        """Hosts and ports, as messages name the server."""
        return ",".join(name if _is_socket(name) else f"[{name}]:{port}" if ":" in name else f"{name}:{port}" for name, port in self.hosts)

    @property
    def user(self) -> str:
        return _parsed(self.dsn).get("user", "")

    @property
    def may_be_plain(self) -> bool:
        """Whether every host was named for it. Where `hostaddr` is given, libpq connects to that, whatever `host` says."""
        allowed = {name.strip("[]").lower() for name in self.allow_plain}
        addresses = [address for address in _parsed(self.dsn).get("hostaddr", "").split(",") if address]
        named = all(_is_socket(name) or name.lower() in allowed for name, _ in self.hosts)
        return named and all(address.lower() in allowed for address in addresses)

    def parameters(self) -> dict[str, str]:
        """What libpq is told, the password included."""
        told = _DEFAULTS | _parsed(self.dsn) | {"client_encoding": "UTF8"}
        if self.password:
            told["password"] = self.password
        mode = told.setdefault("sslmode", "prefer" if self.may_be_plain else "verify-full")
        if mode.startswith("verify"):
            told["sslrootcert"] = self.ca_file or told.get("sslrootcert") or trusted_file()
        return told


def trusted_file() -> str:
    """A file with the certificates that this system trusts. The OpenSSL inside psycopg's wheel looks for them where no system has them."""
    for place in (os.environ.get("SSL_CERT_FILE"), ssl.get_default_verify_paths().cafile, *_CA_FILES):
        if place and Path(place).is_file():
            return place
    import certifi

    return certifi.where()


def _is_socket(host: str) -> bool:
    return host.startswith(("/", "@"))


def _parsed(dsn: str) -> dict[str, str]:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        given = {name: str(value) for name, value in conninfo_to_dict(dsn).items() if value not in (None, "")}
    except ProgrammingError:  # not chained: libpq repeats the DSN, which may hold a password
        raise remarks.error(UsageError, "database_address") from None
    if any(given.get(name) for name in _SECRETS):
        raise remarks.error(UsageError, "database_password")
    ports = given.get("port", "").split(",")
    names = (given.get("host") or given.get("hostaddr") or "").split(",")
    if not all(port.isdigit() or not port for port in ports) or len(ports) not in (1, len(names)):
        raise remarks.error(UsageError, "database_ports")
    return given
