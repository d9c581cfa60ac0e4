"""Hosts and servers that the providers know by name, with what is different about each.

Facts are from the servers' documentation and source, and from runs against them. What is not known of a server is left to the probe
(see `probing`). No heavy library is imported here: dialogs and the command line list these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from skiuo_desktop.model import ModelConfig

WORKSPACE = "{WorkspaceId}"
"""Stands in an address where the person writes the id of their own workspace."""

_FETCHES = ("inline", "url", "frames")
"""Of servers whose `video_url` may be an address as well."""

_LOOPBACK = ("localhost", "::1")


@dataclass(frozen=True, slots=True)
class Preset:
    """One host or kind of server. `deliveries` are those that it is known to take, or may take, the best first."""

    name: str
    provider: str
    label_en: str
    label_zh: str
    base_url: str  # empty: the person writes it
    free: bool = False  # runs on one's own computers: nothing is billed
    needs_key: bool = True
    models: tuple[str, ...] = ()  # suggestions
    deliveries: tuple[str, ...] = ("inline", "frames")
    unprobed: str = ""  # the delivery for `auto` before a probe; empty: the first
    formats: tuple[str, ...] = ("mp4",)  # of `inline`, `url` and `files`, the best first
    longest: str = "max_tokens"  # what the field for the longest answer is called
    video: str = "video_url"  # the content part of an inline video: "video_url" (data URL), "input_video" (plain base64)
    hints: str = ""  # where frames a second are said: "part" (beside the video), "inside" (in `video_url`), "media_io_kwargs"
    detail: str = ""  # `image_url.detail` of a frame; empty: the server has none
    body: Mapping[str, Any] = field(default_factory=dict)  # further fields of each request
    usage_option: bool = True  # knows `stream_options`; without it a server counts in its last chunk, or not at all
    fps: float = 1.0
    max_pixels: int = 655_360
    most_frames: int = 0  # of one request; 0: no limit known

    def label(self, language: str = "en") -> str:
        return self.label_zh if language == "zh" else self.label_en


def _qwen(name: str, en: str, zh: str, base: str) -> Preset:
    return Preset(
        name,
        "qwen",
        f"Alibaba Cloud ({en})",
        f"阿里云（{zh}）",
        f"https://{base}/compatible-mode/v1",
        models=("qwen3.8-flash", "qwen3.7-plus", "qwen3.5-plus", "qwen3-vl-plus", "qwen3-vl-flash", "qwen3.8-max", "qwen-vl-max", "qwen-vl-plus"),
        deliveries=_FETCHES,
        longest="max_completion_tokens",  # `max_tokens` is being retired there
        hints="part",
    )


def _own(name: str, label: str, port: int, **fields: Any) -> Preset:
    """A server on one's own computer; 127.0.0.1, because `localhost` may mean IPv6 where the server listens on IPv4 alone."""
    return Preset(name, "openai", label, label, f"http://127.0.0.1:{port}/v1", free=True, needs_key=False, **fields)


_NOT_THINKING: Mapping[str, Any] = {"chat_template_kwargs": {"enable_thinking": False}}

# The older hosts need no workspace id. A key is bound to its region.
_PRESETS: tuple[Preset, ...] = (
    _qwen("beijing", "Beijing", "北京", "dashscope.aliyuncs.com"),
    _qwen("singapore", "Singapore", "新加坡", "dashscope-intl.aliyuncs.com"),
    _qwen("hongkong", "Hong Kong", "香港", "cn-hongkong.dashscope.aliyuncs.com"),
    _qwen("virginia", "US Virginia", "美国弗吉尼亚", f"{WORKSPACE}.us-east-1.maas.aliyuncs.com"),
    _qwen("frankfurt", "Frankfurt", "法兰克福", f"{WORKSPACE}.eu-central-1.maas.aliyuncs.com"),
    _qwen("tokyo", "Tokyo", "东京", f"{WORKSPACE}.ap-northeast-1.maas.aliyuncs.com"),
    _qwen("beijing-workspace", "Beijing, own workspace", "北京，业务空间", f"{WORKSPACE}.cn-beijing.maas.aliyuncs.com"),
    _qwen("singapore-workspace", "Singapore, own workspace", "新加坡，业务空间", f"{WORKSPACE}.ap-southeast-1.maas.aliyuncs.com"),
    _qwen("hongkong-workspace", "Hong Kong, own workspace", "香港，业务空间", f"{WORKSPACE}.cn-hongkong.maas.aliyuncs.com"),
    Preset(
        "google",
        "gemini",
        "Google Gemini",
        "Google Gemini",
        "https://generativelanguage.googleapis.com",
        models=("gemini-3.5-flash-lite", "gemini-3.8-flash", "gemini-3.5-flash", "gemini-3.1-flash-lite", "gemini-3.1-pro-preview", "gemini-2.5-flash"),
        deliveries=("inline", "url", "files", "frames"),
        formats=("webm", "mp4"),
        longest="maxOutputTokens",
    ),
    # vLLM decodes 32 frames by default, of a list as well, unless `media_io_kwargs` says otherwise.
    _own(
        "vllm",
        "vLLM",
        8000,
        deliveries=_FETCHES,
        hints="media_io_kwargs",
        body=_NOT_THINKING,
        models=("Qwen/Qwen3-VL-8B-Instruct",),
        max_pixels=401_408,
    ),
    _own(
        "sglang",
        "SGLang",
        30000,
        deliveries=_FETCHES,
        hints="inside",
        body=_NOT_THINKING,
        models=("Qwen/Qwen3-VL-8B-Instruct",),
        max_pixels=401_408,
    ),
    # No video at /v1; other parts than text and images are errors. A small context by default: few small pictures.
    _own(
        "ollama",
        "Ollama",
        11434,
        deliveries=("frames",),
        models=("qwen3-vl:8b", "qwen2.5vl:7b", "gemma3:12b"),
        body={"reasoning_effort": "none"},  # a model that thinks would spend its whole answer on that; others do not mind
        max_pixels=262_144,
        most_frames=16,
    ),
    _own("lmstudio", "LM Studio", 1234, deliveries=("frames",), models=("qwen/qwen3-vl-8b",), max_pixels=262_144, most_frames=16),
    _own("llamacpp", "llama.cpp", 8080, unprobed="frames", video="input_video", body=_NOT_THINKING, max_pixels=262_144, most_frames=16),
    # Refuses fields that it does not know; fails on videos as data URLs.
    _own(
        "transformers",
        "transformers serve",
        8000,
        deliveries=("frames",),
        models=("Qwen/Qwen3-VL-2B-Instruct",),
        usage_option=False,
        max_pixels=262_144,
        most_frames=16,
    ),
    Preset(
        "openai.com",
        "openai",
        "OpenAI",
        "OpenAI",
        "https://api.openai.com/v1",
        models=("gpt-5-mini", "gpt-4.1-mini"),
        deliveries=("frames",),
        longest="max_completion_tokens",
        detail="low",  # a fixed small price a picture; pictures of this size lose little
        max_pixels=262_144,
        most_frames=32,
    ),
    Preset(
        "other",
        "openai",
        "Another server",
        "其他服务器",
        "",
        needs_key=False,
        deliveries=_FETCHES,
        unprobed="frames",
        max_pixels=401_408,
        most_frames=32,
    ),
)

_DEFAULTS = {"qwen": "beijing", "gemini": "google", "openai": "other"}


def presets(provider: str) -> list[Preset]:
    """Those of one provider, in the order in which they are offered; empty for a provider that has none."""
    return [p for p in _PRESETS if p.provider == provider]


def preset(provider: str, name: str) -> Preset | None:
    return next((p for p in presets(provider) if p.name == name), None)


def preset_of(config: ModelConfig) -> Preset:
    """The one that a model names, else the one whose address it has, else the provider's plainest one.

    Raises KeyError for a provider without presets.
    """
    named = preset(config.provider, config.preset)
    if named is not None:
        return named
    host = urlsplit(config.base_url).netloc.lower()
    for candidate in presets(config.provider):
        known = urlsplit(candidate.base_url).netloc.lower()
        region = known.partition(WORKSPACE.lower())[2]
        if host and not candidate.free and known and (host == known or (region and host.endswith(region))):
            return candidate
    return next(p for p in _PRESETS if p.name == _DEFAULTS[config.provider])


def base_url_of(config: ModelConfig) -> str:
    """The address that counts: the model's own, else its preset's. Empty where neither says one."""
    return config.base_url or preset_of(config).base_url


def server_label(config: ModelConfig, language: str = "en") -> str:
    """What a person calls the other side: "Alibaba Cloud (Singapore)", "Ollama here", "vLLM at 10.0.0.7:8000", "peer.example"."""
    found = preset_of(config)
    parts = urlsplit(base_url_of(config))
    host = parts.hostname or ""
    if not found.free:
        known = urlsplit(found.base_url).hostname or ""
        region = known.partition(WORKSPACE.lower())[2]
        return found.label(language) if known and (host == known or (region and host.endswith(region))) else parts.netloc or found.label(language)
    if host in _LOOPBACK or host.startswith("127."):
        return f"本机 {found.label_zh}" if language == "zh" else f"{found.label_en} here"
    return f"{found.label_zh}（{parts.netloc}）" if language == "zh" else f"{found.label_en} at {parts.netloc}"
