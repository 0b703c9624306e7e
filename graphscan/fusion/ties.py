"""Ties: the layers of every pair inside a cluster, combined into one number.

In: layers, clusters, conduct. Out: rows of :data:`graphscan.tables.TIES`.
"""

from __future__ import annotations

import pyarrow as pa

from graphscan.tables import TIES


def no_ties() -> pa.Table:
    """Return the table of ties without rows."""
    return TIES.schema.empty_table()
