"""The bucket's rule is changed while objects lie there, and another bucket is configured."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from library.library_parts import Maker

from skiuo_desktop.backend.lifecycle import LifecycleRule, days_of
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.objects import UploadState

RULES = [LifecycleRule("one", "clips/", True, 7), LifecycleRule("two", "", True, 30), LifecycleRule("off", "clips/", False, 1)]


@pytest.mark.parametrize(("key", "days"), [("clips/d/r/x.webm", 7), ("recordings/d/r/x.webm", 30)])
def test_the_shortest_rule_that_an_object_falls_under_counts(key: str, days: int) -> None:
    assert days_of(key, RULES) == days
    assert days_of(key, [LifecycleRule("tagged", "", True, 1, conditional=True)]) is None


@pytest.mark.parametrize(("days", "left"), [(30, 1), (None, 1), (3, 0)])
def test_what_was_stored_under_another_rule_goes_by_this_one(tmp_path: Path, days: int | None, left: int) -> None:
    with Library.open(Home(tmp_path / "home").prepare()) as library:
        recording = Maker(library).recording("one")
        job = library.begin_upload("recordings/d/r/k", "recording", recording.id, size=1, sha256="0" * 64)
        now = datetime.now(UTC)
        assert library.object_stored(job.id, now + timedelta(days=7))
        assert library.expire_by(lambda _key: days) == 1
        assert library.expire_by(lambda _key: days) == 0
        library.forget_expired(now + timedelta(days=8))
        assert len(library.objects(recording.id)) == left
        assert len(library.uploads(UploadState.REMOVING)) == 1 - left
