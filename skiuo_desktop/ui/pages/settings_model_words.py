"""What is said of a model in the settings: who answers, its part among the others, its price, its key, its deliveries, its hops."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from skiuo_desktop import failures
from skiuo_desktop.model import OFFLINE, FailureKind, ModelConfig, ModelInfo, Price
from skiuo_desktop.ui import format as fmt
from skiuo_desktop.ui.pages.settings_roles import Roles
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.settings_rows import RowWords

translate = QCoreApplication.translate


def title(config: ModelConfig) -> str:
    return translate("ModelWords", "Offline measurer") if config.name == OFFLINE else config.name


def row(info: ModelInfo, roles: Roles, stride_ms: int) -> RowWords:
    config = info.config
    offline = config.name == OFFLINE
    on = config.name in roles.on
    sign, told = _told(info, roles, stride_ms)
    icon = "wave-sine" if offline else "cpu" if is_free(info) else "cloud"
    return RowWords(config.name, title(config), icon, sign, told, hourly(info), on, locked=offline)


def _told(info: ModelInfo, roles: Roles, stride_ms: int) -> tuple[str, str]:
    """(sign, its part and what is to be known of it)"""
    sign, known = _known(info, stride_ms)
    on = info.config.name in roles.on
    return (sign if on or sign == "error" else ""), f"{_part(info.config.name, roles)} · {known}"


def _known(info: ModelInfo, stride_ms: int) -> tuple[str, str]:
    config, health = info.config, info.health
    if health.state == "stopped":
        return "error", failures.cause(health.kind or FailureKind.INTERNAL, theme().language)
    if info.key_state == "missing":
        return "error", translate("ModelWords", "key missing")
    if health.state == "paused" and health.until is not None:
        return "warn", translate("ModelWords", "asked again at {0}").format(fmt.time_of_day(health.until))
    if config.name == OFFLINE:
        return "done", translate("ModelWords", "nothing is sent")
    if info.window_s is not None:
        seconds = translate("ModelWords", "{0} a window").format(fmt.seconds(info.window_s * 1000))
        if info.window_s * 1000 > stride_ms * max(1, config.concurrency):
            return "warn", translate("ModelWords", "{0}, falls behind").format(seconds)
        return "done", seconds
    if not config.probe:
        return "", translate("ModelWords", "not tested yet")
    if not config.probe.get("deliveries"):
        return "error", translate("ModelWords", "the test failed")
    return "done", translate("ModelWords", "tested")


def _part(name: str, roles: Roles) -> str:
    if name in roles.asked:
        return translate("ModelWords", "Asked")
    if name not in roles.stand_in:
        return translate("ModelWords", "Off")
    place = roles.stand_in.index(name)
    before = roles.stand_in[place - 1] if place else (roles.asked[-1] if len(roles.asked) == 1 else "")
    if not before:
        return translate("ModelWords", "If one fails")
    return translate("ModelWords", "If {0} fails").format(roles.order.index(before) + 1)


def is_free(info: ModelInfo) -> bool:
    price = info.config.price
    return price is not None and all(tier.per_million_in == 0 == tier.per_million_out for tier in price.tiers)


def hourly(info: ModelInfo) -> str:
    if is_free(info):
        return fmt.money(0)
    if info.per_hour is None:
        return translate("ModelWords", "price not known")
    currency = info.config.price.currency if info.config.price is not None else "USD"
    return fmt.money(info.per_hour, currency) + ("" if info.per_hour == 0 else translate("ModelWords", "/h"))


def key_state(info: ModelInfo) -> tuple[str, str]:
    """(sign, sentence)"""
    where, _, name = info.config.key_ref.partition(":")
    told = {
        "keyring": ("ok", translate("ModelWords", "In the system keyring")),
        "environment": ("ok", translate("ModelWords", "In the environment variable {0}").format(name)),
        "this run": ("info", translate("ModelWords", "For this run only")),
    }
    if info.key_state in told:
        return told[info.key_state]
    if not info.config.key_ref:
        return "", translate("ModelWords", "None")
    missing = {
        "env": translate("ModelWords", "The environment variable {0} is not set").format(name),
        "run": translate("ModelWords", "Given for an earlier run only: enter it again"),
    }
    return "error", missing.get(where, translate("ModelWords", "Not in the keyring: enter it again"))


def price_note(price: Price | None) -> str:
    if price is None:
        return translate("ModelWords", "No price is known: what this model costs cannot be counted against a budget. Write it from its price list.")
    parts = []
    if price.read_on:
        parts.append(translate("ModelWords", "Prices as of {0}. They age: change them here if your bill differs.").format(_date(price.read_on)))
    if price.until:
        parts.append(translate("ModelWords", "They hold until {0}.").format(_date(price.until)))
    if len(price.tiers) > 1:
        first, then = price.tiers[0], price.tiers[1]
        words = translate("ModelWords", "They hold up to {0} tokens sent; above that it is {1} in and {2} out.")
        parts.append(
            words.format(fmt.number(first.up_to or 0), fmt.money(then.per_million_in, price.currency), fmt.money(then.per_million_out, price.currency))
        )
    return " ".join(parts)


def _date(iso: str) -> str:
    try:
        day = datetime.fromisoformat(iso).date()
    except ValueError:
        return iso
    shape = "yyyy年M月d日" if theme().language == "zh" else "d MMMM yyyy"
    return QLocale().toString(QDate(day.year, day.month, day.day), shape)


# ---------------------------------------------------------------------- delivery


def delivery(name: str) -> str:
    known = {
        "auto": translate("ModelWords", "Auto"),
        "inline": translate("ModelWords", "Inline"),
        "url": translate("ModelWords", "URL"),
        "frames": translate("ModelWords", "Frames"),
        "files": translate("ModelWords", "Files"),
    }
    return known.get(name, name)


def delivery_help(name: str) -> str:
    """What that way of sending the video means."""
    known = {
        "inline": translate("ModelWords", "The video is part of the request."),
        "url": translate(
            "ModelWords", "The server fetches the video from your object store, by an address that expires. Where it cannot, the video is part of the request."
        ),
        "frames": translate("ModelWords", "Single pictures from the video are part of the request; sound is not sent. Most servers take them."),
        "files": translate("ModelWords", "The video is uploaded to the provider first and deleted there afterwards."),
    }
    return known.get(name, "")


def auto_help(config: ModelConfig) -> str:
    """What Auto does here, and why: what the test saw."""
    seen = [str(name) for name in config.probe.get("deliveries", ())]
    if not config.probe:
        return translate("ModelWords", "Test with a real clip: then it is known what this server takes.")
    if not seen:
        return translate("ModelWords", "The test found no way that reaches this model.")
    best = delivery(seen[0])
    if config.probe.get("video_format") and seen[0] != "frames":
        best += f" {str(config.probe['video_format']).upper()}"
    lost = [hop for hop in config.probe.get("hops", ()) if hop.get("name") in ("inline", "files") and hop.get("state") != "ok"]
    words = translate("ModelWords", "Auto uses **{0}** here: the test saw it reach the model.").format(best)
    if lost and seen[0] == "frames":
        dropped = any(hop.get("state") == "dropped" for hop in lost)
        words = (
            translate("ModelWords", "Auto uses **{0}** here: the server accepted a video, but the model did not see it.").format(best)
            if dropped
            else translate("ModelWords", "Auto uses **{0}** here: the server took no video.").format(best)
        )
    return words
