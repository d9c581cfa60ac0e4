"""Every setting once: type, default, label, help, limits. Dialogs, the command line and the documentation are made from this.

Values live in `settings.json` in the home folder and are read again when the file changes, so that a change made in one
program is seen by another that runs. Secrets are not settings (see `secrets`).
"""

from __future__ import annotations

import difflib
import json
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from filelock import FileLock

from skiuo_desktop import jsonfile
from skiuo_desktop.errors import StorageError, UsageError
from skiuo_desktop.events import Publisher, SettingChanged

log = logging.getLogger(__name__)

VERSION = 1
"""Version of the file's layout. `MIGRATIONS[n]` turns the values of version n into those of n + 1."""

MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

T = TypeVar("T", bool, int, float, str, tuple[str, ...])


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting. `unit` is for people; `choices` closes the set of values; `least` and `most` bound numbers."""

    key: str
    default: T
    label: str
    help: str
    choices: tuple[T, ...] = ()
    least: float | None = None
    most: float | None = None
    unit: str = ""

    def parse(self, value: Any) -> T:
        """The value in this setting's type. Raises UsageError with what is allowed."""
        parsed: Any
        kind = type(self.default)
        try:
            if kind is bool:
                parsed = _parse_bool(value)
            elif kind is int:
                if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
                    raise ValueError
                parsed = int(value)
            elif kind is float:
                parsed = float(value)
            elif kind is tuple:
                parts: Iterable[Any] = value.split(",") if isinstance(value, str) else value
                parsed = tuple(str(part).strip() for part in parts if str(part).strip())
            else:
                if not isinstance(value, str):
                    raise ValueError
                parsed = value
        except (TypeError, ValueError):
            raise UsageError(f"{self.key} wants {self._wanted()}, not {value!r}.") from None
        if self.choices and parsed not in self.choices:
            raise UsageError(f"{self.key} wants {self._wanted()}, not {value!r}.")
        if kind in (int, float) and not ((self.least is None or parsed >= self.least) and (self.most is None or parsed <= self.most)):
            raise UsageError(f"{self.key} wants {self._wanted()}, not {value!r}.")
        return cast(T, parsed)

    def _wanted(self) -> str:
        if self.choices:
            return "one of " + ", ".join(str(c) for c in self.choices)
        kind = type(self.default)
        if kind is bool:
            return "on or off"
        if kind is tuple:
            return "names separated by commas"
        if kind is str:
            return "text"
        number = "a whole number" if kind is int else "a number"
        bounds = [f"at least {self.least:.12g}"] if self.least is not None else []
        bounds += [f"at most {self.most:.12g}"] if self.most is not None else []
        return " ".join([number, " and ".join(bounds)]).strip()


def _parse_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}
    return words[value.strip().lower()] if isinstance(value, str) and value.strip().lower() in words else _refuse()


def _refuse() -> bool:
    raise ValueError


WINDOW_LENGTH = Setting("windows.length_ms", 15_000, "Window length", "How much of a recording is analysed as one unit.", least=2_000, most=600_000, unit="ms")
WINDOW_STRIDE = Setting(
    "windows.stride_ms",
    10_000,
    "A window every",
    "Time from one window's start to the next one's. At most the length: then windows touch; below it they overlap.",
    least=1_000,
    most=600_000,
    unit="ms",
)
VIDEO_CODEC = Setting("record.codec", "vp8", "Video codec", "VP8 needs the least processor time; VP9 makes smaller files.", choices=("vp8", "vp9"))
VIDEO_KBPS = Setting("record.video_kbps", 2_500, "Video bit rate", "Average bit rate of the picture.", least=100, most=50_000, unit="kbit/s")
AUDIO_KBPS = Setting("record.audio_kbps", 64, "Sound bit rate", "Bit rate of the Opus sound track.", least=6, most=510, unit="kbit/s")
WIDTH = Setting("record.width", 1280, "Width", "Wanted picture width; a camera gives the nearest that it can.", least=64, most=7680, unit="px")
HEIGHT = Setting("record.height", 720, "Height", "Wanted picture height.", least=64, most=4320, unit="px")
FPS = Setting("record.fps", 30, "Frames a second", "Wanted frame rate of cameras and screens.", least=1, most=120, unit="fps")
MJPG = Setting("record.prefer_mjpg", True, "Prefer MJPG from cameras", "Most USB cameras reach their full size and rate only as MJPG.")
KEEP_FREE = Setting(
    "record.keep_free_mb", 1_000, "Keep free on the disk", "A recording stops cleanly before less than this is left.", least=50, most=10_000_000, unit="MB"
)
SOURCE = Setting("record.source", "", "Source", "The source chosen last; empty: the first camera found.")
MICROPHONE = Setting("record.microphone", "default", "Microphone", "The microphone chosen last: a name, `default`, or `none`.")
ACTIVE_MODELS = Setting[tuple[str, ...]]("analysis.models", ("offline",), "Models", "Models asked about each new window.")
ANALYSIS_LANGUAGE = Setting(
    "analysis.language", "window", "Language of the texts", "Language in which models write; window: that of the window.", choices=("window", "en", "zh")
)
PROMPT = Setting("analysis.prompt", "activity", "Prompt", "The template by which models are asked (`skiuo prompts` lists them).")
RULE = Setting(
    "analysis.rule",
    "all",
    "With several models",
    "Whose text stands in the narrative. all: the first in order, the others beside it; best: the one the others agree with most; vote: the majority's label.",
    choices=("all", "best", "vote"),
)
JUDGE = Setting("analysis.judge", "", "Judge", "A model that chooses between the answers instead of the rule `best`; empty: none.")
FALLBACK = Setting[tuple[str, ...]]("analysis.fallback", (), "Fall back to", "Models asked in this order when one fails or is not to be used now.")
ATTEMPTS = Setting("analysis.attempts", 4, "Attempts", "How often a window is sent to one model before it counts as failed.", least=1, most=20)
PREVIOUS_WAIT = Setting(
    "analysis.previous_wait_s",
    30,
    "Wait for the window before",
    "A window's text goes on from the one before; it waits at most this long for it.",
    least=0,
    most=600,
    unit="s",
)
BUDGET_RECORDING = Setting("budget.recording", 0.0, "Budget of a recording", "Spent at most for one recording; 0: no limit.", least=0, most=1_000_000)
BUDGET_DAY = Setting("budget.day", 0.0, "Budget of a day", "Spent at most a day; 0: no limit.", least=0, most=1_000_000)
BUDGET_MONTH = Setting("budget.month", 0.0, "Budget of a month", "Spent at most a calendar month; 0: no limit.", least=0, most=1_000_000)
BUDGET_CURRENCY = Setting("budget.currency", "USD", "Currency of the budgets", "Prices in the other currency are converted.", choices=("USD", "CNY"))
CNY_PER_USD = Setting("budget.cny_per_usd", 7.1, "Yuan for a dollar", "Used to count prices of both currencies against one budget.", least=0.01, most=1000)
CHEAPER = Setting("budget.cheaper", "", "Cheaper model", "Asked instead when a budget nears its end; empty: the cheapest that is configured and has a price.")
BACKEND_STORE = Setting("backend.store", "", "Object store", "Address of a MinIO or another S3, such as https://minio.example:9000; empty: none.")
BACKEND_BUCKET = Setting("backend.bucket", "skiuo", "Bucket", "The bucket that recordings and clips go to.")
BACKEND_REGION = Setting("backend.region", "", "Region", "The store's region; empty: its own default.")
BACKEND_ACCESS_KEY = Setting("backend.access_key", "", "Access key", "Where the access key is: keyring:NAME or env:VARIABLE.")
BACKEND_SECRET_KEY = Setting("backend.secret_key", "", "Secret key", "Where the secret key is: keyring:NAME or env:VARIABLE.")
BACKEND_DATABASE = Setting(
    "backend.database",
    "",
    "Database",
    "A PostgreSQL, such as postgresql://skiuo@db.example/skiuo, without its password; several hosts are allowed; empty: none.",
)
BACKEND_PASSWORD = Setting("backend.database_password", "", "Database password", "Where the password is: keyring:NAME or env:VARIABLE; empty: none is needed.")
BACKEND_CA = Setting("backend.ca_file", "", "Certificate authority", "A file with the certificate of a private authority; empty: those that the system trusts.")
BACKEND_PLAIN = Setting[tuple[str, ...]](
    "backend.allow_http", (), "Hosts without encryption", "Hosts to which connections may be plain: everybody on the way can read them."
)
BACKEND_PUBLIC = Setting(
    "backend.public_store",
    "",
    "Public address of the store",
    "The https address under which a cloud model reaches the same store, where it differs from yours; empty: the same.",
)
BACKEND_CLIPS = Setting("backend.clips", False, "Store clips", "Each window's clip goes to the store as it is analysed.")
BACKEND_KEEP_VIDEO = Setting(
    "backend.keep_video", True, "Keep video in the store", "Off: a clip goes as soon as its analysis is final, and a recording when it goes here."
)
BACKEND_KEEP_DAYS = Setting(
    "backend.keep_days",
    7,
    "Days that the store keeps video",
    "By the bucket's own rule, which `skiuo backend init` sets; 0: without end.",
    least=0,
    most=36_500,
    unit="days",
)
BACKEND_COLD_DAYS = Setting(
    "backend.cold_days",
    0,
    "Days until the colder class",
    "After so many days video moves to a cheaper storage class, where the store has one; 0: never.",
    least=0,
    most=36_500,
    unit="days",
)
BACKEND_COLD_CLASS = Setting("backend.cold_class", "", "Colder class", "The name of that storage class (MinIO: of a tier).")
BACKEND_LIMIT = Setting(
    "backend.upload_limit", 0, "Upload limit", "The most that is sent to the store; 0: no limit.", least=0, most=10_000_000_000, unit="bytes/s"
)
BACKEND_PAUSED = Setting("backend.paused", False, "Pause the mirror", "Nothing is sent until it goes on.")
BACKEND_METERED = Setting("backend.pause_on_metered", True, "Pause on metered connections", "Nothing is sent where the system says that data costs money.")
KEEP_DAYS = Setting(
    "library.keep_days",
    0,
    "Days that video is kept here",
    "Older video files are removed when their windows are analysed or they are in the store; texts stay. 0: without end.",
    least=0,
    most=36_500,
    unit="days",
)
KEEP_GB = Setting(
    "library.keep_gb",
    0.0,
    "Space for video here",
    "The oldest video files go first when there is more, as above; 0: no limit.",
    least=0,
    most=10_000_000,
    unit="GB",
)
INTERFACE_LANGUAGE = Setting("ui.language", "system", "Language", "Language of the window.", choices=("system", "en", "zh"))
THEME = Setting("ui.theme", "system", "Appearance", "Light, dark, or as the system says.", choices=("system", "light", "dark"))
VOLUME = Setting("ui.volume", 80, "Volume", "Volume of playback.", least=0, most=100, unit="%")

ALL: dict[str, Setting[Any]] = {value.key: value for value in list(globals().values()) if isinstance(value, Setting)}


def named(key: str) -> Setting[Any]:
    """The setting of that key. Raises UsageError with the nearest name."""
    if key in ALL:
        return ALL[key]
    near = difflib.get_close_matches(key, ALL, n=1, cutoff=0.5)
    raise UsageError(f"There is no setting {key!r}." + (f" Did you mean {near[0]}?" if near else " `skiuo settings` lists them."))


class Settings:
    """The values in force. Thread-safe; writes are atomic and wait for each other across programs; unknown keys of a newer program are kept."""

    def __init__(self, path: Path, publisher: Publisher | None = None) -> None:
        self.path = path
        self._publisher = publisher
        self._lock = threading.RLock()
        self._stamp: tuple[int, int] | None = None
        self._values: dict[str, Any] = {}
        with self._lock:
            self._read()
            self._told = dict(self._values)
            """What subscribers know."""

    def refresh(self) -> None:
        """Reads what another program may have changed, and publishes it."""
        with self._lock:
            self._read()
            told, self._told = self._told, dict(self._values)
            changed = [key for key in ALL if told.get(key, _MISSING) != self._told.get(key, _MISSING)]
        self._say(changed)

    def _say(self, changed: Iterable[str]) -> None:
        if self._publisher is not None:
            for key in changed:
                self._publisher.publish(SettingChanged(key))

    def get(self, setting: Setting[T]) -> T:
        with self._lock:
            self._read()
            return _valid(setting, self._values)

    def set(self, setting: Setting[T], value: Any) -> T:
        """Checks and saves one value; an empty string is a value like any other."""
        parsed = setting.parse(value)
        self.change({setting.key: parsed})
        return parsed

    def change(self, values: Mapping[str, Any]) -> None:
        """Checks and saves several values at once (window length and stride only make sense together)."""
        parsed = {key: named(key).parse(value) for key, value in values.items()}
        with self._lock, self._alone():
            self._read()
            merged = {**self._values, **{k: list(v) if isinstance(v, tuple) else v for k, v in parsed.items()}}
            self._check(merged)
            told = self._told
            self._values = merged
            self._write()
            self._told = dict(merged)
            changed = [key for key in merged if told.get(key, _MISSING) != merged[key]]
        self._say(changed)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other program changes the file between our reading and our writing: a budget that it has just set would be lost."""
        lock = FileLock(self.path.with_suffix(".lock"), thread_local=False)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except OSError as error:
            raise StorageError(f"The settings could not be saved in {self.path}: {error.strerror}.") from error
        try:
            yield
        finally:
            lock.release()

    @staticmethod
    def _check(values: Mapping[str, Any]) -> None:
        length, stride = _valid(WINDOW_LENGTH, values), _valid(WINDOW_STRIDE, values)
        if stride > length:
            raise UsageError(
                f"windows.stride_ms ({stride}) is longer than windows.length_ms ({length}): what lies between two windows would never be analysed. "
                "Make the stride shorter first."
            )

    def _read(self) -> None:
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            self._values, self._stamp = {}, None
            return
        except OSError as error:
            raise StorageError(f"The settings in {self.path} cannot be read: {error.strerror}.") from error
        stamp = (stat.st_mtime_ns, stat.st_size)
        if stamp == self._stamp:
            return
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            values = dict(content["values"])
            for step in range(int(content["version"]), VERSION):
                values = MIGRATIONS[step](values)
        except (OSError, ValueError, KeyError, TypeError) as error:
            broken = self.path.with_suffix(".broken.json")
            log.warning("%s cannot be read (%s): it is kept as %s and the defaults are used", self.path, error, broken.name)
            try:
                self.path.replace(broken)
            except OSError:
                log.warning("%s could not be moved aside", self.path)
            self._values, self._stamp = {}, None
            return
        self._values, self._stamp = values, stamp

    def _write(self) -> None:
        try:
            self._stamp = jsonfile.write(self.path, {"version": VERSION, "values": self._values}, sort_keys=True)
        except OSError as error:
            raise StorageError(f"The settings could not be saved in {self.path}: {error.strerror}.") from error


def _valid(setting: Setting[T], values: Mapping[str, Any]) -> T:
    """The value in the file, or the default where the file has none or one that is not allowed (it may have been edited by hand)."""
    try:
        return setting.parse(values.get(setting.key, setting.default))
    except UsageError as error:
        log.warning("%s The default is used.", error)
        return setting.default


_MISSING = object()
