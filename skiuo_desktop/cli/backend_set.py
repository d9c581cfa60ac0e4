"""`skiuo backend set`: where the servers are, their keys, and what goes there."""

from __future__ import annotations

import argparse
import re
import sys
from typing import TYPE_CHECKING, Any

from skiuo_desktop import settings as s
from skiuo_desktop.cli import backend_secrets
from skiuo_desktop.cli.running import running
from skiuo_desktop.errors import BackendError, UsageError
from skiuo_desktop.home import Home

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_PLAIN: dict[str, s.Setting[Any]] = {
    "s3": s.BACKEND_STORE,
    "bucket": s.BACKEND_BUCKET,
    "region": s.BACKEND_REGION,
    "public_s3": s.BACKEND_PUBLIC,
    "dsn": s.BACKEND_DATABASE,
    "ca": s.BACKEND_CA,
    "clips": s.BACKEND_CLIPS,
    "keep_video": s.BACKEND_KEEP_VIDEO,
    "keep_days": s.BACKEND_KEEP_DAYS,
    "cold_days": s.BACKEND_COLD_DAYS,
    "cold_class": s.BACKEND_COLD_CLASS,
    "upload_limit": s.BACKEND_LIMIT,
    "paused": s.BACKEND_PAUSED,
}
_SECRETS: dict[str, tuple[s.Setting[str], str]] = {
    "access_key_env": (s.BACKEND_ACCESS_KEY, "access key"),
    "secret_key_env": (s.BACKEND_SECRET_KEY, "secret key"),
    "dsn_password_env": (s.BACKEND_PASSWORD, "database password"),
}
_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*([kMG]?)B?(?:/s)?", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


def add_command(actions: Commands) -> None:
    change = actions.add_parser(
        "set",
        help="where the servers are, their keys, and what goes there",
        description="Only what is given changes. Keys and passwords that no -env option names are asked for and kept in the system's keyring.",
    )
    change.add_argument("--s3", metavar="URL", help="the object store, such as https://minio.example:9000")
    change.add_argument("--bucket", metavar="NAME")
    change.add_argument("--region", metavar="NAME")
    change.add_argument("--public-s3", metavar="URL", help="the https address by which cloud models reach the same store; '' for none")
    change.add_argument("--access-key-env", metavar="VAR", help="the access key is in this environment variable; only its name is kept")
    change.add_argument("--secret-key-env", metavar="VAR", help="the same of the secret key")
    change.add_argument("--dsn", metavar="DSN", help="the database, such as postgresql://skiuo@db.example/skiuo; several hosts are allowed; no password in it")
    change.add_argument("--dsn-password-env", metavar="VAR", help="the database password is in this environment variable; only its name is kept")
    change.add_argument("--no-dsn-password", action="store_true", help="the database wants no password")
    change.add_argument("--new-secrets", action="store_true", help="ask for keys and password again, also where they are there")
    change.add_argument("--ca", metavar="FILE", help="the certificate of the private authority that signed the servers'; '' for none")
    change.add_argument("--allow-http", action="store_true", help="the hosts given here (without any: those configured) may be reached without encryption")
    toggles = argparse.BooleanOptionalAction
    change.add_argument("--clips", action=toggles, default=None, help="store each window's clip as it is analysed")
    change.add_argument("--keep-video", action=toggles, default=None, help="keep video in the store; else it goes once it is analysed")
    change.add_argument("--keep-days", metavar="N", help="days after which the bucket removes video (`backend init` sets its rule); 0: never")
    change.add_argument("--cold-days", metavar="N", help="days after which video moves to a colder class; 0: never")
    change.add_argument("--cold-class", metavar="C", help="the name of that class")
    change.add_argument("--upload-limit", metavar="RATE", type=rate, help="bytes a second, such as 2MB or 500kB; 0: no limit")
    paused = change.add_mutually_exclusive_group()
    paused.add_argument("--pause", dest="paused", action="store_const", const=True, help="send nothing until --resume")
    paused.add_argument("--resume", dest="paused", action="store_const", const=False)
    change.add_argument("--off", action="store_true", help="forget the servers, their keys and the password; what is here and there stays")
    change.set_defaults(run=set_backend)


def rate(text: str) -> int:
    """`2MB`, `500kB`, `1.5 MB/s`, `250000`: bytes a second."""
    found = _RATE.fullmatch(text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no rate: write 2MB, 500kB or a number of bytes a second")
    return round(float(found[1]) * _UNITS[found[2].lower()])


def set_backend(args: argparse.Namespace, home: Home) -> int:
    values = {setting.key: getattr(args, name) for name, setting in _PLAIN.items() if getattr(args, name) is not None}
    secrets = {setting.key: getattr(args, name) for name, (setting, _) in _SECRETS.items() if getattr(args, name) is not None}
    others = bool(values or secrets or args.allow_http or args.no_dsn_password or args.new_secrets)
    if args.off and others:
        raise UsageError("--off forgets everything; it goes with no other option.")
    if not args.off and not others:
        raise UsageError("Nothing to set was given, such as --s3 URL or --dsn DSN.")
    settings = s.Settings(home.settings)

    def get(setting: s.Setting[Any]) -> Any:
        return setting.parse(values[setting.key]) if setting.key in values else settings.get(setting)

    from skiuo_desktop.engine.backend import OFF, check, plain_hosts

    typed: dict[str, str] = {}
    if args.off:
        values = dict(OFF)
    else:
        for name, (setting, _) in _SECRETS.items():
            if setting.key in secrets:
                values[setting.key] = backend_secrets.reference(f"--{name.replace('_', '-')}", secrets[setting.key])
        if args.no_dsn_password:
            values[s.BACKEND_PASSWORD.key] = ""
        if args.allow_http:
            named = [setting for setting in (s.BACKEND_STORE, s.BACKEND_PUBLIC, s.BACKEND_DATABASE) if values.get(setting.key)]
            allowed = get(s.BACKEND_PLAIN)
            found = plain_hosts(get, named or (s.BACKEND_STORE, s.BACKEND_PUBLIC, s.BACKEND_DATABASE))
            values[s.BACKEND_PLAIN.key] = (*allowed, *sorted(found - set(allowed)))
        try:
            check(get, set(values))  # before anybody is asked for a key to an address that cannot be one
        except BackendError as error:
            raise BackendError(f"{error} That is --allow-http.", error.trouble, server=error.server) from error
        typed = _asked(args, get, had_database=bool(settings.get(s.BACKEND_DATABASE)))
    with running(home, analyse=False) as engine:
        engine.set_backend(values, typed).result()
    _say(s.Settings(home.settings))
    return 0


def _asked(args: argparse.Namespace, get: Any, *, had_database: bool) -> dict[str, str]:
    """The secrets that are needed and that nothing names yet, typed on the terminal."""
    typed: dict[str, str] = {}
    for name, (setting, what) in _SECRETS.items():
        database = setting is s.BACKEND_PASSWORD
        if not get(s.BACKEND_DATABASE if database else s.BACKEND_STORE) or (database and args.no_dsn_password) or getattr(args, name) is not None:
            continue
        # A database may want no password: it is asked for once, with the first address.
        missing = not get(setting) and not (database and had_database)
        if missing or args.new_secrets:
            typed[setting.key] = backend_secrets.ask(what, f"--{name.replace('_', '-')}", optional=database)
    return typed


def _say(settings: s.Settings) -> None:
    store, database = settings.get(s.BACKEND_STORE), settings.get(s.BACKEND_DATABASE)
    if not store and not database:
        print("No server is configured: the library stays on this computer.", file=sys.stderr)
        return
    parts = [f"objects to {store}, bucket {settings.get(s.BACKEND_BUCKET)}"] if store else []
    parts += [f"rows to {database}"] if database else []
    print(f"Mirrored: {'; '.join(parts)}. `skiuo backend check` walks every hop.", file=sys.stderr)
    if settings.get(s.BACKEND_PLAIN):
        print(f"Without encryption, because you allowed it: {', '.join(settings.get(s.BACKEND_PLAIN))}.", file=sys.stderr)
