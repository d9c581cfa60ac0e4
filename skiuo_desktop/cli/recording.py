"""`skiuo record`, `skiuo analyze`, `skiuo demo`: the engine in a terminal."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skiuo_desktop import settings as s
from skiuo_desktop.cli import model_keys, names, overrides
from skiuo_desktop.cli.arguments import milliseconds
from skiuo_desktop.cli.follow import EventQueue, Follower, TerminalFollower
from skiuo_desktop.cli.follow_json import JsonFollower
from skiuo_desktop.cli.interrupts import Interrupts
from skiuo_desktop.cli.outcome import done
from skiuo_desktop.cli.running import running
from skiuo_desktop.errors import Cancelled, NotFoundError, SourceError
from skiuo_desktop.events import RecordingSaved
from skiuo_desktop.home import Home
from skiuo_desktop.model import Recording

if TYPE_CHECKING:
    from skiuo_desktop.engine.app import Engine

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_commands(commands: Commands) -> None:
    record = commands.add_parser(
        "record",
        help="record a source and write what happens",
        description="Records a source until --seconds have passed, it ends, or Ctrl-C. A second Ctrl-C leaves the analysis for later; the file is safe.",
    )
    record.add_argument("--source", required=True, metavar="SRC", help="camera:0, screen:0, rtsp://…, file:PATH, test: (`skiuo sources` explains)")
    record.add_argument("--seconds", type=milliseconds, metavar="N", help="stop after this much recorded time")
    record.add_argument("--title", default="", metavar="T")
    record.add_argument("--model", action="append", metavar="NAME", help="model to ask (repeat for several; default: the setting)")
    overrides.add_options(record)
    record.add_argument("--no-analyze", action="store_true", help="record only; `skiuo analyze` can follow later")
    record.add_argument("--no-audio", action="store_true", help="no sound track")
    record.add_argument("--speed", choices=("real", "max"), default="real", help="files and the test pattern: in real time, or as fast as the encoder goes")
    record.add_argument("--json", action="store_true", help="events as JSON objects, one a line; the last one is the recording")
    record.set_defaults(run=run_record)

    analyze = commands.add_parser(
        "analyze", help="analyse a recording again, or what failed", description="Analyses every window of a recording anew, or only those that failed."
    )
    analyze.add_argument("recording", metavar="RECORDING", help="id, the beginning of an id, title, path, or `last`")
    analyze.add_argument("--model", action="append", metavar="NAME", help="model to ask (repeat for several; default: those it was recorded with)")
    overrides.add_options(analyze)
    analyze.add_argument("--failed", action="store_true", help="only windows whose analysis failed, or that a budget kept for later")
    analyze.add_argument("--fresh", action="store_true", help="ask again even where the same question has been answered before")
    analyze.add_argument("--json", action="store_true", help="events as JSON objects, one a line")
    analyze.set_defaults(run=run_analyze)

    demo = commands.add_parser(
        "demo",
        help="see the whole thing work, without a camera or a key",
        description="Records a generated scene (text, motion, a cut) or a file, reads it with the offline measurer, and prints the narrative.",
    )
    demo.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a video to use instead of the generated scene")
    demo.add_argument("--seconds", type=milliseconds, metavar="N", help="record this much (default 30)")
    demo.add_argument("--json", action="store_true", help="events as JSON objects, one a line")
    demo.set_defaults(run=run_demo)


def run_record(args: argparse.Namespace, home: Home) -> int:
    models = () if args.no_analyze else tuple(args.model) if args.model else None
    changed = overrides.values(args)
    return _record(
        args.source, home, title=args.title, models=models, limit_ms=args.seconds, audio=not args.no_audio, speed=args.speed, json=args.json, changed=changed
    )


def _record(
    source: str,
    home: Home,
    *,
    title: str,
    models: tuple[str, ...] | None,
    limit_ms: int | None,
    audio: bool,
    speed: str,
    json: bool,
    changed: Mapping[str, Any],
) -> int:
    names.check(home.prepare(), {s.ACTIVE_MODELS.key: models or (), **changed})
    with running(home) as engine:
        _prepare_models(engine, models, changed)
        microphone = engine.settings.get(s.MICROPHONE) if audio else "none"
        engine.open_source(source, microphone, speed).result()
        events = EventQueue()
        engine.publisher.subscribe(events.put)
        with Interrupts(engine) as interrupts:
            recording_id = engine.start_recording(title, models, limit_ms, changed).result()
            follower: Follower = JsonFollower(lambda: recording_id) if json else TerminalFollower(lambda: recording_id, limit_ms)
            try:
                saved = _until_saved(events, follower, recording_id, interrupts)
                if not saved.kept:
                    raise Cancelled("Stopped before the first picture.") if interrupts.count else saved.error or SourceError("Nothing was recorded.")
                _until_analysed(engine, events, follower, recording_id, interrupts=interrupts, allowed=1)
            finally:
                follower.close()
        recording = engine.recording(recording_id).result()
    return done(recording, json=json, error=saved.error, abandoned=interrupts.count > 1)


def _prepare_models(engine: Engine, models: tuple[str, ...] | None, changed: Mapping[str, Any]) -> None:
    """Asks for the keys that are kept nowhere, and says what an hour costs."""
    if models == ():
        return
    infos = engine.models().result()
    asked = overrides.asked(infos, models)
    stand_ins = changed.get(s.FALLBACK.key, engine.settings.get(s.FALLBACK))
    model_keys.ask_for_this_run(info.config for info in [*asked, *overrides.asked(infos, stand_ins)])
    told = overrides.forecast(asked)
    if told:
        print(told, file=sys.stderr)


def _until_saved(events: EventQueue, follower: Follower, recording_id: str, interrupts: Interrupts) -> RecordingSaved:
    while True:
        interrupts.heed()
        event = events.get(timeout_s=0.2)
        if event is None:
            continue
        follower.show(event)
        if isinstance(event, RecordingSaved) and event.recording_id == recording_id:
            return event


def _until_analysed(engine: Engine, events: EventQueue, follower: Follower, recording_id: str, *, interrupts: Interrupts, allowed: int) -> None:
    """Follows until nothing is queued or running here, or the person has pressed Ctrl-C more often than `allowed`."""
    quiet = False
    while interrupts.count <= allowed:
        event = events.get(timeout_s=0.2)
        if event is not None:
            follower.show(event)
        elif quiet:
            return
        else:
            quiet = engine.queued(recording_id).result() == 0


def run_analyze(args: argparse.Namespace, home: Home) -> int:
    changed = overrides.values(args)
    with running(home) as engine:
        recording_id = engine.resolve(args.recording).result()
        models = tuple(args.model or ())
        names.check(home, {s.ACTIVE_MODELS.key: models, **changed})
        _prepare_models(engine, models or _recorded_with(engine, recording_id), changed)
        events = EventQueue()
        engine.publisher.subscribe(events.put)
        with Interrupts(engine) as interrupts:
            follower: Follower = JsonFollower(lambda: recording_id) if args.json else TerminalFollower(lambda: recording_id, None)
            try:
                queued = engine.analyse(recording_id, models, failed_only=args.failed, fresh=args.fresh, overrides=changed).result()
                if queued:
                    _until_analysed(engine, events, follower, recording_id, interrupts=interrupts, allowed=0)
            finally:
                follower.close()
        recording = engine.recording(recording_id).result()
    if not queued:
        print(_nothing_queued(recording, failed=args.failed), file=sys.stderr)
    return done(recording, json=args.json, error=None, abandoned=interrupts.count > 0)


def _recorded_with(engine: Engine, recording_id: str) -> tuple[str, ...] | None:
    """The models that are asked without `--model`: those it was recorded with, or those that are active."""
    known = engine.book.all()
    return tuple(name for name in engine.recording(recording_id).result().models if name in known) or None


def _nothing_queued(recording: Recording, *, failed: bool) -> str:
    if not recording.windows:
        return "This recording has no windows."
    if failed:
        return "Nothing failed: there is nothing to analyse again."
    return "Another program is analysing this recording already."


def run_demo(args: argparse.Namespace, home: Home) -> int:
    from skiuo_desktop.engine.offhand import demo_scene

    if args.file is not None and not args.file.is_file():
        raise NotFoundError(f"There is no file {args.file}.")
    seconds_ms = args.seconds or 30_000
    with tempfile.TemporaryDirectory(prefix="skiuo-demo-") as folder:
        source = args.file or demo_scene(Path(folder) / "Demo scene.mp4", seconds_ms)
        print(f"Recording {seconds_ms / 1000:g} s of {source.name} and reading it on this device, without a key or a network.\n", file=sys.stderr)
        began = time.monotonic()
        status = _record(f"file:{source}", home, title="Demo", models=("offline",), limit_ms=seconds_ms, audio=True, speed="real", json=args.json, changed={})
        print(f"Done in {time.monotonic() - began:.0f} s.", file=sys.stderr)
    return status
