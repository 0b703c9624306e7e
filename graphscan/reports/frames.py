"""A run's tables as pandas frames.

In: the Arrow tables of a run, in memory or in its folder, and the manifest. Out: :class:`Frames`, which every
picture, page and export reads. Types are the same whatever the rows: ids and text are Python ``str`` (or
None), times are ``datetime64[ms, UTC]``, lists are Python lists.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from graphscan.errors import InputError
from graphscan.reports.occasions import actions_of, with_occasions
from graphscan.tables import RUN_TABLES, Column, Table

TABLES_BY_NAME: Mapping[str, Table] = {table.name: table for table in RUN_TABLES}
"""The tables of a run by name, which is also the name of their Parquet file."""


def to_frame(found: pa.Table, declared: Table) -> pd.DataFrame:
    """Return the declared columns of an Arrow table as a frame; one row of it is one row of the table."""
    return pd.DataFrame({column.name: _series(found.column(column.name), column) for column in declared.columns})


def _series(values: pa.ChunkedArray, column: Column) -> pd.Series[Any]:
    if column.kind == "time":
        return pd.Series(values.cast(pa.timestamp("ms", "UTC")).to_pandas()).astype("datetime64[ms, UTC]")
    if column.kind == "int":
        return pd.Series(values.to_pylist(), dtype="int64" if column.required else "Int64")
    if column.kind == "float":
        return pd.Series(values.to_pandas(), dtype="float64")
    if column.kind == "bool":
        return pd.Series(values.to_pylist(), dtype="boolean")
    return pd.Series(values.to_pylist(), dtype=object)


def conform(found: pa.Table, declared: Table, where: str) -> pa.Table:
    """Return the table with exactly the declared columns, order and types.

    Raises
    ------
    InputError
        When a column is missing or of another type; ``where`` names the file or table in the message.
    """
    lacking = [name for name in declared.schema.names if name not in found.column_names]
    if lacking:
        raise InputError(f"{where}: no column {lacking[0]}; a run's {declared.name} table has {declared.schema.names}")
    try:
        return found.select(declared.schema.names).cast(declared.schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError):
        raise InputError(
            f"{where}: columns {found.schema.names} are not of the declared types; write the run again"
        ) from None


class Frames:
    """The tables of one run as frames, made when first asked for and then kept.

    ``tables`` maps a table's name (see :data:`graphscan.tables.RUN_TABLES`) to its Arrow table.
    """

    def __init__(self, tables: Mapping[str, pa.Table], manifest: Mapping[str, Any]) -> None:
        self._tables = tables
        self._checked: dict[str, pa.Table] = {}
        self._frames: dict[str, pd.DataFrame] = {}
        self._within: dict[tuple[str, frozenset[str]], pd.DataFrame] = {}
        self._actions: dict[str, pd.DataFrame] = {}
        self.manifest: dict[str, Any] = dict(manifest)

    def table(self, name: str) -> pa.Table:
        """Return a table of the run with its declared columns; InputError when the run lacks it."""
        if name not in self._checked:
            if name not in self._tables:
                raise InputError(f"the run has no table {name}; its tables are {', '.join(TABLES_BY_NAME)}")
            self._checked[name] = conform(self._tables[name], TABLES_BY_NAME[name], f"table {name}")
        return self._checked[name]

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table of the run as a frame; the same object each time."""
        if name not in self._frames:
            self._frames[name] = to_frame(self.table(name), TABLES_BY_NAME[name])
        return self._frames[name]

    def where(self, name: str, **allowed: Collection[str]) -> pd.DataFrame:
        """Return the rows of a table whose columns each hold one of the ``allowed`` values.

        The rows are picked before they become Python values, so a cluster's rows cost what they are.
        """
        table = self.table(name)
        for column, values in allowed.items():
            chosen = pc.is_in(table.column(column), value_set=pa.array(sorted(values), pa.string()))
            table = table.filter(chosen)
        return to_frame(table, TABLES_BY_NAME[name])

    @property
    def pairs(self) -> pd.DataFrame:
        """One validated pair of accounts in one behaviour."""
        return self.frame("pairs")

    @property
    def clusters(self) -> pd.DataFrame:
        """One cluster."""
        return self.frame("clusters")

    @property
    def members(self) -> pd.DataFrame:
        """One account in one cluster."""
        return self.frame("members")

    @property
    def motifs(self) -> pd.DataFrame:
        """One synchronized-action motif."""
        return self.frame("motifs")

    @property
    def accounts(self) -> pd.DataFrame:
        """One account seen anywhere in the dataset."""
        return self.frame("accounts")

    @property
    def evidence(self) -> pd.DataFrame:
        """One clue about one account or cluster."""
        return self.frame("evidence")

    @property
    def later_acts(self) -> pd.DataFrame:
        """One occasion on which a member acted after other members of its cluster."""
        return self.frame("later_acts")

    @property
    def ties(self) -> pd.DataFrame:
        """One pair of clustered accounts, all layers together."""
        return self.frame("ties")

    @property
    def templates(self) -> pd.DataFrame:
        """One template of texts: a mould with slots."""
        return self.frame("templates")

    @property
    def template_uses(self) -> pd.DataFrame:
        """One account that wrote from one template."""
        return self.frame("template_uses")

    @property
    def facts(self) -> pd.DataFrame:
        """One account that the policy looked at: all that its rules may read."""
        return self.frame("facts")

    @property
    def decisions(self) -> pd.DataFrame:
        """One proposed decision."""
        return self.frame("decisions")

    @property
    def meetings(self) -> pd.DataFrame:
        """One occasion on which the two accounts of a validated pair met."""
        return self.frame("meetings")

    @property
    def rows(self) -> pd.DataFrame:
        """One input row that the evidence refers to."""
        return self.frame("rows")

    def members_of(self, cluster_id: str) -> pd.DataFrame:
        """Return the members of a cluster, the surest first; InputError when there is no such cluster."""
        found = self.where("members", cluster_id=[cluster_id])
        if found.empty and cluster_id not in set(self.clusters["cluster_id"]):
            raise InputError(f"no cluster {cluster_id!r} in this run; {self._cluster_hint()}")
        return found.sort_values(["membership", "account_id"], ascending=[False, True], ignore_index=True)

    def within(self, name: str, accounts: Collection[str]) -> pd.DataFrame:
        """Return the pairs or meetings of which both accounts are among ``accounts``; kept once picked."""
        key = (name, frozenset(accounts))
        if key not in self._within:
            self._within[key] = self.where(name, account_a=accounts, account_b=accounts)
        return self._within[key]

    def actions_in(self, cluster_id: str) -> pd.DataFrame:
        """Return the actions of a cluster's meetings by occasion; InputError when there is no such cluster.

        One row is one action, see :func:`graphscan.reports.occasions.with_occasions`; kept once made.
        """
        if cluster_id not in self._actions:
            ids = set(self.members_of(cluster_id)["account_id"])
            actions = actions_of(self.within("meetings", ids))
            self._actions[cluster_id] = with_occasions(actions, self.within("pairs", ids))
        return self._actions[cluster_id]

    def _cluster_hint(self) -> str:
        ids = list(self.clusters["cluster_id"])
        if not ids:
            return "it has no clusters at all"
        return f"it has {len(ids)}, for example {', '.join(ids[:3])} (see clusters.csv)"
