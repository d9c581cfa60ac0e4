"""How times, sizes, spans and money are written in a terminal."""

from __future__ import annotations

from skiuo_desktop.model import Span


def clock(ms: int) -> str:
    """12:47, or 1:04:22 from one hour on."""
    seconds = ms // 1000
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60:02}:{rest % 60:02}"


def span(value: Span) -> str:
    return f"{clock(value.start_ms)}–{clock(value.end_ms)}"


def size(count: int) -> str:
    """453 MB: decimal units, as disks are sold and as file managers show them."""
    value = float(count)
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if value >= 10 or unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def room(ms: int) -> str:
    """3 h 20 min."""
    minutes = ms // 60_000
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"


def count(number: int, one: str, many: str = "") -> str:
    """`1 window`, `2 windows`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


_SIGNS = {"USD": "$", "CNY": "¥"}


def money(amount: float, currency: str) -> str:
    """`0.36 $`, `12.40 ¥`, `0.0042 $`: two decimals, or two digits of what is less than a tenth."""
    digits = 2
    while 0 < abs(amount) < 10.0 ** (1 - digits) and digits < 8:
        digits += 1
    return f"{amount:.{digits}f} {sign(currency)}"


def sign(currency: str) -> str:
    return _SIGNS.get(currency, currency)


def seconds(value: float) -> str:
    """`3.2 s`, `12 s`, `4 min`."""
    if value >= 90:
        return f"{round(value / 60)} min"
    return f"{value:.0f} s" if value >= 9.95 else f"{value:.1f} s"
