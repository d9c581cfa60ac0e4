"""Rows that somebody wrote who means harm, or whose program is newer: they are read as far as they can be, and nothing else happens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from backend.devices import Backend, Device, backend_of
from support.postgres import Server
from support.services import Store

from skiuo_desktop import failures
from skiuo_desktop.cli import as_json, notes
from skiuo_desktop.errors import BackendError, NotFoundError
from skiuo_desktop.model import AnalysisState, BackendTrouble, FailureKind, Recording, RecordingState, WindowState


@pytest.fixture
def backend(tmp_path: Path, object_server: Store, postgres: Server, database_name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    with backend_of(tmp_path / "backend", object_server, postgres, database_name, monkeypatch) as made:
        yield made


@pytest.fixture
def desk(backend: Backend) -> Device:
    return backend.device("Desk")


@pytest.fixture
def made(backend: Backend) -> Recording:
    """A recording of another device that is mirrored; its rows are then written over."""
    bench = backend.device("Bench")
    recording = bench.film("He lifts the lid.", "He closes it.", title="Lid")
    bench.mirror()
    return recording


def shown(recording: Recording) -> str:
    """All that the command line and the window make of a recording."""
    for window in recording.windows:
        notes.choice(window)
        notes.reason(window)
        for analysis in window.analyses:
            for language in failures.LANGUAGES:
                failures.why(analysis.why, language)
                if analysis.failure is not None:
                    failures.sentence(analysis.failure, language)
    return json.dumps(as_json.recording_json(recording), allow_nan=False)


def test_no_path_is_taken_over(backend: Backend, desk: Device, made: Recording) -> None:
    for path in ("../../x.webm", "/etc/passwd", "C:\\x.webm", "..\\x", "a/../../b"):
        backend.ask("UPDATE recordings SET path = %s, thumbnail = %s", path, path)
        recording = desk.elsewhere.recording(made.id)
        assert (recording.path, recording.thumbnail, desk.elsewhere.summaries(1)[0].thumbnail) == ("", "", "")


def test_states_of_a_newer_program_are_read_as_known_ones(backend: Backend, desk: Device, made: Recording) -> None:
    backend.ask("UPDATE recordings SET state = 'frozen'")
    backend.ask("UPDATE windows SET state = 'translated'")
    backend.ask("UPDATE analyses SET state = 'dreamt', failure_kind = 'weather', failure_message = 'It rains.', purpose = 'describe'")
    recording = desk.elsewhere.recording(made.id)
    assert recording.state is RecordingState.FINISHED and {window.state for window in recording.windows} == {WindowState.SKIPPED}
    analysis = recording.windows[0].analyses[0]
    assert (analysis.state, analysis.text) == (AnalysisState.DONE, "He lifts the lid.")
    assert analysis.failure is not None and (analysis.failure.kind, analysis.failure.message) == (FailureKind.INTERNAL, "It rains.")
    [summary] = desk.elsewhere.summaries(1)
    assert (summary.state, summary.states) == (RecordingState.FINISHED, (WindowState.SKIPPED, WindowState.SKIPPED))
    shown(recording)


MEANT_ILL = '{"rule": 7, "reason": [], "dissent": {"a": 1}, "code": "failed", "kind": [], "until": "0001-01-01", "wait_s": "long", "server": [1], "limit": {}}'
SHAPES = ["[]", "{}", "null", "7", '"x"', '[[], {}, null, 7, "ok"]', MEANT_ILL]


def test_json_of_any_shape_does_no_harm(backend: Backend, desk: Device, made: Recording) -> None:
    for shape in SHAPES:
        backend.ask("UPDATE recordings SET models = %s::jsonb, notices = %s::jsonb", shape, shape)
        backend.ask("UPDATE windows SET choice = %s::jsonb, chosen_id = id", shape)
        backend.ask("UPDATE analyses SET facts = %s::jsonb, why = %s::jsonb, failure_facts = %s::jsonb, failure_kind = 'overloaded'", *[shape] * 3)
        recording = desk.elsewhere.recording(made.id)
        assert all(isinstance(model, str) for model in recording.models) and len(recording.windows) == 2, shape
        shown(recording)
        assert desk.elsewhere.summaries(1)[0].title == "Lid" and len(desk.elsewhere.search("lid")) == 2


def test_a_notice_keeps_what_is_right_in_it(backend: Backend, desk: Device, made: Recording) -> None:
    backend.ask("""UPDATE recordings SET notices = '[{"at_ms": -5, "kind": "stalled", "detail": 9, "extra": 1}, {"kind": ""}, 3]'""")
    [notice] = desk.elsewhere.recording(made.id).notices
    assert (notice.at_ms, notice.kind, notice.detail, notice.length_ms) == (0, "stalled", "", 0)


def test_windows_that_are_nowhere_are_left_out(backend: Backend, desk: Device, made: Recording) -> None:
    backend.ask("UPDATE windows SET start_ms = 9000, end_ms = 2000 WHERE index = 0")
    assert [window.index for window in desk.elsewhere.recording(made.id).windows] == [1]
    assert [hit.where for hit in desk.elsewhere.search("lid")] == ["title"]
    backend.ask("UPDATE windows SET index = -4, start_ms = 0, end_ms = 9000 WHERE index = 0")
    assert [window.index for window in desk.elsewhere.recording(made.id).windows] == [1]


def test_numbers_out_of_any_range(backend: Backend, desk: Device, made: Recording) -> None:
    backend.ask("UPDATE recordings SET fps = 'NaN', duration_ms = -1, bytes = -9, width = -2, freed_at = 'infinity'")
    backend.ask("UPDATE attempts SET cost = 'Infinity'")
    backend.ask("UPDATE analyses SET cost = 'NaN'")
    recording = desk.elsewhere.recording(made.id)
    assert (recording.fps, recording.duration_ms, recording.bytes, recording.width, recording.freed_at) == (0.0, 0, 0, 0, None)
    assert recording.windows[0].analyses[0].usage.cost is None and desk.elsewhere.summaries(1)[0].costs == {}
    shown(recording)


def test_a_time_that_nobody_can_read_hides_only_its_recording(backend: Backend, desk: Device, made: Recording) -> None:
    backend.device("Attic").mirror()
    for moment in ("infinity", "0044-03-15 BC", "20000-01-01"):
        backend.ask("UPDATE recordings SET started_at = %s", moment)
        assert desk.elsewhere.summaries(5) == desk.elsewhere.search("lid") == []
        with pytest.raises(NotFoundError):
            desk.elsewhere.recording(made.id)


def test_giant_texts_are_cut_by_the_server(backend: Backend, desk: Device, made: Recording) -> None:
    backend.ask("UPDATE recordings SET title = repeat('电', 300000), notes = repeat('x', 300000)")
    backend.ask("""UPDATE analyses SET text = 'lid ' || repeat('y', 300000), facts = jsonb_build_object('label', repeat('z', 300000))""")
    recording = desk.elsewhere.recording(made.id)
    assert len(recording.title) == len(recording.notes) == len(recording.windows[0].analyses[0].text) == 250_000
    assert recording.windows[0].analyses[0].facts == {}
    assert len(desk.elsewhere.summaries(1)[0].excerpt) <= 240
    assert all(len(hit.text) < 2_000 for hit in desk.elsewhere.search("lid"))


KEYS = [
    "../../x",
    "/etc/passwd",
    "recordings/../../x.webm",
    "recordings/{device}/{id}0/{sha}.webm",
    "recordings/{device}/{id}/{zeros}.webm",
    "clips/{device}/{id}/x",
]


def test_a_row_that_names_another_object_is_not_fetched(backend: Backend, desk: Device, made: Recording) -> None:
    [(sha256,)] = backend.ask("SELECT sha256 FROM objects WHERE kind = 'recording'")
    keys = [key.format(device=made.device_id, id=made.id, sha=sha256, zeros="0" * 64) for key in KEYS]
    for told, name in [(key, sha256) for key in keys] + [(f"recordings/{made.device_id}/{made.id}/{sha256}.webm", name) for name in ("../x", "", "0" * 64)]:
        backend.ask("UPDATE objects SET key = %s, sha256 = %s WHERE kind = 'recording'", told, name)
        with pytest.raises(NotFoundError, match="not in the object store"):
            desk.elsewhere.media(made.id)
    assert not any(path.is_file() for path in (desk.home.root / "cache").rglob("*"))
    backend.ask("UPDATE objects SET sha256 = %s WHERE kind = 'recording'", sha256)
    assert desk.elsewhere.media(made.id).stem == sha256


def test_what_is_larger_than_its_row_says_is_not_kept(backend: Backend, desk: Device, made: Recording) -> None:
    backend.ask("UPDATE objects SET bytes = 100 WHERE kind = 'recording'")
    with pytest.raises(BackendError) as error:
        desk.elsewhere.media(made.id)
    assert error.value.trouble is BackendTrouble.DIFFERENT
    assert not list((desk.home.root / "cache").rglob("*.webm"))


def test_an_index_that_does_not_fit_its_rows(backend: Backend, desk: Device, made: Recording) -> None:
    backend.ask("UPDATE search SET window_id = 12345 WHERE slot = 0")
    backend.ask("UPDATE search SET slot = 777, window_id = NULL WHERE slot = 1")
    assert [hit.where for hit in desk.elsewhere.search("lid")] == ["title"] and desk.elsewhere.search("closes") == []
