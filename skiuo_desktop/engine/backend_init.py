"""What an administrator does once at the user's own servers, and what is printed for the rights of the desktop's key."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from skiuo_desktop import secrets
from skiuo_desktop import settings as s
from skiuo_desktop.engine.backend_values import database_address, expiry, nothing_configured, store_address
from skiuo_desktop.engine.servers import Servers
from skiuo_desktop.errors import BackendError, SecretError
from skiuo_desktop.model import BackendTrouble

if TYPE_CHECKING:
    from skiuo_desktop.backend.setup import MadeBucket, MadeSchema


@dataclass(frozen=True, slots=True)
class Administrator:
    """Who may set the servers up; empty where the keys of the settings may. Used once and kept nowhere."""

    access_key: str = ""
    secret_key: str = field(default="", repr=False)
    dsn: str = ""
    password: str = field(default="", repr=False)


NOBODY = Administrator()


@dataclass(frozen=True, slots=True)
class SetupReport:
    """What `init` made, and what it prints for the administrator. None, or empty, for a server that is not configured, or where nothing was to be made."""

    bucket: MadeBucket | None = None
    schema: MadeSchema | None = None
    policy: str = ""  # JSON
    policy_commands: list[str] = field(default_factory=list)
    role: str = ""
    role_sql: str = ""
    role_commands: list[str] = field(default_factory=list)
    reader_sql: str = ""  # of a role that only reads, where one was asked for
    left_out: str = ""  # why one of two servers was not set up


class Setup:
    def __init__(self, servers: Servers, settings: s.Settings) -> None:
        self._servers = servers
        self._settings = settings

    def run(self, admin: Administrator = NOBODY, *, role: str = "", create_role: bool = False, reader: str = "", make: bool = True) -> SetupReport:
        """Makes bucket, rule and schema with an administrator's keys (those of the settings where none are given), which are kept nowhere.

        `role`: the database role that the desktop uses; empty: the one in its address, where that is not the administrator.
        `create_role`: make it, too, with the password that is configured. `reader`: a role that only reads, whose SQL is printed as well.
        `make` False: nothing is asked or made; only what would be printed is told. Where an administrator of one server alone is given, the other is left
        out if the keys of the settings may not set it up. Raises UsageError, SecretError, BackendError.
        """
        if not self._servers.configured:
            raise nothing_configured()
        report = SetupReport()
        of_store, of_database = bool(admin.access_key or admin.secret_key), bool(admin.dsn or admin.password)
        if self._settings.get(s.BACKEND_STORE):
            try:
                report = self._init_objects(report, admin, make=make)
            except BackendError as error:
                report = _without(report, error, may_be=of_database and not of_store)
        if self._settings.get(s.BACKEND_DATABASE):
            try:
                report = self._init_rows(report, admin, role=role, create_role=create_role, reader=reader, make=make)
            except BackendError as error:
                report = _without(report, error, may_be=of_store and not of_database)
        return report

    def _init_objects(self, report: SetupReport, admin: Administrator, *, make: bool) -> SetupReport:
        from skiuo_desktop.backend import policy, setup

        desktop, bucket = store_address(self._settings.get), None
        if make:
            own = not (admin.access_key or admin.secret_key)
            address = self._servers.store_address() if own else replace(desktop, access_key=admin.access_key, secret_key=admin.secret_key)
            bucket = setup.make_bucket(address, expiry(self._settings.get))
        # Without an administrator's key the desktop's own may too much, and another one is wanted.
        key = self._known(s.BACKEND_ACCESS_KEY) if admin.access_key or not make else ""
        return replace(report, bucket=bucket, policy=policy.policy_text(desktop.bucket, desktop.host), policy_commands=policy.commands(desktop.host, key))

    def _init_rows(self, report: SetupReport, admin: Administrator, *, role: str, create_role: bool, reader: str, make: bool) -> SetupReport:
        from skiuo_desktop.backend import setup
        from skiuo_desktop.backend.roles import reader_sql, role_sql

        desktop, own, schema = database_address(self._settings.get), not (admin.dsn or admin.password), None
        role = role or _role(desktop.user, own=make and own)
        # Before anything is made: a name that PostgreSQL does not take is refused here.
        report = replace(
            report,
            role=role,
            role_sql=role_sql(role),
            role_commands=setup.role_commands(desktop, role),
            reader_sql=reader_sql(reader) if reader else "",
        )
        if make:
            address = self._servers.database_address() if own else replace(desktop, dsn=admin.dsn or desktop.dsn, password=admin.password)
            made = {"role": role, "password": self._servers.database_address().password} if create_role else {}
            schema = setup.make_schema(address, **made)
        return replace(report, schema=schema)

    def _known(self, setting: s.Setting[str]) -> str:
        try:
            return secrets.read(self._settings.get(setting))
        except SecretError:
            return ""


def _without(report: SetupReport, error: BackendError, *, may_be: bool) -> SetupReport:
    if not may_be or error.trouble is not BackendTrouble.DENIED:
        raise error
    return replace(report, left_out=str(error))


def _role(user: str, *, own: bool) -> str:
    """The role whose rights are printed. One that does the administrator's work itself is not to lose its rights: then it is another one."""
    if user in ("", "postgres"):
        return "skiuo"
    return f"{user}_desktop" if own else user
