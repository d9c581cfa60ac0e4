"""Hosts and servers that are known by name: found by name or address, and called what people call them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from skiuo_desktop.analysis.address import check_base_url
from skiuo_desktop.analysis.presets import WORKSPACE, base_url_of, preset, preset_of, presets, server_label
from skiuo_desktop.model import ModelConfig


def config(provider: str, base_url: str = "", name: str = "") -> ModelConfig:
    return ModelConfig("m", provider, base_url=base_url, preset=name)


def test_each_name_is_given_once_and_each_address_is_one() -> None:
    for provider in ("qwen", "gemini", "openai"):
        found = presets(provider)
        assert found
        assert len({p.name for p in found}) == len(found)
        for one in found:
            assert one.label_en
            assert one.label_zh
            assert one.deliveries
            assert one.unprobed in ("", *one.deliveries)
            if one.base_url:
                check_base_url(one.base_url.replace(WORKSPACE, "ws-1"), with_key=one.needs_key)
            assert preset(provider, one.name) is one
    assert presets("offline") == []
    assert preset("qwen", "mars") is None


def test_what_is_billed_is_not_called_free() -> None:
    assert not any(p.free for p in presets("qwen") + presets("gemini"))
    assert [p.name for p in presets("openai") if not p.free] == ["openai.com", "other"]


@pytest.mark.parametrize(
    ("of", "name"),
    [
        (config("qwen"), "beijing"),
        (config("qwen", name="singapore"), "singapore"),
        (config("qwen", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"), "singapore"),
        (config("qwen", "https://llm-7.us-east-1.maas.aliyuncs.com/compatible-mode/v1"), "virginia"),
        (config("gemini"), "google"),
        (config("openai", "https://api.openai.com/v1"), "openai.com"),
        (config("openai", "http://127.0.0.1:8000/v1"), "other"),  # vLLM and transformers serve both listen there
        (config("openai", "https://peer.example/v1"), "other"),
        (config("openai", "http://10.0.0.7:8000/v1", "vllm"), "vllm"),
        (config("openai", name="no such"), "other"),
    ],
)
def test_a_preset_is_found_by_name_then_by_address(of: ModelConfig, name: str) -> None:
    assert preset_of(of).name == name


@pytest.mark.parametrize(
    ("of", "en", "zh"),
    [
        (config("qwen", name="singapore"), "Alibaba Cloud (Singapore)", "阿里云（新加坡）"),
        (config("qwen", "https://llm-7.eu-central-1.maas.aliyuncs.com/compatible-mode/v1"), "Alibaba Cloud (Frankfurt)", "阿里云（法兰克福）"),
        (config("qwen", "https://proxy.example/v1", "singapore"), "proxy.example", "proxy.example"),
        (config("gemini"), "Google Gemini", "Google Gemini"),
        (config("openai", name="ollama"), "Ollama here", "本机 Ollama"),
        (config("openai", "http://10.0.0.7:8000/v1", "vllm"), "vLLM at 10.0.0.7:8000", "vLLM（10.0.0.7:8000）"),
        (config("openai", "https://peer.example/v1"), "peer.example", "peer.example"),
        (config("openai", "http://127.0.0.1:4317/v1"), "127.0.0.1:4317", "127.0.0.1:4317"),
    ],
)
def test_the_other_side_has_a_name_for_people(of: ModelConfig, en: str, zh: str) -> None:
    assert server_label(of) == en
    assert server_label(of, "zh") == zh


def test_the_address_is_the_models_own_or_its_presets() -> None:
    assert base_url_of(config("openai", name="ollama")) == "http://127.0.0.1:11434/v1"
    assert base_url_of(config("openai", "http://10.0.0.7:1/v1", "ollama")) == "http://10.0.0.7:1/v1"
    assert base_url_of(config("openai")) == ""


def test_listing_them_imports_no_heavy_library() -> None:
    code = (
        "import sys; from skiuo_desktop.analysis import presets, tokens; print([m for m in ('httpx', 'av', 'cv2', 'numpy', 'sqlalchemy') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout.strip() == "[]"
