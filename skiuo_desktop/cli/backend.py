"""`skiuo backend`: the user's own object store and database, which mirror the library."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from skiuo_desktop.cli import backend_set, backend_sync, backend_words
from skiuo_desktop.cli.backend_secrets import from_variable
from skiuo_desktop.cli.running import running
from skiuo_desktop.errors import BackendError, UsageError
from skiuo_desktop.home import Home
from skiuo_desktop.model import BackendHop, BackendTrouble

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_commands(commands: Commands) -> None:
    backend = commands.add_parser(
        "backend",
        help="your own object store and database, as a mirror",
        description="Recordings, clips and texts go to your own object store (MinIO, S3) and PostgreSQL, as soon as they can be reached. "
        "Without an action: how far the mirror is.",
    )
    backend.set_defaults(run=show_status)
    backend.add_argument("--json", action="store_true", help="one JSON object")
    actions = backend.add_subparsers(title="actions", metavar="ACTION")
    backend_set.add_command(actions)
    check = actions.add_parser("check", help="walk every hop to the servers and say what is wrong", description="Stores a short clip, reads it and removes it.")
    check.add_argument("--json", action="store_true", help="one JSON object a hop")
    check.set_defaults(run=check_backend)
    _add_init(actions)
    status = actions.add_parser("status", help="how far the mirror is, and whether the servers answer")
    status.add_argument("--json", action="store_true", help="one JSON object")
    status.set_defaults(run=show_status)
    backend_sync.add_commands(actions)


def _add_init(actions: Commands) -> None:
    init = actions.add_parser(
        "init",
        help="make bucket, rule and schema; print the rights that the desktop needs",
        description="For an administrator, once: makes the bucket with its rule and the database with its schema, and prints the policy and the SQL that let "
        "the desktop's key do what it needs and no more. The administrator's keys are not kept. Running it again changes nothing that is right.",
    )
    init.add_argument("--admin-access-key-env", metavar="VAR", help="the variable with the administrator's access key; without: the desktop's own key")
    init.add_argument("--admin-secret-key-env", metavar="VAR", help="the variable with its secret key")
    init.add_argument("--admin-dsn", metavar="DSN", help="the database as its administrator sees it; without: the desktop's own address")
    init.add_argument("--admin-password-env", metavar="VAR", help="the variable with the administrator's password; without: asked for on a terminal")
    init.add_argument("--role", metavar="NAME", help="the database role that the desktop uses; without: the one in its address")
    init.add_argument("--create-role", action="store_true", help="make that role, too, with the password that `backend set` was given")
    init.add_argument("--reader", metavar="NAME", help="also print the SQL of a role that only reads, for reports and other programs")
    init.add_argument("--print-only", action="store_true", help="only print policy and SQL; no server is asked")
    init.add_argument("--json", action="store_true", help="one JSON object")
    init.set_defaults(run=init_backend)


def check_backend(args: argparse.Namespace, home: Home) -> int:
    def show(hop: BackendHop) -> None:
        backend_words.hop(hop, json=args.json)

    with running(home, analyse=False) as engine:
        hops = engine.check_backend(show).result()
    failed = [hop for hop in hops if hop.state == "failed"]
    if failed:
        where = " and ".join(f"{backend_words.SERVERS[hop.server]} ({hop.name})" for hop in failed)
        raise BackendError(f"The check failed: {where}.", BackendTrouble.REFUSED)
    return 0


def init_backend(args: argparse.Namespace, home: Home) -> int:
    if args.print_only and (args.create_role or args.admin_dsn or args.admin_access_key_env):
        raise UsageError("--print-only asks no server: it goes with no administrator's options and not with --create-role.")
    if bool(args.admin_access_key_env) != bool(args.admin_secret_key_env):
        raise UsageError("An administrator's key has two parts: --admin-access-key-env and --admin-secret-key-env.")
    if args.admin_password_env and not args.admin_dsn:
        raise UsageError("--admin-password-env is the password of --admin-dsn, which is missing.")
    access_key = secret_key = password = ""
    if args.admin_access_key_env:
        access_key = from_variable("--admin-access-key-env", args.admin_access_key_env)
        secret_key = from_variable("--admin-secret-key-env", args.admin_secret_key_env)
    if args.admin_password_env:
        password = from_variable("--admin-password-env", args.admin_password_env)
    elif args.admin_dsn and sys.stdin.isatty():
        import getpass

        password = getpass.getpass("Password of the administrator (not shown; Enter: none is needed): ")
    from skiuo_desktop.engine.backend import Administrator

    admin = Administrator(access_key, secret_key, args.admin_dsn or "", password)
    with running(home, analyse=False) as engine:
        asked = engine.init_backend(admin, role=args.role or "", create_role=args.create_role, reader=args.reader or "", make=not args.print_only)
        try:
            report = asked.result()
        except BackendError as error:
            if error.trouble not in (BackendTrouble.DENIED, BackendTrouble.OLDER, BackendTrouble.MISSING):
                raise
            hint = "An administrator's keys are given by --admin-access-key-env and --admin-secret-key-env, or by --admin-dsn and --admin-password-env."
            raise BackendError(f"{error} {hint}", error.trouble, server=error.server, detail=error.detail) from error
    backend_words.setup(report, json=args.json)
    return 0


def show_status(args: argparse.Namespace, home: Home) -> int:
    with running(home, analyse=False) as engine:
        status = engine.reach_backend().result()
    backend_words.status(status, json=args.json)
    return 0
