"""The server's search index keeps each word with the one after it, and each device's entries in the order of their time.

What the server has is rebuilt of the words that stand beside it. A library's own index knows where words stand; there, what went wrong with the mirror is
kept so that it can be said in any language.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PAIRS = """
CREATE FUNCTION skiuo_pairs(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN coalesce(sum(octet_length(pair) + 4), 0) > 700000 THEN array_to_tsvector(ARRAY['\u00b6'])
                ELSE coalesce(array_to_tsvector(array_agg(pair)), '') END
    FROM (
        SELECT DISTINCT left(word, 64) || ' ' || CASE WHEN after = '\u00b6' THEN '' ELSE left(coalesce(after, ''), 4) END AS pair
        FROM (SELECT array_remove(string_to_array(words, ' '), '') AS said) AS split, unnest(said, said[2:]) AS pairs(word, after)
        WHERE word <> '\u00b6'
    ) AS kept
$$
"""
"""The same as `backend.searching.vector`."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.add_column("mirror", sa.Column("remark", sa.JSON()))
        return
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    op.drop_index("ix_search_newest", "search")
    op.execute(PAIRS)
    # One pass that writes the table and its indexes anew: an UPDATE would leave as much again behind.
    op.execute("ALTER TABLE search ALTER COLUMN vector TYPE tsvector USING skiuo_pairs(words)")
    op.execute("DROP FUNCTION skiuo_pairs(text)")
    op.create_index("ix_search_newest", "search", ["device_id", "moment", "slot"])
