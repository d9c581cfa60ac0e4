"""A video that a model fetches from the object store, in the words of ledger and settings."""

from __future__ import annotations

from dataclasses import asdict

from skiuo_desktop.analysis.provider import Placed
from skiuo_desktop.model import ModelConfig, ModelInfo
from skiuo_desktop.ui.pages import settings_model_words, settings_test_words
from skiuo_desktop.ui.widgets import ledger_sent, model_words

KEY = "clips/d1/r1/000003-30000-45000-" + "ab" * 32 + ".webm"


def test_the_ledger_says_where_it_was_fetched_from_and_for_how_long() -> None:
    sent = {"delivery": "url", "why": "too large for the request", "sound": True, "link": asdict(Placed("s3.example", KEY, 7_200))}
    told = dict(ledger_sent.sent_facts(sent))
    assert told["How"] == "as a video that was fetched from your object store"
    assert told["Fetched from"] == "s3.example" and told["Object"] == KEY
    assert told["Address valid for"].replace("\u00a0", " ") == "2 h"
    assert "link" not in told


def test_a_test_shows_the_fetch_only_where_it_was_tried() -> None:
    deliveries = ("inline", "url", "frames")
    hops = [{"name": "reach", "state": "ok"}, {"name": "text", "state": "ok"}, {"name": "inline", "state": "ok"}, {"name": "frames", "state": "ok"}]
    config = ModelConfig("m", "qwen", probe={"hops": hops, "deliveries": ["inline", "frames"]})
    assert "Video fetched" not in [hop.title for hop in settings_test_words.hops(config, deliveries)]
    tried = ModelConfig("m", "qwen", probe={"hops": [*hops, {"name": "url", "state": "ok", "tokens_in": 700}], "deliveries": ["inline", "url"]})
    assert [hop.told for hop in settings_test_words.hops(tried, deliveries) if hop.title == "Video fetched"] == ["700 tokens"]


def test_it_is_said_to_be_the_whole_video() -> None:
    config = ModelConfig("m", "qwen", base_url="https://x.example/v1", delivery="url")
    assert model_words.gets(config).startswith("The video of each window, no sound")
    assert "The video of each window" in model_words.leaves([ModelInfo(config, True, server="X")])
    assert settings_model_words.delivery("url") == "URL"
    assert "object store" in settings_model_words.delivery_help("url")
