"""Facts: all that a policy's rules may read of an account, in one row.

In: conduct, probability, clusters, direction, roles, strength, scrutiny. Out: a table as :data:`graphscan.tables.FACTS` declares it. A
decision is a pure function of such a row and the policy: it can be made again from the run alone.
"""

from __future__ import annotations

import pyarrow as pa

from graphscan.tables import FACTS


def no_facts() -> pa.Table:
    """Return the table of facts without rows."""
    return FACTS.schema.empty_table()
