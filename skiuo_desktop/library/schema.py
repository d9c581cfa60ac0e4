"""The tables, as they stand in SQLite here and, mirrored row by row, in the schema `skiuo` of a PostgreSQL.

What holds for all of them:

- `revision` is drawn from one counter of the library (`this_library.revision`) each time a row changes, in the same
  transaction (see `database.Writing`), so "what is newer than N" is one indexed question. Tags, markers and tracks are
  replaced as a set: whenever one of them is removed the recording gets a new revision too.
- `id`s of windows, analyses, attempts and markers are drawn from a range that begins at a random place for each
  library (`this_library.last_id`), so that rows of several devices stand in one PostgreSQL without being renumbered.
  They stay below 2**53 (JSON readers keep them exact), grow, and do not fit into 32 bits.
- A deleted recording keeps its row as a tombstone (`deleted_at`) without any content; its other rows are gone.
- Times are integer milliseconds; points in time are UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, LargeBinary, MetaData, UniqueConstraint, literal_column, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from skiuo_desktop.library.columns import Number, PlainJson, PlainText, UtcTime


def _only(condition: str) -> dict[str, Any]:
    """Makes an index partial."""
    return {f"{database}_where": literal_column(condition) for database in ("sqlite", "postgresql")}


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: PlainText(),
        int: Number,
        float: Double(),
        bytes: LargeBinary(),
        datetime: UtcTime(),
    }


class Mirrored:
    """A row that the backend gets a copy of."""

    revision: Mapped[int] = mapped_column(index=True)


class ThisLibrary(Base):
    """One row about this library itself; never mirrored."""

    __tablename__ = "this_library"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    device_id: Mapped[str]
    revision: Mapped[int]
    last_id: Mapped[int]


class DeviceRow(Mirrored, Base):
    __tablename__ = "devices"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_at: Mapped[datetime]


class RecordingRow(Mirrored, Base):
    __tablename__ = "recordings"
    __table_args__ = (
        UniqueConstraint("device_id", "moment"),
        Index("ix_recordings_open", "owner", **_only("owner <> ''")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"))
    moment: Mapped[int]
    """The start in ms since 1970, moved on to the next free number: orders the list and the search index (see `search`)."""
    title: Mapped[str]
    path: Mapped[str]
    """Relative to the recordings folder, with `/`."""
    source: Mapped[str]
    source_label: Mapped[str]
    started_at: Mapped[datetime]
    state: Mapped[str]
    owner: Mapped[str]
    """The instance (see `instances`) that is writing, repairing or deleting the file; empty for nobody."""
    window_length_ms: Mapped[int]
    window_stride_ms: Mapped[int]
    models: Mapped[list[Any]] = mapped_column(PlainJson())
    duration_ms: Mapped[int]
    frames: Mapped[int]
    dropped_frames: Mapped[int]
    bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    fps: Mapped[float]
    video_codec: Mapped[str]
    has_audio: Mapped[bool]
    notes: Mapped[str]
    notices: Mapped[list[Any]] = mapped_column(PlainJson())
    thumbnail: Mapped[str]
    """As `path`; empty while there is none."""
    deleted_at: Mapped[datetime | None]
    freed_at: Mapped[datetime | None]
    """When the local rule removed the video file (see `retention`); its texts stay."""


class RecordingTagRow(Mirrored, Base):
    __tablename__ = "recording_tags"

    recording_id: Mapped[str] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]


class TracksRow(Mirrored, Base):
    __tablename__ = "recording_tracks"

    recording_id: Mapped[str] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"), primary_key=True)
    motion: Mapped[bytes]
    sound: Mapped[bytes]


class MarkerRow(Mirrored, Base):
    __tablename__ = "markers"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recording_id: Mapped[str] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"), index=True)
    at_ms: Mapped[int]
    text: Mapped[str]


class WindowRow(Mirrored, Base):
    __tablename__ = "windows"
    __table_args__ = (
        UniqueConstraint("recording_id", "index"),
        # The strips of a long list of recordings are read from this index alone: four times as fast.
        Index("ix_windows_strip", "recording_id", "index", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recording_id: Mapped[str] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    index: Mapped[int]
    start_ms: Mapped[int]
    end_ms: Mapped[int]
    state: Mapped[str]
    """Follows from the analyses and is written in the same transaction, so that strips over a million windows need not read them."""
    reason: Mapped[str]
    chosen_id: Mapped[int | None]
    """The analysis that stands in the narrative; NULL while no rule and no person has chosen one."""
    choice: Mapped[dict[str, Any]] = mapped_column(PlainJson())


class Answer:
    """What an analysis and each attempt of it have in common: how it ended, and what it used."""

    failure_kind: Mapped[str | None]
    failure_message: Mapped[str]
    failure_raw: Mapped[str]
    failure_facts: Mapped[dict[str, Any]] = mapped_column(PlainJson())
    tokens_in: Mapped[int | None]
    tokens_out: Mapped[int | None]
    cost: Mapped[float | None]
    currency: Mapped[str]
    estimated: Mapped[bool]
    """The price is what it may come to: nothing else is known yet, or ever will be."""


class AnalysisRow(Mirrored, Answer, Base):
    __tablename__ = "analyses"
    __table_args__ = (
        UniqueConstraint("window_id", "model", "version"),
        # The queue: small however many analyses are done, and in the order in which they are taken.
        Index("ix_analyses_queued", "owner", "id", "model", **_only("state = 'queued'")),
        Index("ix_analyses_taken", "owner", **_only("owner <> ''")),
        # A model's last answers, for its speed and price.
        Index("ix_analyses_recent", "model", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id", ondelete="CASCADE"))
    model: Mapped[str]
    version: Mapped[int]
    state: Mapped[str]
    owner: Mapped[str]
    """The instance that runs it, or that queued it; empty for one that has ended, and for a queued one that anybody may take."""
    language: Mapped[str]
    attempts: Mapped[int]
    text: Mapped[str]
    partial: Mapped[bool]
    first_token_ms: Mapped[int | None]
    total_ms: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(PlainJson())
    why: Mapped[dict[str, Any]] = mapped_column(PlainJson())
    purpose: Mapped[str]
    fresh: Mapped[bool]


class AttemptRow(Mirrored, Answer, Base):
    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("analysis_id", "number"),
        # A recording's price is the sum over this index alone.
        Index("ix_attempts_price", "recording_id", "currency", "cost"),
        # Whether the same question has an answer already.
        Index("ix_attempts_fingerprint", "fingerprint", **_only("fingerprint <> ''")),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    analysis_id: Mapped[int] = mapped_column(ForeignKey("analyses.id", ondelete="CASCADE"))
    recording_id: Mapped[str] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    number: Mapped[int]
    instance: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    sent: Mapped[dict[str, Any]] = mapped_column(PlainJson())
    raw: Mapped[str]
    fingerprint: Mapped[str]


class ObjectRow(Mirrored, Base):
    """A file in the object store. The row is written when the object is complete and verified, and removed before the object is."""

    __tablename__ = "objects"
    __table_args__ = (Index("ix_objects_recording_id", "recording_id", "kind"), Index("ix_objects_expires_at", "expires_at"))

    key: Mapped[str] = mapped_column(primary_key=True)
    recording_id: Mapped[str] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    window_id: Mapped[int | None]
    """Of a clip."""
    kind: Mapped[str]
    content_type: Mapped[str]
    bytes: Mapped[int]
    sha256: Mapped[str]
    stored_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    """When the bucket's lifecycle rule removes it."""


class UploadRow(Base):
    """The journal of objects: written before anything is sent, so that no object is ever without a row that knows of it. Not mirrored.

    It outlives its recording until the object is removed.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        Index("ix_uploads_open", "state", "id", **_only("state IN ('sending', 'removing')")),
        Index("ix_uploads_recording_id", "recording_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    recording_id: Mapped[str]
    window_id: Mapped[int | None]
    state: Mapped[str]
    """sending, stored, removing, or gone: removed on purpose, and not to be sent again."""
    upload_id: Mapped[str]
    """Of a multipart upload that is under way."""
    bytes: Mapped[int]
    sha256: Mapped[str]
    after_revision: Mapped[int]
    """The server must have confirmed this revision (the row is gone there) before the object is removed."""
    error: Mapped[str]
    at: Mapped[datetime]


class MirrorRow(Base):
    """One row about the backend that this library is mirrored to; never mirrored itself."""

    __tablename__ = "mirror"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    store: Mapped[str]
    """Endpoint and bucket, as one word; another one makes every object be sent again."""
    database: Mapped[str]
    confirmed: Mapped[int]
    """The revision up to which the database server had everything when it was last asked: for counting what is pending. The server's own number counts."""
    sent: Mapped[int]
    """The last revision of the newest batch that was sent: the server may have it though its answer was lost."""
    synced_at: Mapped[datetime | None]
    behind_since: Mapped[datetime | None]
    trouble: Mapped[str]
    """What went wrong when it was last tried, for other programs on this library; empty when nothing did."""
    error: Mapped[str]
    server: Mapped[str]
    remark: Mapped[dict[str, Any] | None] = mapped_column(PlainJson())
    """What `error` says, as `remarks.as_json` writes it."""


class SpendingRow(Base):
    """One request that may be billed, from the moment before it leaves. It outlives its recording: budgets count what was spent.

    It belongs to this device's budgets and is not mirrored.
    """

    __tablename__ = "spending"
    __table_args__ = (
        # The sums are read from these indexes alone.
        Index("ix_spending_at", "at", "currency", "cost"),
        Index("ix_spending_recording_id", "recording_id", "currency", "cost"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    model: Mapped[str]
    recording_id: Mapped[str]
    attempt_id: Mapped[int | None] = mapped_column(index=True)
    cost: Mapped[float]
    """The most that it may come to, until it is `settled`."""
    currency: Mapped[str]
    settled: Mapped[bool]


# Conditions written as SQLite must see them to use the partial indexes above: it does not look into bound parameters.
OWNED = text("recordings.owner <> ''")
QUEUED = text("analyses.state = 'queued'")
RUNNING = text("analyses.state = 'running'")
TAKEN = text("analyses.owner <> ''")
ASKED = text("attempts.fingerprint <> ''")
UPLOADING = text("uploads.state IN ('sending', 'removing')")
