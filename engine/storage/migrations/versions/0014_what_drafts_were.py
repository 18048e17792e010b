"""What tells an earlier content of a draft in a list: which SOP it was of, and how many steps it had."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("draft_before", sa.Column("title", sa.Text(), nullable=False, server_default=""))
    op.add_column("draft_before", sa.Column("steps", sa.Integer(), nullable=True))
