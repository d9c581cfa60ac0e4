"""The first schema: everything that records, cuts, analyses and searches needs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
time = sa.DateTime(timezone=True)


def upgrade() -> None:
    local = op.get_bind().dialect.name == "sqlite"
    if local:
        _library()
    _devices()
    _recordings()
    _windows()
    if local:
        # The text in it is split and folded before (see library/words.py): the simplest tokenizer keeps exactly those words.
        # Prefix indexes keep search-as-you-type fast, where one letter is the beginning of a third of all words.
        op.execute("CREATE VIRTUAL TABLE search USING fts5(shadow, window_id UNINDEXED, tokenize='ascii', prefix='1 2', columnsize=0)")


def _library() -> None:
    op.create_table(
        "this_library",
        sa.Column("id", number, nullable=False, autoincrement=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("revision", number, nullable=False),
        sa.Column("last_id", number, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_this_library_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_this_library")),
    )


def _devices() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("revision", number, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
    )
    op.create_index(op.f("ix_devices_revision"), "devices", ["revision"])


def _recordings() -> None:
    op.create_table(
        "recordings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("moment", number, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_label", sa.Text(), nullable=False),
        sa.Column("started_at", time, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("window_length_ms", number, nullable=False),
        sa.Column("window_stride_ms", number, nullable=False),
        sa.Column("models", json, nullable=False),
        sa.Column("duration_ms", number, nullable=False),
        sa.Column("frames", number, nullable=False),
        sa.Column("dropped_frames", number, nullable=False),
        sa.Column("bytes", number, nullable=False),
        sa.Column("width", number, nullable=False),
        sa.Column("height", number, nullable=False),
        sa.Column("fps", sa.Double(), nullable=False),
        sa.Column("video_codec", sa.Text(), nullable=False),
        sa.Column("has_audio", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("notices", json, nullable=False),
        sa.Column("thumbnail", sa.Text(), nullable=False),
        sa.Column("deleted_at", time),
        sa.Column("revision", number, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_recordings_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
        sa.UniqueConstraint("device_id", "moment", name=op.f("uq_recordings_device_id_moment")),
    )
    op.create_index("ix_recordings_open", "recordings", ["owner"], sqlite_where=sa.text("owner <> ''"), postgresql_where=sa.text("owner <> ''"))
    op.create_index(op.f("ix_recordings_revision"), "recordings", ["revision"])
    op.create_table(
        "recording_tags",
        sa.Column("recording_id", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("position", number, nullable=False),
        sa.Column("revision", number, nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name=op.f("fk_recording_tags_recording_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("recording_id", "tag", name=op.f("pk_recording_tags")),
    )
    op.create_index(op.f("ix_recording_tags_revision"), "recording_tags", ["revision"])
    op.create_table(
        "recording_tracks",
        sa.Column("recording_id", sa.Text(), nullable=False),
        sa.Column("motion", sa.LargeBinary(), nullable=False),
        sa.Column("sound", sa.LargeBinary(), nullable=False),
        sa.Column("revision", number, nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name=op.f("fk_recording_tracks_recording_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("recording_id", name=op.f("pk_recording_tracks")),
    )
    op.create_index(op.f("ix_recording_tracks_revision"), "recording_tracks", ["revision"])
    op.create_table(
        "markers",
        sa.Column("id", number, nullable=False, autoincrement=False),
        sa.Column("recording_id", sa.Text(), nullable=False),
        sa.Column("at_ms", number, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("revision", number, nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name=op.f("fk_markers_recording_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_markers")),
    )
    op.create_index(op.f("ix_markers_recording_id"), "markers", ["recording_id"])
    op.create_index(op.f("ix_markers_revision"), "markers", ["revision"])


def _windows() -> None:
    op.create_table(
        "windows",
        sa.Column("id", number, nullable=False, autoincrement=False),
        sa.Column("recording_id", sa.Text(), nullable=False),
        sa.Column("index", number, nullable=False),
        sa.Column("start_ms", number, nullable=False),
        sa.Column("end_ms", number, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revision", number, nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name=op.f("fk_windows_recording_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_windows")),
        sa.UniqueConstraint("recording_id", "index", name=op.f("uq_windows_recording_id_index")),
    )
    op.create_index("ix_windows_strip", "windows", ["recording_id", "index", "state"])
    op.create_index(op.f("ix_windows_revision"), "windows", ["revision"])
    op.create_table(
        "analyses",
        sa.Column("id", number, nullable=False, autoincrement=False),
        sa.Column("window_id", number, nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("version", number, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("attempts", number, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("first_token_ms", number),
        sa.Column("total_ms", number),
        sa.Column("facts", json, nullable=False),
        *_answer(),
        sa.ForeignKeyConstraint(["window_id"], ["windows.id"], name=op.f("fk_analyses_window_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analyses")),
        sa.UniqueConstraint("window_id", "model", "version", name=op.f("uq_analyses_window_id_model_version")),
    )
    queued, taken = sa.text("state = 'queued'"), sa.text("owner <> ''")
    op.create_index("ix_analyses_queued", "analyses", ["owner", "id", "model"], sqlite_where=queued, postgresql_where=queued)
    op.create_index("ix_analyses_taken", "analyses", ["owner"], sqlite_where=taken, postgresql_where=taken)
    op.create_index(op.f("ix_analyses_revision"), "analyses", ["revision"])
    op.create_table(
        "attempts",
        sa.Column("id", number, nullable=False, autoincrement=False),
        sa.Column("analysis_id", number, nullable=False),
        sa.Column("recording_id", sa.Text(), nullable=False),
        sa.Column("number", number, nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("started_at", time, nullable=False),
        sa.Column("ended_at", time),
        sa.Column("sent", json, nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        *_answer(),
        sa.ForeignKeyConstraint(["analysis_id"], ["analyses.id"], name=op.f("fk_attempts_analysis_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name=op.f("fk_attempts_recording_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("analysis_id", "number", name=op.f("uq_attempts_analysis_id_number")),
    )
    op.create_index("ix_attempts_cost", "attempts", ["recording_id", "cost"])
    op.create_index(op.f("ix_attempts_revision"), "attempts", ["revision"])


def _answer() -> list[sa.Column]:  # type: ignore[type-arg]
    return [
        sa.Column("failure_kind", sa.Text()),
        sa.Column("failure_message", sa.Text(), nullable=False),
        sa.Column("failure_raw", sa.Text(), nullable=False),
        sa.Column("tokens_in", number),
        sa.Column("tokens_out", number),
        sa.Column("cost", sa.Double()),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("revision", number, nullable=False),
    ]
