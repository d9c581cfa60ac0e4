"""The engine: builds the stages, starts them, stops them in reverse order, and answers the command line and the window.

Calls return `concurrent.futures.Future`s; their errors are SkiuoErrors. What changes by itself arrives as an event
through `publisher`. No Qt, no screen: it runs the same in a terminal and beside a server.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from skiuo_desktop import settings as s
from skiuo_desktop.analysis.provider import ProbeReport, Prompt
from skiuo_desktop.capture.microphone import FoundMicrophone, list_microphones
from skiuo_desktop.capture.sources import FoundSource, Frame, SourceInfo, list_sources, parse_source
from skiuo_desktop.engine import prompts
from skiuo_desktop.engine.analyse import AnalyseStage
from skiuo_desktop.engine.asking import Asking
from skiuo_desktop.engine.backend_calls import BackendCalls
from skiuo_desktop.engine.clips import Clips
from skiuo_desktop.engine.configure import Configuration
from skiuo_desktop.engine.cut import CutStage
from skiuo_desktop.engine.disk import DiskRoom, disk_room
from skiuo_desktop.engine.elsewhere import Elsewhere
from skiuo_desktop.engine.finish import FinishStage
from skiuo_desktop.engine.judging import Judging
from skiuo_desktop.engine.language import text_language
from skiuo_desktop.engine.links import Linking
from skiuo_desktop.engine.loop import LoopThread
from skiuo_desktop.engine.mirror import MirrorStage
from skiuo_desktop.engine.models import ModelBook
from skiuo_desktop.engine.money import Purse
from skiuo_desktop.engine.parts import Parts
from skiuo_desktop.engine.pictures import Pictures
from skiuo_desktop.engine.plan import PlanStage
from skiuo_desktop.engine.record import RecordStage, Session
from skiuo_desktop.engine.request import Requests
from skiuo_desktop.engine.retention import Retention
from skiuo_desktop.engine.store import Store
from skiuo_desktop.engine.watch import Watch
from skiuo_desktop.engine.wishes import Wishes, checked
from skiuo_desktop.errors import SkiuoError, UsageError
from skiuo_desktop.events import (
    Event,
    MarkerAdded,
    Publisher,
    RecordingChanged,
    RecordingDeleted,
    RecordingNotice,
    RecordingProgress,
    RecordingStopped,
    Repaired,
    WindowChanged,
)
from skiuo_desktop.home import Home
from skiuo_desktop.library.library import Library
from skiuo_desktop.library.work import PERSON
from skiuo_desktop.model import (
    Attempt,
    Choice,
    DeletionPreview,
    Hit,
    Marker,
    ModelConfig,
    ModelInfo,
    Recording,
    RecordingSummary,
    Spending,
    Tracks,
)

log = logging.getLogger(__name__)

T = TypeVar("T")


class Engine(BackendCalls):
    def __init__(self, home: Home) -> None:
        self.publisher = Publisher()
        super().__init__(home.prepare(), s.Settings(home.settings, self.publisher))
        self.book = ModelBook(home)
        self.wishes = Wishes(self.settings)
        self._templates = prompts.TemplateStore(home)
        self._loop = LoopThread("engine")
        self._capture = ThreadPoolExecutor(1, thread_name_prefix="capture-control")
        self._pictures: Pictures
        self._record: RecordStage
        self._plan: PlanStage
        self._cuts: CutStage
        self._clips: Clips
        self._links: Linking
        self._analyse: AnalyseStage
        self._purse: Purse
        self._asking: Asking
        self._configuration: Configuration
        self._finish: FinishStage
        self._finishing: Future[None] | None = None
        self._repairs: Future[list[Repaired]]

    # Life

    def start(self, *, analyse: bool = True, backlog: bool = True, repair: bool = True, mirror: bool = True) -> None:
        """Opens the library and goes on where the last run stopped. Raises StorageError, LibraryBusyError.

        `backlog`: also analyse what programs that have died left queued; without it only what this one asks for.
        `analyse` False: nothing is analysed. `repair` False: what programs that have died left half recorded stays for another start.
        `mirror` False: nothing is sent to the backend but by `sync_backend`.
        """
        library = Library.open(self.home)
        self._store = Store(library)
        self._pictures = Pictures(self._store)
        self._record = RecordStage(self.home, self.settings, library, self.publisher.publish)
        self._loop.start()
        self._loop.submit(self._build(analyse, backlog)).result()
        self.publisher.subscribe(self._on_event)
        clips = self._clips
        self._elsewhere = Elsewhere(self._servers, self.home, self.settings, library)
        self._mirror = MirrorStage(library, self._servers, self.settings, self.publisher.publish, clip_bytes=clips.clip_bytes, tidy=clips.tidy)
        self._repairs = self._loop.submit(self._go_on(repair))
        self._repairs.add_done_callback(_log_failure)
        if mirror:
            self._mirror.start()
            if backlog:
                self._loop.loop.call_soon_threadsafe(self._keep_rule)
        self.publisher.subscribe(self._mirror.on_event)

    async def _build(self, analyse: bool, backlog: bool) -> None:
        publish = self.publisher.publish
        self._cuts = CutStage(publish)
        self._purse = Purse(self._store, self.wishes, publish)
        requests = Requests(self._store, self.wishes, self._templates)
        judging = Judging(self._store, self.book, self.wishes)
        self._clips = Clips(self._store, self._servers, self.settings, paused=self._may_not_send, wake=self._wake_mirror)
        self._links = Linking(self._clips, self._servers, self._store.library.device_id)
        parts = Parts(self._store, self._cuts, self.book.all, self.wishes, self._purse, requests, judging, self._clips, self._links, publish)
        self._analyse = AnalyseStage(parts, self.book, analyse=analyse, backlog=backlog)
        self._asking = self._analyse.asking
        self._configuration = Configuration(parts, self.settings, self.book, self._analyse)
        self._plan = PlanStage(self._store, publish, self._analyse.wake, self._text_language, self._asking)
        self._finish = FinishStage(self._store, self._plan, self.settings, publish)
        self._retention = Retention(self._store, self.settings, publish)
        self._planning = asyncio.create_task(self._plan.run(), name="plan")
        self._watching = asyncio.create_task(Watch(self.settings, self.book, publish).run(), name="watch")

    def _keep_rule(self) -> None:
        """The rule about old videos is carried out by programs that stay."""
        self._keeping = asyncio.create_task(self._retention.run(), name="retention")

    def _may_not_send(self) -> bool:
        return self.settings.get(s.BACKEND_PAUSED) or (self._mirror.metered and self.settings.get(s.BACKEND_METERED))

    def _wake_mirror(self) -> None:
        self._mirror.wake()

    def _text_language(self, recording_id: str) -> str:
        return text_language(self.wishes, recording_id)

    async def _go_on(self, repair: bool) -> list[Repaired]:
        try:
            await self._store.write(Library.release_orphans)
            return await self._finish.orphans() if repair else []
        finally:
            self._analyse.wake()
            await self._analyse.look()

    def stop(self) -> None:
        """Ends a recording cleanly, queues again what was being analysed, and closes everything. Never loses a row."""
        self._capture.submit(self._record.close).result()
        self._stop_sending()
        # A repair that is under way owns its file as long as this program holds its lock: it is waited for.
        concurrent.futures.wait([self._repairs])
        if self._finishing is not None:
            concurrent.futures.wait([self._finishing])
        self._capture.shutdown(wait=True)
        self._loop.submit(self._analyse.stop()).result()
        self._loop.stop()
        self._cuts.close()
        self._pictures.close()
        self._servers.close()
        self._store.close()

    def repaired(self) -> Future[list[Repaired]]:
        """What the start had to repair."""
        return self._repairs

    @property
    def failures(self) -> list[SkiuoError]:
        """What could not be repaired, and why."""
        return self._finish.failures

    def adopt(self) -> Future[list[Repaired]]:
        """Takes in recordings in the library's folder that no row names. What is recorded now always has its row."""
        return self._loop.submit(self._finish.adopt(self.home.recordings))

    def _on_event(self, event: Event) -> None:
        """On the publisher's thread: hands over and returns."""
        match event:
            case RecordingProgress():
                self._plan.inbox.put(event.recording_id, event.written_ms)
            case RecordingNotice(recording_id, notice):
                self._store.submit_write(lambda library: library.add_notice(recording_id, notice)).add_done_callback(_log_failure)
            case RecordingStopped():
                self._finishing = self._loop.submit(self._finished(event))
                self._finishing.add_done_callback(_log_failure)

    async def _finished(self, event: RecordingStopped) -> None:
        session = await asyncio.get_running_loop().run_in_executor(self._capture, self._record.ended)
        if session is not None:  # the control thread sets it before the recorder starts, and only this takes it away
            await self._finish.stopped(event, session.recording, session.recorder.tracks())

    # Capture

    def open_source(self, source: str, microphone: str, speed: str = "real") -> Future[SourceInfo]:
        """Opens a source and a microphone (`default`, `none` or a name) for preview, in place of those before."""
        return self._capture.submit(self._record.open_source, source, microphone, speed)

    def close_source(self) -> Future[None]:
        return self._capture.submit(self._record.close_source)

    def reopen_source(self) -> Future[None]:
        return self._capture.submit(self._record.reopen_source)

    @property
    def latest_frame(self) -> Frame | None:
        return self._record.latest_frame

    @property
    def recording_id(self) -> str | None:
        session = self._record.session
        return session.recording.id if session is not None else None

    def start_recording(
        self, title: str = "", models: tuple[str, ...] | None = None, limit_ms: int | None = None, overrides: Mapping[str, Any] | None = None
    ) -> Future[str]:
        """Records the open source. `models` None: those of the setting, asked again at every window; (): no analysis.

        `overrides`: settings (key and value) that count for this recording only, as long as this program runs.
        """
        return self._capture.submit(self._start_recording, title, models, limit_ms, checked(overrides or {}))

    def _start_recording(self, title: str, models: tuple[str, ...] | None, limit_ms: int | None, overrides: Mapping[str, Any]) -> str:
        fixed = self.book.check_names(models) if models is not None else None
        session = self._record.start(title, self._asking.active() if fixed is None else fixed, limit_ms)
        recording_id = session.recording.id
        self.wishes.ask(recording_id, overrides)
        wanted = (lambda: self._asking.active(recording_id)) if fixed is None else (lambda: fixed)
        self._loop.loop.call_soon_threadsafe(self._plan.begin, session.recording, wanted)
        self.publisher.publish(RecordingChanged(recording_id))
        return recording_id

    def pause_recording(self) -> Future[None]:
        return self._capture.submit(self._record.pause)

    def resume_recording(self) -> Future[None]:
        return self._capture.submit(self._record.resume)

    def stop_recording(self) -> Future[None]:
        return self._capture.submit(self._record.stop)

    def add_marker(self, text: str = "") -> Future[Marker]:
        """Marks this moment of the recording under way."""
        session: Session | None = self._record.session
        if session is None:
            raise UsageError("Nothing is being recorded: there is no moment to mark.")
        recording_id, at_ms = session.recording.id, session.recorder.elapsed_ms

        def add(library: Library) -> Marker:
            marker = library.add_marker(recording_id, at_ms, text)
            self.publisher.publish(MarkerAdded(recording_id, marker))
            return marker

        return self._store.submit_write(add)

    def describe_source(self, source: str) -> tuple[str, str]:
        """(what of it may be stored, what a person calls it), both without credentials. Raises UsageError. Free."""
        spec = parse_source(source)
        return spec.text, spec.label

    def sources(self) -> Future[list[FoundSource]]:
        return self._ask(list_sources)

    def microphones(self) -> Future[list[FoundMicrophone]]:
        return self._ask(list_microphones)

    # Models

    def models(self) -> Future[list[ModelInfo]]:
        """All models in the person's order, the offline measurer last, with how they do."""
        return self._loop.submit(self._configuration.models())

    def add_model(self, config: ModelConfig, secret: str = "") -> Future[ModelConfig]:
        """Saves a model, and its key where `config.key_ref` says. A price that is known is filled in. Does not test it (`probe_model`)."""
        return self._loop.submit(self._configuration.add(config, secret))

    def change_model(self, name: str, /, secret: str = "", **fields: Any) -> Future[ModelConfig]:
        """Replaces fields of a model (`name` renames it). Another endpoint is to be tested anew."""
        return self._loop.submit(self._configuration.change(name, secret, fields))

    def remove_model(self, name: str) -> Future[None]:
        """Its key goes too; what it has written stays."""
        return self._loop.submit(self._configuration.remove(name))

    def move_model(self, name: str, rank: int) -> Future[None]:
        return self._loop.submit(self._configuration.move(name, rank))

    def use_models(self, names: Sequence[str], rule: str | None = None, judge: str | None = None, fallback: Sequence[str] | None = None) -> Future[None]:
        """Whom new windows are asked of, from the next one on, in every program on this library; None leaves a part as it is."""
        return self._loop.submit(self._configuration.use(names, rule, judge, fallback))

    def probe_model(self, name: str) -> Future[ProbeReport]:
        """Walks a short clip through every delivery of a model's endpoint, and keeps what was seen."""
        return self._loop.submit(self._configuration.probe(name))

    def spending(self, recording_id: str = "") -> Future[Spending]:
        return self._loop.submit(self._purse.spending(recording_id))

    def choose(self, window_id: int, analysis_id: int) -> Future[None]:
        """A person's choice of the text that stands in a window's narrative."""

        def choose(library: Library) -> None:
            library.choose(window_id, Choice(analysis_id, PERSON, PERSON))
            self.publisher.publish(WindowChanged(library.window(window_id)))

        return self._store.submit_write(choose)

    # Prompts

    def templates(self) -> Future[list[prompts.Template]]:
        return self._ask(self._templates.all)

    def save_template(self, template: prompts.Template) -> Future[prompts.Template]:
        return self._ask(lambda: self._templates.save(template))

    def reset_template(self, name: str) -> Future[None]:
        """Back to what came with the program; one of the person's own is removed."""
        return self._ask(lambda: self._templates.reset(name))

    def preview_prompt(self, name: str, language: str) -> Future[Prompt]:
        return self._ask(lambda: prompts.preview(self._templates.get(name), language))

    def disk(self) -> Future[DiskRoom]:
        return self._ask(lambda: disk_room(self.home, self.settings))

    def _ask(self, work: Callable[[], T]) -> Future[T]:
        return self._store.submit_read(lambda _library: work())

    # Library

    def recordings(self, limit: int = 500, text: str = "") -> Future[list[RecordingSummary]]:
        return self._store.submit_read(lambda library: library.summaries(limit, text=text))

    def resolve(self, text: str) -> Future[str]:
        """The id of the recording that a person means: an id, its beginning, a title, a path, or `last`."""
        return self._here_or_elsewhere(lambda library: library.resolve(text), lambda elsewhere: elsewhere.resolve(text))

    def recording(self, recording_id: str) -> Future[Recording]:
        """Of this device, or of another one where a database is configured."""
        return self._here_or_elsewhere(lambda library: library.recording(recording_id), lambda elsewhere: elsewhere.recording(recording_id))

    def tracks(self, recording_id: str) -> Future[Tracks]:
        live = self._record.session
        if live is not None and live.recording.id == recording_id:
            return self._ask(live.recorder.tracks)
        return self._here_or_elsewhere(lambda library: library.tracks(recording_id), lambda elsewhere: elsewhere.tracks(recording_id))

    def attempts(self, analysis_id: int) -> Future[list[Attempt]]:
        return self._store.submit_read(lambda library: library.attempts(analysis_id))

    def pictures(self, recording_id: str, window_index: int, times_ms: Sequence[int], width: int) -> Future[list[bytes]]:
        """JPEGs of what a window shows at times from its start, at most 60, in their order, at most `width` pixels wide.

        A request that has not begun is cancelled by the next one. Called on one thread. Raises NotFoundError, MediaError.
        """
        return self._pictures.ask(recording_id, window_index, times_ms, width)

    def search(self, text: str, limit: int = 50) -> Future[list[Hit]]:
        return self._store.submit_read(lambda library: library.search(text, limit))

    def queued(self, recording_id: str) -> Future[int]:
        """How many analyses of a recording are still to be finished by this program."""
        return self._loop.submit(self._analyse.open(recording_id))

    def analyse(
        self,
        recording_id: str,
        models: tuple[str, ...] = (),
        *,
        failed_only: bool = False,
        window_index: int | None = None,
        fresh: bool = False,
        overrides: Mapping[str, Any] | None = None,
    ) -> Future[int]:
        """Queues analyses: of every window, of the failed ones and those kept for later, or of one. Returns how many were queued.

        `fresh`: also where the same question has an answer already. `overrides` as in `start_recording`.
        """
        self.wishes.ask(recording_id, overrides)
        return self._loop.submit(self._request(recording_id, models, failed_only=failed_only, window_index=window_index, fresh=fresh))

    async def _request(self, recording_id: str, models: tuple[str, ...], *, failed_only: bool, window_index: int | None, fresh: bool) -> int:
        wanted = self.book.check_names(models)
        language = self._text_language(recording_id)

        def request(library: Library) -> tuple[int, Recording, tuple[str, ...]]:
            library.release_orphans()
            known = self.book.all()
            recorded = tuple(name for name in library.recording_head(recording_id).models if name in known)
            names = wanted or recorded or self._asking.active(recording_id)
            count = library.request_analyses(recording_id, names, failed_only=failed_only, window_index=window_index, language=language, fresh=fresh)
            return count, library.recording(recording_id), names

        count, recording, names = await self._store.write(request)
        self._analyse.asked_again((*names, *self._asking.order(recording_id)))
        for window in recording.windows:
            if window_index in (None, window.index):
                self.publisher.publish(WindowChanged(window))
        self._analyse.wake()
        await self._analyse.look()  # what was kept for later may have been asked of a model that is gone
        return count

    def cancel_analyses(self, recording_id: str) -> Future[int]:
        return self._loop.submit(self._analyse.cancel(recording_id))

    def rename(self, recording_id: str, title: str) -> Future[None]:
        return self._change(recording_id, lambda library: library.set_title(recording_id, title))

    def set_notes(self, recording_id: str, notes: str) -> Future[None]:
        return self._change(recording_id, lambda library: library.set_notes(recording_id, notes))

    def set_tags(self, recording_id: str, tags: Sequence[str]) -> Future[None]:
        return self._change(recording_id, lambda library: library.set_tags(recording_id, tags))

    def _change(self, recording_id: str, work: Callable[[Library], None]) -> Future[None]:
        def change(library: Library) -> None:
            work(library)
            self.publisher.publish(RecordingChanged(recording_id))

        return self._store.submit_write(change)

    def deletion_preview(self, recording_ids: Sequence[str]) -> Future[DeletionPreview]:
        return self._store.submit_read(lambda library: library.deletion_preview(recording_ids))

    def delete(self, recording_ids: Sequence[str]) -> Future[None]:
        """Moves recordings to the system's trash where there is one; what is being analysed is cancelled first."""
        return self._loop.submit(self._delete(recording_ids))

    async def _delete(self, recording_ids: Sequence[str]) -> None:
        for recording_id in recording_ids:
            await self._analyse.cancel(recording_id)
            await self._store.write(Library.delete, [recording_id])
            self.publisher.publish(RecordingDeleted(recording_id))


def _log_failure(done: Future[T]) -> None:
    error = done.exception() if not done.cancelled() else None
    if isinstance(error, SkiuoError):
        log.error("%s", error)
    elif error is not None:
        log.error("an unexpected error", exc_info=error)
