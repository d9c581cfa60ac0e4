"""Figures as people read them, in the language of the window. Non-breaking spaces keep a figure and its unit together."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from skiuo_desktop import failures, remarks
from skiuo_desktop.errors import AnalysisError, BackendError, SkiuoError
from skiuo_desktop.model import Span

NBSP = "\u00a0"

translate = QCoreApplication.translate


def _is_chinese() -> bool:
    return QLocale().language() is QLocale.Language.Chinese


# ---------------------------------------------------------------------- time within a recording


def clock(ms: int) -> str:
    """`00:04:12`: the large elapsed time."""
    seconds = max(0, ms) // 1000
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def stamp(ms: int) -> str:
    """`04:12`, from an hour on `1:04:12`: a moment of a recording."""
    seconds = max(0, ms) // 1000
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes:02d}:{rest:02d}"


def span(value: Span) -> str:
    """`03:40 – 03:55`; a window whose edge is no full second rounds to the nearest one."""
    return f"{stamp(_round(value.start_ms))}{NBSP}–{NBSP}{stamp(_round(value.end_ms))}"


def _round(ms: int) -> int:
    return (ms + 500) // 1000 * 1000


def duration(ms: int) -> str:
    """`3 h 16 min`, `2 min 5 s`, `15 s`: at most two units, whole ones."""
    seconds = max(0, round(ms / 1000))
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    if hours:
        return (
            translate("Format", "{0} h {1} min").format(hours, minutes).replace(" ", NBSP)
            if minutes
            else translate("Format", "{0} h").format(hours).replace(" ", NBSP)
        )
    if minutes:
        return (
            translate("Format", "{0} min {1} s").format(minutes, rest).replace(" ", NBSP)
            if rest
            else translate("Format", "{0} min").format(minutes).replace(" ", NBSP)
        )
    return translate("Format", "{0} s").format(rest).replace(" ", NBSP)


def seconds(ms: float, digits: int = 1) -> str:
    """`6.9 s`, `6.9 秒`."""
    return translate("Format", "{0} s").format(number(ms / 1000, digits)).replace(" ", NBSP)


def seconds_plain(ms: int) -> str:
    """A length of a window in seconds with no more digits than it has: `15`, `7.5`."""
    return number(ms / 1000, 0 if ms % 1000 == 0 else 1)


# ---------------------------------------------------------------------- numbers


def number(value: float, digits: int = 0) -> str:
    """`9,224`, `29.9`, with the signs of the language; a true minus sign."""
    return QLocale().toString(float(value), "f", digits).replace("-", "−")


def size(count: int) -> str:
    """`78.8 MB`, in powers of ten as disks are sold."""
    value, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if abs(value) < 999.5 or unit == "TB":
            break
        value /= 1000
    digits = 0 if unit in ("B", "kB") or value >= 99.95 or value == int(value) else 1
    return f"{number(value, digits)}{NBSP}{unit}"


def rate(bytes_per_second: float) -> str:
    """`313 kB/s`."""
    return f"{size(round(bytes_per_second))}/s"


def money(amount: float, currency: str = "USD") -> str:
    """`$1.43`; below a cent four digits, `$0.0040`; `free` for nothing."""
    if amount == 0:
        return translate("Format", "free")
    return _sign(currency) + number(amount, 2 if abs(amount) >= 0.01 else 4)


def price(amount: float, currency: str = "USD") -> str:
    """In a column, where amounts are compared at a glance: `$0.008`, `$0.420`, and `$1.43` from one on; `free` for nothing."""
    if amount == 0 or amount >= 0.9995:
        return money(amount, currency)
    return f"<{_sign(currency)}{number(0.001, 3)}" if amount < 0.0005 else _sign(currency) + number(amount, 3)


def amount(value: float, currency: str = "USD") -> str:
    """The same for sums, where nothing is `$0.00` and not `free`."""
    return money(value, currency) if value else _sign(currency) + number(0, 2)


def _sign(currency: str) -> str:
    return {"USD": "$", "EUR": "€", "CNY": "¥"}.get(currency, currency + NBSP)


def decibels(value: float) -> str:
    """`−18 dB`; below what 16 bits can carry `−∞ dB`."""
    if value < -96:
        return f"−∞{NBSP}dB"
    return f"{number(round(value))}{NBSP}dB"


def fps(value: float) -> str:
    return f"{number(value, 1)}{NBSP}fps"


# ---------------------------------------------------------------------- dates, in the person's own time zone


def time_of_day(moment: datetime) -> str:
    """`14:05`, or as the locale writes it."""
    local = moment.astimezone()
    return QLocale().toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)


def day(moment: datetime, now: datetime | None = None) -> str:
    """`Today`, `Yesterday`, else the date with its weekday."""
    local, today = moment.astimezone().date(), (now or datetime.now().astimezone()).astimezone().date()
    if local == today:
        return translate("Format", "Today")
    if local == today - timedelta(days=1):
        return translate("Format", "Yesterday")
    shape = "M月d日 dddd" if _is_chinese() else "dddd d MMMM"
    if local.year != today.year:
        shape = "yyyy年M月d日" if _is_chinese() else "d MMMM yyyy"
    return QLocale().toString(QDate(local.year, local.month, local.day), shape)


def date_time(moment: datetime) -> str:
    """`3 November 2025, 14:05`."""
    local = moment.astimezone()
    shape = "yyyy年M月d日" if _is_chinese() else "d MMMM yyyy"
    return translate("Format", "{0}, {1}").format(QLocale().toString(QDate(local.year, local.month, local.day), shape), time_of_day(moment))


# ---------------------------------------------------------------------- errors


def error(value: SkiuoError) -> str:
    """The sentence of an error. What has a kind or a code is said in the window's language, the rest as the engine says it."""
    language = "zh" if _is_chinese() else "en"
    if isinstance(value, AnalysisError):
        return failures.sentence(value.failure, language)
    if isinstance(value, BackendError):
        if language == "en":
            return str(value)
        return failures.backend(value.trouble, value.server or translate("Backend", "Your server"), value.remark or value.detail, language)
    return remarks.sentence(value.remark, language) if value.remark is not None else str(value)
