"""Models in words: where each is and how fast, what an hour costs, whether it is asked now, and what of a window it gets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication

from skiuo_desktop import failures
from skiuo_desktop.model import OFFLINE, ModelConfig, ModelInfo, Tier
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets import narrative_words as words

translate = QCoreApplication.translate

HERE = (OFFLINE, "transformers")
"""Providers that run in this program or beside it."""


def name(info: ModelInfo) -> str:
    return words.model(info.config.name)


def host(info: ModelInfo) -> str:
    return urlsplit(info.address).hostname or ""


def is_here(info: ModelInfo) -> bool:
    """Whether what it is sent stays on this computer."""
    if info.config.provider in HERE:
        return True
    found = host(info)
    try:
        return found == "localhost" or ip_address(found).is_loopback
    except ValueError:
        return False


def server(info: ModelInfo) -> str:
    """What a person calls the other side."""
    return info.server or host(info) or name(info)


def icon(info: ModelInfo) -> str:
    return "wave-sine" if info.config.provider == OFFLINE else "cpu" if is_here(info) else "cloud"


# ---------------------------------------------------------------------- money


def is_free(info: ModelInfo) -> bool:
    price = info.config.price
    return info.config.provider == OFFLINE or info.per_hour == 0 or (price is not None and all(tier == Tier(0.0, 0.0, tier.up_to) for tier in price.tiers))


def money(info: ModelInfo) -> str:
    """`$0.36`, `free`; empty where no price is known."""
    if is_free(info):
        return fmt.money(0)
    return fmt.money(info.per_hour, info.config.price.currency if info.config.price else "USD") if info.per_hour is not None else ""


def per_hour_short(info: ModelInfo) -> str:
    """`$0.36/h`, in a list."""
    known = money(info)
    if not known:
        return translate("Models", "price not known")
    return known if is_free(info) else translate("Models", "{0}/h").format(known)


def total(infos: Iterable[ModelInfo]) -> str:
    """What an hour of recording costs with all of them, each currency for itself: `$0.36`, `$0.36 + ¥1.20`; empty where one is not known."""
    sums: dict[str, float] = {}
    for info in infos:
        if is_free(info):
            continue
        if info.per_hour is None or info.config.price is None:
            return ""
        sums[info.config.price.currency] = sums.get(info.config.price.currency, 0.0) + info.per_hour
    return " + ".join(fmt.money(amount, currency) for currency, amount in sums.items()) if sums else fmt.money(0)


def per_hour(infos: Sequence[ModelInfo]) -> str:
    """`$1.43 an hour`, in the closed field."""
    known = total(infos)
    if not known:
        return translate("Models", "price not known")
    return known if all(is_free(info) for info in infos) else translate("Models", "{0} an hour").format(known)


# ---------------------------------------------------------------------- state


def unwell(info: ModelInfo) -> str:
    """Why it is not asked now, and when it is again; empty where it is."""
    health = info.health
    if info.key_state == "missing":
        return translate("Models", "The key is missing")
    if health.state not in ("paused", "stopped"):
        return ""
    cause = _cause(info)
    if health.state == "stopped":
        return translate("Models", "{0}: not asked until you change it").format(cause)
    if health.until is None:
        return cause
    return translate("Models", "{0}: asked again at {1}").format(cause, failures.local_time(health.until.isoformat()))


def _cause(info: ModelInfo) -> str:
    cause = failures.cause(info.health.kind, theme().language) if info.health.kind is not None else ""
    return cause[:1].upper() + cause[1:] or translate("Models", "Not asked now")


def unwell_short(info: ModelInfo) -> str:
    """The same in the closed field."""
    if info.key_state == "missing":
        return translate("Models", "no key")
    if info.health.state == "stopped":
        return translate("Models", "stopped")
    if info.health.state == "paused":
        until = failures.local_time(info.health.until.isoformat()) if info.health.until is not None else ""
        return translate("Models", "paused until {0}").format(until) if until else translate("Models", "paused")
    return ""


def falls_behind(info: ModelInfo, stride_ms: int) -> bool:
    """A window takes it longer than a new one needs to come."""
    return info.window_s is not None and info.window_s * 1000 > stride_ms * max(info.config.concurrency, 1)


def detail(info: ModelInfo, stride_ms: int) -> tuple[str, bool]:
    """(the line under its name, whether that is a warning). Short: it stands beside the price."""
    if info.health.state == "stopped" and info.key_state != "missing":
        return translate("Models", "{0}: needs you").format(_cause(info)), True
    trouble = unwell(info)
    if trouble:
        return trouble, True
    if info.config.provider == OFFLINE:
        return translate("Models", "Text, motion, scenes, light, speech"), False
    parts = [server(info).partition(" (")[0].partition("（")[0]]
    behind = falls_behind(info, stride_ms)
    if info.window_s is not None:
        speed = translate("Models", "{0} a window").format(fmt.seconds(info.window_s * 1000))
        parts.append(translate("Models", "{0}, falls behind").format(speed) if behind else speed)
    if info.fallback is not None and not info.active:
        parts.append(translate("Models", "stands in"))
    return " · ".join(parts), behind and info.active


# ---------------------------------------------------------------------- what it gets


def delivery(config: ModelConfig) -> str:
    """`frames`, `inline` or `files`: what is configured, or what its probe found best; empty where nobody knows yet."""
    if config.delivery != "auto":
        return config.delivery
    seen = config.probe.get("deliveries") or ()
    return str(seen[0]) if seen else ""


def hears(config: ModelConfig) -> bool:
    """Whether a video that it is sent carries the sound: only the clip as it was recorded does, and only Gemini takes that."""
    made_smaller = "fps" in config.options or "max_pixels" in config.options
    return config.provider == "gemini" and not made_smaller and config.probe.get("video_format") in (None, "", "webm")


def gets(config: ModelConfig) -> str:
    """What of each window is sent to it."""
    way = delivery(config)
    if way == "frames":
        return translate("Models", "Picture frames of each window, no sound, and the text so far")
    if way in ("inline", "url", "files"):
        if hears(config):
            return translate("Models", "The video of each window with its sound, and the text so far")
        return translate("Models", "The video of each window, no sound, and the text so far")
    if hears(config):
        return translate("Models", "The video of each window with its sound, or frames of it, and the text so far")
    return translate("Models", "The video of each window, or frames of it, no sound, and the text so far")


def leaves(infos: Sequence[ModelInfo], mirror: Sequence[str] = ()) -> str:
    """What leaves this computer, and to whom, with these models. `mirror`: hosts of the person's own servers."""
    away = [info for info in infos if not is_here(info)]
    copy = translate("Models", "A copy goes to your own server, {0}.").format(words.listed(mirror)) if mirror else ""
    if not away and copy:
        return words.joined(translate("Models", "Nothing goes to a model of others."), copy)
    if not away:
        return translate("Models", "Nothing. Video and text stay on this device.")
    to: dict[str, list[str]] = {}
    for info in away:
        receivers = to.setdefault(gets(info.config), [])
        if server(info) not in receivers:
            receivers.append(server(info))
    said = [translate("Models", "{0}, to {1}.").format(what, _receiver(words.listed(receivers))) for what, receivers in to.items()]
    if copy:
        return words.joined(*said, copy)
    return words.joined(*said, translate("Models", "Choose the offline measurer to send nothing."))


def _receiver(names: str) -> str:
    """Chinese sets a space before Latin letters, and none before its own."""
    return f" {names}" if theme().language == "zh" and names[:1].isascii() else names
