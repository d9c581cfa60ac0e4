"""The providers and servers that a model can be at, as the settings offer them. Read once, off the GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from skiuo_desktop.model import ModelConfig
from skiuo_desktop.ui.theme import theme
from skiuo_desktop.ui.widgets.picker_rows import Choice

if TYPE_CHECKING:
    from skiuo_desktop.engine.catalog import Preset

translate = QCoreApplication.translate

LOCAL = "transformers"
"""The provider that runs a model in a process of its own on this computer: no address, no key."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """`presets` by provider, in the order in which they are offered; a provider of another package may have none."""

    providers: tuple[str, ...] = ()
    deliveries: dict[str, tuple[str, ...]] = field(default_factory=dict)  # that each provider knows
    presets: dict[str, tuple[Preset, ...]] = field(default_factory=dict)

    def preset(self, provider: str, name: str) -> Preset | None:
        return next((preset for preset in self.presets.get(provider, ()) if preset.name == name), None)

    def preset_for(self, config: ModelConfig) -> Preset | None:
        """The one that a model names, or whose address it has."""
        if not self.presets.get(config.provider):
            return None
        from skiuo_desktop.engine import catalog

        return catalog.preset_of(config)

    def choosable(self, config: ModelConfig) -> tuple[str, ...]:
        """The deliveries that may be chosen for that model; empty where there is no choice."""
        known = self.deliveries.get(config.provider, ())
        preset = self.preset_for(config)
        if preset is None or preset.name == "other":
            return known if len(known) > 1 else ()
        return preset.deliveries

    def suggestions(self, config: ModelConfig) -> tuple[str, ...]:
        preset = self.preset_for(config)
        return preset.models if preset is not None else ()

    def server(self, config: ModelConfig) -> str:
        """What a person calls the other side, in the language of the window; empty where nothing is known of it."""
        if not self.presets.get(config.provider):
            return ""
        from skiuo_desktop.engine import catalog

        return catalog.server_label(config, theme().language)

    def needs_key(self, config: ModelConfig) -> bool:
        """False: a key may be given, but none is asked for."""
        preset = self.preset_for(config)
        return preset.needs_key if preset is not None else False


def load() -> Catalog:
    """Looks for installed providers: it reads the disk."""
    from skiuo_desktop.engine import catalog

    entries = catalog.providers()
    names = tuple(entry.name for entry in entries)
    return Catalog(names, {entry.name: entry.deliveries for entry in entries}, {name: tuple(catalog.presets(name)) for name in names})


def provider_title(name: str) -> str:
    known = {
        "qwen": translate("Catalog", "Qwen (Alibaba Cloud)"),
        "gemini": translate("Catalog", "Gemini (Google)"),
        "openai": translate("Catalog", "OpenAI-compatible server"),
        LOCAL: translate("Catalog", "On this computer (transformers)"),
    }
    return known.get(name, name)


def provider_help(name: str) -> str:
    known = {
        "qwen": translate("Catalog", "Video goes to Alibaba Cloud in the region that you choose; a key is bound to its region."),
        "gemini": translate("Catalog", "Video goes to Google."),
        "openai": translate("Catalog", "Your own server (vLLM, SGLang, Ollama, LM Studio, llama.cpp and others), or any host that speaks this protocol."),
        LOCAL: translate("Catalog", "A Qwen-VL runs on this computer, without a server: nothing is sent. Needs skiuo-desktop[local]."),
    }
    return known.get(name, translate("Catalog", "From another package."))


def provider_choices(catalog: Catalog) -> list[Choice]:
    return [Choice(name, provider_title(name), provider_help(name)) for name in catalog.providers]


def preset_choices(presets: Sequence[Preset]) -> list[Choice]:
    return [Choice(preset.name, preset.label(theme().language), preset.base_url) for preset in presets]
