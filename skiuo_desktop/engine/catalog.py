"""For front ends: which providers there are, which hosts and servers each knows, and what a model's address is called."""

from __future__ import annotations

from dataclasses import dataclass

from skiuo_desktop.analysis.address import check_base_url
from skiuo_desktop.analysis.policy import ladder
from skiuo_desktop.analysis.presets import Preset, preset, preset_of, presets, server_label
from skiuo_desktop.analysis.prices import known_prices
from skiuo_desktop.analysis.registry import provider_names
from skiuo_desktop.model import OFFLINE

__all__ = [
    "Preset",
    "ProviderEntry",
    "check_base_url",
    "known_prices",
    "ladder",
    "preset",
    "preset_of",
    "presets",
    "providers",
    "server_label",
]

_LABELS = {
    "qwen": ("Qwen (Alibaba Cloud)", "通义千问（阿里云）"),
    "gemini": ("Gemini (Google)", "Gemini（谷歌）"),
    "openai": ("OpenAI-compatible server", "OpenAI 兼容服务器"),
    "transformers": ("Qwen-VL on this computer", "本机运行的 Qwen-VL"),
}
_DELIVERIES = {
    "qwen": ("inline", "frames"),
    "gemini": ("inline", "files", "frames"),
    "openai": ("inline", "frames"),
    "transformers": ("frames",),
}


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """A provider that models can be configured for."""

    name: str
    label_en: str
    label_zh: str
    deliveries: tuple[str, ...]  # that can be chosen beside `auto`

    def label(self, language: str = "en") -> str:
        return self.label_zh if language == "zh" else self.label_en


def providers() -> list[ProviderEntry]:
    """All but the embedded one; those that come with the program first."""
    names = [name for name in provider_names() if name != OFFLINE]
    ordered = sorted(names, key=lambda name: list(_LABELS).index(name) if name in _LABELS else len(_LABELS))
    return [ProviderEntry(name, *_LABELS.get(name, (name, name)), _DELIVERIES.get(name, ())) for name in ordered]
