"""The tables of the server: the library's mirrored ones, how far each device is, and the search index.

Nothing here names the schema: every connection of `database.Database` looks into `skiuo` alone.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import TSVECTOR

from skiuo_desktop.library.columns import UtcTime
from skiuo_desktop.library.mirroring import TABLES
from skiuo_desktop.library.schema import Base

SCHEMA = "skiuo"

SERVER = MetaData(naming_convention=Base.metadata.naming_convention)
"""Exactly what the migrations make on a server."""

MIRRORED: tuple[Table, ...] = tuple(Base.metadata.tables[table.__tablename__].to_metadata(SERVER) for table in TABLES)  # type: ignore[attr-defined]
"""Each after those that it refers to."""

PROGRESS = Table(
    "mirrored",
    SERVER,
    Column("device_id", Text, primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("at", UtcTime, nullable=False),
)
"""The revision up to which the server has everything of a device; written in the transaction that brings it there."""

SEARCH = Table(
    "search",
    SERVER,
    Column("recording_id", Text, ForeignKey("recordings.id", ondelete="CASCADE"), primary_key=True),
    Column("slot", BigInteger, primary_key=True, autoincrement=False),
    Column("device_id", Text, nullable=False),
    Column("moment", BigInteger, nullable=False),
    Column("window_id", BigInteger),
    Column("words", Text, nullable=False),
    Column("vector", TSVECTOR, nullable=False),
    Index("ix_search_newest", "device_id", "moment", "slot"),
    Index("ix_search_vector", "vector", postgresql_using="gin"),
)
"""One entry for each title, each notes and each window with a text (slots as in `library.index`); `moment` is the recording's."""
