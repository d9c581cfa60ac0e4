"""How the user's own servers are told of in a terminal and in JSON."""

from __future__ import annotations

import json as json_text
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from skiuo_desktop.cli import as_json, words
from skiuo_desktop.model import BackendHop, BackendStatus, Upload

if TYPE_CHECKING:
    from skiuo_desktop.engine.backend import SetupReport

SERVERS = {"objects": "object store", "rows": "database"}
_STATES = {"ok": ("ok", "green"), "failed": ("WRONG", "red"), "warned": ("note", "yellow"), "skipped": ("-", "dim")}
_PAUSED = {
    "setting": "paused; `skiuo backend set --resume` goes on",
    "metered": "paused on a metered connection",
    "elsewhere": "another program on this library mirrors, or none does now",
}


def hop(value: BackendHop, *, json: bool) -> None:
    """One line, at once, and under it what to do."""
    if json:
        as_json.line(
            {"server": value.server, "name": value.name, "state": value.state, "took_ms": value.took_ms, "detail": value.detail, "advice": value.advice}
        )
        return
    word, style = _STATES[value.state]
    out = Console(highlight=False, soft_wrap=True)
    out.print(f"{SERVERS[value.server]:<13} {value.name:<12} ", end="", markup=False)
    out.print(f"{word:<6}", style=style, end="")
    out.print(f" {value.detail}".rstrip(), markup=False)
    if value.advice:
        out.print(f"{'':<33} {value.advice}", markup=False)
    sys.stdout.flush()


def status_json(status: BackendStatus) -> dict[str, Any]:
    return {
        "configured": status.configured,
        "reachable": status.reachable,
        "pending_rows": status.pending_rows,
        "pending_objects": status.pending_objects,
        "pending_bytes": status.pending_bytes,
        "oldest_pending_at": _time(status.oldest_pending_at),
        "last_error": status.last_error,
        "trouble": status.trouble.value if status.trouble else None,
        "server": status.server,
        "last_synced_at": _time(status.last_synced_at),
        "paused": status.paused,
        "lifecycle_days": status.lifecycle_days,
        "upload": _upload_json(status.upload) if status.upload else None,
    }


def _upload_json(upload: Upload) -> dict[str, Any]:
    return {
        "key": upload.key,
        "recording": upload.recording_id,
        "done": upload.done,
        "total": upload.total,
        "bytes_per_second": round(upload.bytes_per_second, 1),
        "left_s": None if upload.left_s is None else round(upload.left_s, 1),
    }


def _time(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


def status(value: BackendStatus, *, json: bool) -> None:
    if json:
        as_json.line(status_json(value))
        return
    if not value.configured:
        print("No server is configured: the library stays on this computer. `skiuo backend set --s3 URL --dsn DSN` names your own.")
        return
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_row("mirror", how_far(value))
    answer = "answer, but not all is well" if value.last_error else "answer"
    table.add_row("servers", {True: answer, False: "do not answer", None: "not asked"}[value.reachable])
    if value.oldest_pending_at:
        table.add_row("behind since", f"{value.oldest_pending_at.astimezone():%Y-%m-%d %H:%M}")
    if value.last_synced_at:
        table.add_row("last complete", f"{value.last_synced_at.astimezone():%Y-%m-%d %H:%M}")
    if value.upload:
        table.add_row("sending", progress(value))
    known = "not known now" if value.last_error else "no rule seen"
    table.add_row("store keeps video", f"{words.count(value.lifecycle_days, 'day')}, by the bucket's rule" if value.lifecycle_days else known)
    if value.last_error:
        table.add_row("last error", value.last_error)
    Console(highlight=False, markup=False).print(table)


def how_far(value: BackendStatus) -> str:
    """`everything is there`, or what is not, and why nothing is sent."""
    parts = [words.count(value.pending_rows, "row")] if value.pending_rows else []
    parts += [f"{words.count(value.pending_objects, 'object')} ({words.size(value.pending_bytes)})"] if value.pending_objects else []
    told = f"{' and '.join(parts)} to send" if parts else "everything is there"
    return f"{told}; {_PAUSED[value.paused]}" if value.paused else told


def progress(value: BackendStatus) -> str:
    """`3.2 MB of 48 MB, 1.1 MB/s, 41 s left; then 12 rows and 3 objects …`."""
    upload = value.upload
    if upload is None:
        return how_far(value)
    parts = [f"{words.size(upload.done)} of {words.size(upload.total)}"]
    if upload.bytes_per_second > 0:
        parts.append(f"{words.size(round(upload.bytes_per_second))}/s")
    if upload.left_s is not None:
        parts.append(f"{words.seconds(upload.left_s)} left")
    return f"{', '.join(parts)}; {how_far(value)}"


def setup(report: SetupReport, *, json: bool) -> None:
    """What was made on stderr; policy and SQL on stdout, so that they can be kept in a file."""
    if json:
        as_json.line(_setup_json(report))
        return
    if report.bucket is not None:
        made = "made" if report.bucket.created else "was there"
        print(f"Bucket {report.bucket.bucket} at {report.bucket.server}: {made}; {report.bucket.rule}. {report.bucket.problem}".rstrip(), file=sys.stderr)
    if report.schema is not None:
        made = "made" if report.schema.created else "was there"
        print(
            f"Database {report.schema.database} at {report.schema.server} (PostgreSQL {report.schema.version}): {made}; schema {report.schema.revision}."
            + (f" Role {report.schema.role}: may what it needs." if report.schema.role else ""),
            file=sys.stderr,
        )
    if report.left_out:
        print(f"Left out: {report.left_out}", file=sys.stderr)
    if report.policy:
        print("# What the desktop's key may do in the object store. Keep the JSON as skiuo-desktop.json, then:")
        print("".join(f"#   {command}\n" for command in report.policy_commands) + report.policy)
    if report.role_sql and not (report.schema is not None and report.schema.role):
        print(f"\n-- What the role {report.role} may do in the database. Keep it as skiuo-role.sql, then:")
        print("".join(f"--   {command}\n" for command in report.role_commands) + report.role_sql, end="")
    if report.reader_sql:
        print(f"\n-- A role that only reads.\n{report.reader_sql}", end="")


def _setup_json(report: SetupReport) -> dict[str, Any]:
    bucket, schema = report.bucket, report.schema
    return {
        "bucket": {"name": bucket.bucket, "server": bucket.server, "created": bucket.created, "lifecycle_days": bucket.days, "problem": bucket.problem}
        if bucket
        else None,
        "schema": {
            "database": schema.database,
            "server": schema.server,
            "created": schema.created,
            "revision": schema.revision,
            "version": schema.version,
            "role": schema.role,
        }
        if schema
        else None,
        "policy": json_text.loads(report.policy) if report.policy else None,
        "policy_commands": report.policy_commands,
        "role": report.role,
        "role_sql": report.role_sql,
        "role_commands": report.role_commands,
        "reader_sql": report.reader_sql,
        "left_out": report.left_out,
    }


def rebuilt(report: Any, *, json: bool) -> None:
    """What `rebuild` brought back: counts, and the first objects of which nothing could be made, with the reason."""
    if json:
        as_json.line(
            {
                "recordings": report.recordings,
                "windows": report.windows,
                "objects": report.objects,
                "skipped": report.skipped,
                "examples": [{"key": key, "why": why} for key, why in report.examples],
            }
        )
        return
    made = ", ".join((words.count(report.recordings, "recording"), words.count(report.windows, "window"), words.count(report.objects, "object")))
    print(f"Rows made again: {made}. Texts, tags, markers and notes are not in the bucket; a device that still has its library sends them itself.")
    for key, why in report.examples:
        print(f"left out: {key}: {why}")
    if report.skipped > len(report.examples):
        print(f"and {report.skipped - len(report.examples)} more were left out")
