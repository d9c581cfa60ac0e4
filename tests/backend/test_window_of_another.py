"""Rows in PostgreSQL and objects in the bucket carry what is needed to analyse a window on a machine that did not record it.

What they do not carry is how the person asks: templates, the rule between several models, and the models themselves (address, key, limits) are
settings of whoever asks.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from backend.store_parts import sha256
from support.mirrored import configure, keys_in, made_store
from support.postgres import Server as Postgres
from support.running import Run
from support.services import Store

from skiuo_desktop import settings as s
from skiuo_desktop.analysis.provider import AnalysisRequest, Finished, TextDelta
from skiuo_desktop.analysis.registry import build
from skiuo_desktop.analysis.template_store import TemplateStore
from skiuo_desktop.backend.database import Database
from skiuo_desktop.backend.elsewhere import OtherDevices
from skiuo_desktop.backend.keys import ObjectKey
from skiuo_desktop.engine.request import Before, Requests
from skiuo_desktop.engine.wishes import Wishes
from skiuo_desktop.home import Home
from skiuo_desktop.media.cut import Clip, cut
from skiuo_desktop.media.rendition import ClipRenditions
from skiuo_desktop.model import OFFLINE, Analysis, ModelConfig, Recording


def test_a_window_is_analysed_with_nothing_but_its_rows_and_its_object(
    tmp_path: Path, object_server: Store, postgres: Postgres, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = made_store(object_server)
    first = Home(tmp_path / "first").prepare()
    keys_in(configure(first, bucket, postgres.dsn(database_name), clips=True), monkeypatch)
    s.Settings(first.settings).change({s.WINDOW_LENGTH.key: 2_000, s.WINDOW_STRIDE.key: 1_500, s.KEEP_FREE.key: 50, s.ANALYSIS_LANGUAGE.key: "zh"})
    run = Run(first, mirror=False)
    try:
        own = run.record("test:320x180@15", limit_ms=4_000, models=(OFFLINE,))
        run.engine.sync_backend().result(120)
    finally:
        run.engine.stop()
    (tmp_path / "first").rename(tmp_path / "out of reach")

    database = Database(postgres.address(database_name))
    others = OtherDevices(database, "another-machine")
    recording = others.recording(own.id)
    (video,) = others.objects(own.id, "recording")
    (tmp_path / "second.webm").write_bytes(bucket.read(video.key))
    assert (len(recording.windows), recording.models) == (len(own.windows), (OFFLINE,)) and len(own.windows) > 1
    clips = {key.window_index: stored.key for stored in bucket.list("clips/") if (key := ObjectKey.parse(stored.key)) is not None}
    previous: Analysis | None = None
    for window, wanted in zip(recording.windows, own.windows, strict=True):
        (analysis,) = window.analyses
        clip = cut(tmp_path / "second.webm", window.span)
        assert sha256(clip.data) == sha256(bucket.read(clips[window.index]))  # from the recording as from the clip of its own
        request = _request(Home(tmp_path / "second").prepare(), recording, analysis, previous, clip)
        text, facts = asyncio.run(_asked(request))
        assert text == wanted.analyses[0].text and text
        assert facts.items() <= wanted.analyses[0].facts.items()
        if previous is not None:  # what was said before is in the question
            assert previous.text.splitlines()[0][:10] in request.prompt.text
        previous = analysis
    database.close()
    bucket.close()


def _request(home: Home, recording: Recording, analysis: Analysis, previous: Analysis | None, clip: Clip) -> AnalysisRequest:
    """As the engine makes it, by the settings of this machine."""
    requests = Requests(None, Wishes(s.Settings(home.settings)), TemplateStore(home))  # type: ignore[arg-type] - the library is not asked
    return requests.describe(analysis, recording, Before(previous), ClipRenditions(clip), None)  # type: ignore[arg-type]


async def _asked(request: AnalysisRequest) -> tuple[str, dict[str, object]]:
    provider, text, facts = build(ModelConfig(OFFLINE, OFFLINE)), "", {}
    try:
        async for event in provider.analyse(request):
            match event:
                case TextDelta(delta):
                    text += delta
                case Finished():
                    facts = dict(event.facts)
    finally:
        await provider.close()
    return text, facts
