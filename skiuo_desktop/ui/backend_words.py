"""How the mirror's state is said: in two words at the rail's foot, and in sentences where there is room."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from skiuo_desktop import failures
from skiuo_desktop.model import BackendStatus, BackendTrouble, Upload
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.theme import theme

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Told:
    """`sign`: `ok`, `info`, `warn` or `wait`. `share` of a file that is being sent, 0..1; None while none is."""

    icon: str
    sign: str
    short: str
    head: str
    sentences: tuple[str, ...]
    share: float | None = None


def told(status: BackendStatus) -> Told:
    """What a status means to a person. `status.configured` must be true."""
    rest = tuple(text for text in (pending(status), waiting_since(status), synced(status)) if text)
    if status.paused and status.paused != "elsewhere":
        return Told("player-pause", "wait", translate("Backend", "Paused"), translate("Backend", "The mirror is paused"), (pause(status.paused), *rest))
    if status.trouble is not None or status.last_error:
        away = status.trouble is BackendTrouble.UNREACHABLE
        head = translate("Backend", "Your server cannot be reached") if away else translate("Backend", "Your server does not take everything")
        return Told("cloud", "warn", translate("Backend", "Trouble"), head, (trouble(status), *rest))
    upload = status.upload
    if upload is not None and upload.total > 0:
        share = min(1.0, upload.done / upload.total)
        short = translate("Backend", "{0} %").format(fmt.number(int(share * 100)))
        return Told("cloud-up", "info", short, translate("Backend", "Being mirrored"), (sending(upload), *rest), share)
    if status.pending_objects or status.pending_rows:
        short = translate("Backend", "{0} to go").format(fmt.number(status.pending_objects or status.pending_rows))
        elsewhere = (pause(status.paused),) if status.paused else ()
        return Told("cloud-up", "info", short, translate("Backend", "Being mirrored"), (*elsewhere, *rest))
    if status.reachable is None and status.last_synced_at is None:
        return Told("cloud", "wait", translate("Backend", "Waiting"), translate("Backend", "Your server has not been asked yet"), rest)
    return Told("cloud-check", "ok", translate("Backend", "Mirrored"), translate("Backend", "Everything is mirrored"), rest)


def pending(status: BackendStatus) -> str:
    """`7 files (1.2 GB) and 31 rows are still to be sent.`; empty when nothing is."""
    files, rows = status.pending_objects, status.pending_rows
    said = []
    if files:
        size = fmt.size(status.pending_bytes)
        said.append(
            translate("Backend", "1 file ({0})").format(size) if files == 1 else translate("Backend", "{0} files ({1})").format(fmt.number(files), size)
        )
    if rows:
        said.append(translate("Backend", "1 row") if rows == 1 else translate("Backend", "{0} rows").format(fmt.number(rows)))
    if not said:
        return ""
    what = translate("Backend", "{0} and {1}").format(*said) if len(said) == 2 else said[0]
    return translate("Backend", "Still to be sent: {0}.").format(what)


def waiting_since(status: BackendStatus) -> str:
    if status.oldest_pending_at is None or not (status.pending_objects or status.pending_rows):
        return ""
    return translate("Backend", "The oldest waits since {0}.").format(fmt.date_time(status.oldest_pending_at))


def synced(status: BackendStatus) -> str:
    if status.last_synced_at is None:
        return ""
    return translate("Backend", "Last mirrored completely: {0}.").format(fmt.date_time(status.last_synced_at))


def pause(why: str) -> str:
    return {
        "setting": translate("Backend", "You have paused the mirror. Recording goes on, and what is recorded waits here."),
        "metered": translate("Backend", "This connection is metered. The mirror goes on by itself on another one."),
        "elsewhere": translate("Backend", "Another Skiuo on this computer is mirroring."),
    }.get(why, "")


def trouble(status: BackendStatus) -> str:
    """The sentence in the window's language; English is as the engine says it, which may be more exact."""
    language = theme().language
    return status.last_error if language == "en" or status.remark is None else failures.told(status.remark, language)


def sending(upload: Upload) -> str:
    """`Sending: 290 MB of 453 MB, 3.2 MB/s, about 50 s left.`"""
    return translate("Backend", "Sending: {0}.").format(progress(upload))


def progress(upload: Upload) -> str:
    """`290 MB of 453 MB · 3.2 MB/s · about 50 s left`"""
    parts = [translate("Backend", "{0} of {1}").format(fmt.size(upload.done), fmt.size(upload.total))]
    if upload.bytes_per_second > 0:
        parts.append(fmt.rate(upload.bytes_per_second))
    if upload.left_s is not None:
        parts.append(translate("Backend", "about {0} left").format(fmt.duration(int(upload.left_s * 1000))))
    return " · ".join(parts)
