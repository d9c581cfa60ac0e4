"""The options that describe a model, and what they mean in a `ModelConfig`."""

from __future__ import annotations

import argparse
import math
import re
from dataclasses import replace
from datetime import date
from typing import Any

from skiuo_desktop.errors import UsageError
from skiuo_desktop.model import FREE, ModelConfig, Price, Tier

LOCAL = "transformers"
DTYPES = ("auto", "float32", "bfloat16", "float16")


def endpoint(config: ModelConfig) -> tuple[Any, ...]:
    """What decides how an endpoint answers: where this changes it is asked again what it takes."""
    return config.provider, config.preset, config.base_url, config.model, config.delivery, config.key_ref, dict(config.options)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--preset", metavar="P", help="the host or kind of server, such as `singapore`, `vllm`, `ollama`")
    parser.add_argument("--base-url", metavar="URL", help="address: up to and including /v1; for gemini the host alone")
    parser.add_argument("--model", metavar="M", help="what the server calls the model; for transformers a folder or hub name")
    parser.add_argument(
        "--delivery",
        choices=("auto", "inline", "url", "frames", "files"),
        help="how the window is sent (auto: the best that the probe saw; url: the model fetches it from your object store)",
    )
    parser.add_argument("--fps", type=_number, metavar="F", help="pictures a second that the model sees (0: the provider's own choice)")
    parser.add_argument("--max-pixels", type=_count, metavar="N", help="pixels of a picture, width × height, at most (0: the provider's own choice)")
    local = parser.add_argument_group("a model on this computer", "for the provider transformers alone")
    local.add_argument("--device", type=_device, metavar="D", help="what it computes on: auto, cpu, cuda, cuda:1, mps")
    local.add_argument("--dtype", choices=DTYPES, help="how its weights are held (auto: as they are stored)")
    parser.add_argument("--concurrency", type=_count, metavar="N", help="windows at once")
    parser.add_argument("--rpm", type=_count, metavar="N", help="requests a minute at most (0: no limit)")
    parser.add_argument("--tpm", type=_count, metavar="N", help="tokens a minute at most (0: no limit)")
    parser.add_argument("--timeout", type=_number, metavar="S", help="seconds for a whole answer")
    parser.add_argument("--longest-answer", type=_count, metavar="N", help="tokens of an answer at most, thinking included")
    price = parser.add_argument_group("price", "of a million tokens; without these the known price of the model is taken")
    price.add_argument("--price-in", type=_number, metavar="X", help="of what is sent")
    price.add_argument("--price-out", type=_number, metavar="Y", help="of what is answered")
    price.add_argument("--currency", choices=("USD", "CNY"), help="of the price (default: USD)")
    price.add_argument("--free", action="store_true", help="it costs nothing")
    when = parser.add_argument_group("when it may be asked", "another model stands in at other times (`skiuo models use … --fallback`)")
    when.add_argument("--days", choices=("all", "weekdays", "weekend"))
    when.add_argument("--hours", type=_hours, metavar="H-H", help="9-18 is 9:00 to 17:59, 22-6 goes over midnight; `all`: at any")
    when.add_argument("--budget-left", type=_number, metavar="PERCENT", help="only while this much of each budget is left")


def fields(args: argparse.Namespace, before: ModelConfig) -> dict[str, Any]:
    """The fields of `before` that the options change. Raises UsageError."""
    named = {
        "provider": args.provider,
        "preset": args.preset,
        "base_url": args.base_url.strip().rstrip("/") if args.base_url is not None else None,
        "model": args.model,
        "delivery": args.delivery,
        "concurrency": args.concurrency,
        "requests_per_minute": args.rpm,
        "tokens_per_minute": args.tpm,
        "timeout_s": args.timeout,
        "longest_answer": args.longest_answer,
    }
    changed = {field: value for field, value in named.items() if value is not None}
    options = dict(before.options)
    for option, value in (("fps", args.fps), ("max_pixels", args.max_pixels), *_local(args, before)):
        if value:
            options[option] = value
        elif value is not None:
            options.pop(option, None)
    if options != before.options:
        changed["options"] = options
    price = _price(args)
    if price is not None:
        changed["price"] = price
    when = before.when
    if args.days is not None:
        when = replace(when, days=args.days)
    if args.hours is not None:
        when = replace(when, hours=args.hours or None)
    if args.budget_left is not None:
        if args.budget_left > 100:
            raise UsageError("--budget-left is a share of the budget, 0 to 100 percent.")
        when = replace(when, budget_left=args.budget_left / 100)
    if when != before.when:
        changed["when"] = when
    return changed


def _local(args: argparse.Namespace, before: ModelConfig) -> list[tuple[str, str | None]]:
    """(option, value) of a model on this computer; empty: away with it."""
    given = {"device": args.device, "dtype": args.dtype}
    if (args.provider or before.provider) != LOCAL:
        for option, value in given.items():
            if value is not None:
                raise UsageError(f"--{option} is for models of the provider {LOCAL}; a server decides by itself what it computes on.")
        return [(option, "") for option in given if before.provider == LOCAL]
    return [(option, "" if value == "auto" else value) for option, value in given.items()]


def _price(args: argparse.Namespace) -> Price | None:
    told = (args.price_in, args.price_out)
    if args.free:
        if told != (None, None) or args.currency:
            raise UsageError("--free and a price contradict each other.")
        return FREE
    if told == (None, None) and not args.currency:
        return None
    if None in told:
        raise UsageError("A price wants both --price-in and --price-out, of a million tokens.")
    return Price((Tier(*told),), args.currency or "USD", read_on=f"{date.today():%Y-%m-%d}")


def _number(text: str) -> float:
    """A number that is not negative."""
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
    if not math.isfinite(value) or value < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no positive number")
    return value


def _count(text: str) -> int:
    value = _number(text)
    if not value.is_integer():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(value)


def _device(text: str) -> str:
    if not re.fullmatch(r"auto|cpu|mps|cuda(:\d+)?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no device: write auto, cpu, cuda, cuda:1 or mps")
    return text


def _hours(text: str) -> tuple[int, int] | tuple[()]:
    """`9-18`; empty for `all`."""
    if text == "all":
        return ()
    first, dash, last = text.partition("-")
    if not (dash and first.isdecimal() and last.isdecimal() and int(first) <= 23 and int(last) <= 24 and int(first) != int(last)):
        raise argparse.ArgumentTypeError(f"{text!r} is no span of hours: write 9-18, 22-6, or all")
    return int(first), int(last)
