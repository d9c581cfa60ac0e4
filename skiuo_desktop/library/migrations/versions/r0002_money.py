"""Models that cost money and may fail: why one was asked, what was promised and spent, which answer stands, what was asked before."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
time = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table in ("analyses", "attempts"):
        op.add_column(table, sa.Column("failure_facts", json, nullable=False, server_default="{}"))
        op.add_column(table, sa.Column("estimated", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("analyses", sa.Column("why", json, nullable=False, server_default="{}"))
    op.add_column("analyses", sa.Column("purpose", sa.Text(), nullable=False, server_default="describe"))
    op.add_column("analyses", sa.Column("fresh", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_analyses_recent", "analyses", ["model", "id"])
    op.add_column("attempts", sa.Column("fingerprint", sa.Text(), nullable=False, server_default=""))
    op.drop_index("ix_attempts_cost", "attempts")
    op.create_index("ix_attempts_price", "attempts", ["recording_id", "currency", "cost"])
    asked = sa.text("fingerprint <> ''")
    op.create_index("ix_attempts_fingerprint", "attempts", ["fingerprint"], sqlite_where=asked, postgresql_where=asked)
    op.add_column("windows", sa.Column("chosen_id", number))
    op.add_column("windows", sa.Column("choice", json, nullable=False, server_default="{}"))
    if op.get_bind().dialect.name == "sqlite":
        _spending()


def _spending() -> None:
    """This device's budgets, which no server keeps."""
    op.create_table(
        "spending",
        sa.Column("id", number, nullable=False, autoincrement=False),
        sa.Column("at", time, nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("recording_id", sa.Text(), nullable=False),
        sa.Column("attempt_id", number),
        sa.Column("cost", sa.Double(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spending")),
    )
    op.create_index("ix_spending_at", "spending", ["at", "currency", "cost"])
    op.create_index("ix_spending_recording_id", "spending", ["recording_id", "currency", "cost"])
    op.create_index(op.f("ix_spending_attempt_id"), "spending", ["attempt_id"])
