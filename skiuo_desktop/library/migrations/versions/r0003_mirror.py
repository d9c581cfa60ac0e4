"""The backend: which objects are stored, which are on their way, and how far the mirror is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
time = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("recordings", sa.Column("freed_at", time))
    op.create_table(
        "objects",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("recording_id", sa.Text(), nullable=False),
        sa.Column("window_id", number),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("bytes", number, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("stored_at", time, nullable=False),
        sa.Column("expires_at", time),
        sa.Column("revision", number, nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name=op.f("fk_objects_recording_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_objects")),
    )
    op.create_index("ix_objects_recording_id", "objects", ["recording_id", "kind"])
    op.create_index("ix_objects_expires_at", "objects", ["expires_at"])
    op.create_index(op.f("ix_objects_revision"), "objects", ["revision"])
    if op.get_bind().dialect.name == "sqlite":
        _journal()
    else:
        _server()


def _journal() -> None:
    """What only this library knows."""
    op.create_table(
        "uploads",
        sa.Column("id", number, nullable=False, autoincrement=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recording_id", sa.Text(), nullable=False),
        sa.Column("window_id", number),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("upload_id", sa.Text(), nullable=False),
        sa.Column("bytes", number, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("after_revision", number, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("at", time, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("key", name=op.f("uq_uploads_key")),
    )
    underway = sa.text("state IN ('sending', 'removing')")
    op.create_index("ix_uploads_open", "uploads", ["state", "id"], sqlite_where=underway)
    op.create_index("ix_uploads_recording_id", "uploads", ["recording_id", "kind"])
    op.create_table(
        "mirror",
        sa.Column("id", number, nullable=False, autoincrement=False),
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("database", sa.Text(), nullable=False),
        sa.Column("confirmed", number, nullable=False),
        sa.Column("sent", number, nullable=False),
        sa.Column("synced_at", time),
        sa.Column("behind_since", time),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("server", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_mirror_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mirror")),
    )


def _server() -> None:
    """What only the server has: how far it has each device, and the index (see `backend.rows`, `backend.searching`)."""
    op.create_table(
        "mirrored",
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("revision", number, nullable=False),
        sa.Column("at", time, nullable=False),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_mirrored")),
    )
    op.create_table(
        "search",
        sa.Column("recording_id", sa.Text(), nullable=False),
        sa.Column("slot", number, nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("moment", number, nullable=False),
        sa.Column("window_id", number),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("vector", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name=op.f("fk_search_recording_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("recording_id", "slot", name=op.f("pk_search")),
    )
    op.create_index("ix_search_newest", "search", ["moment", "slot"])
    op.create_index("ix_search_vector", "search", ["vector"], postgresql_using="gin")
