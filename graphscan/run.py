"""A run, read back: its tables as pandas frames, its clusters as graphs, pictures and explanations.

In: a run's folder. Out: :class:`Run`. Nothing here changes a run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import pyarrow as pa
import pyarrow.parquet as pq
from matplotlib.axes import Axes

from graphscan.errors import InputError
from graphscan.reports import case_pictures, pictures
from graphscan.reports.explain import explain
from graphscan.reports.explanation import Explanation
from graphscan.reports.frames import TABLES_BY_NAME, Frames
from graphscan.reports.graphs import cluster_graph, layered_graph
from graphscan.reports.views import ClusterView, run_card


class RunFolder(Mapping[str, pa.Table]):
    """The tables of a run's folder by name, each read from its Parquet file when asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        for name in TABLES_BY_NAME:
            if not self.file(name).is_file():
                raise InputError(f"{path} is no complete run: {name}.parquet is missing; make the run again")

    def file(self, name: str) -> Path:
        """Return where a table lies."""
        return self._path / f"{name}.parquet"

    def __getitem__(self, name: str) -> pa.Table:
        """Read a table; InputError when its file is not Parquet."""
        if name not in TABLES_BY_NAME:
            raise KeyError(name)
        try:
            # ParquetFile takes the one file as it is; read_table would look for partitions in its path
            with pq.ParquetFile(self.file(name)) as file:
                return file.read()
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError(f"{self.file(name)} cannot be read as Parquet: {error}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES_BY_NAME)

    def __len__(self) -> int:
        return len(TABLES_BY_NAME)


class Run(Frames):
    """One run: frames (``clusters``, ``members``, ``pairs`` …), ``manifest``, graphs, pictures, explanations.

    In Jupyter it shows itself as a card, and so does :meth:`cluster`. Every ``plot_…`` method draws on ``ax``, or on new axes
    that show themselves, and returns them.

    Make one with :meth:`open` from a folder, or with :meth:`from_tables` from tables not yet published.
    """

    def __init__(self, path: Path, tables: Mapping[str, pa.Table], manifest: Mapping[str, Any]) -> None:
        super().__init__(tables, manifest)
        self.path = path

    @classmethod
    def open(cls, path: str | Path) -> Run:
        """Open a run's folder; its tables are read when first asked for.

        Raises
        ------
        InputError
            When the folder, its ``run.json`` or one of its Parquet files is missing or unreadable.
        """
        folder = Path(path)
        if not folder.is_dir():
            raise InputError(f"run {folder} is no folder; name the folder that `graphscan run … --out` made")
        manifest = _read_manifest(folder / "run.json")
        return cls(folder, RunFolder(folder), manifest)

    @classmethod
    def from_tables(cls, path: str | Path, tables: Mapping[str, pa.Table], manifest: Mapping[str, Any]) -> Run:
        """Return a run over tables in memory; ``path`` is where it lies or will lie."""
        return cls(Path(path), tables, manifest)

    def __repr__(self) -> str:
        clusters, accounts = self.table("clusters").num_rows, self.table("accounts").num_rows
        return f"Run({str(self.path)!r}: {clusters:,} clusters, {accounts:,} accounts)"

    def _repr_html_(self) -> str:
        return run_card(self)

    def cluster(self, cluster_id: str) -> ClusterView:
        """Return one cluster as an object that shows itself in Jupyter; InputError when there is no such cluster."""
        return ClusterView(self, cluster_id)

    def graph(self, cluster_id: str) -> nx.Graph:
        """Return a cluster as a networkx graph; see :func:`graphscan.reports.graphs.cluster_graph`."""
        return cluster_graph(self, cluster_id)

    def igraph(self) -> igraph.Graph:
        """Return all clustered accounts as one igraph; see :func:`graphscan.reports.graphs.layered_graph`."""
        return layered_graph(self)

    def plot_timeline(self, cluster_id: str, ax: Axes | None = None) -> Axes:
        """Draw who came how long after the first, occasion by occasion; return the axes."""
        return pictures.timeline(self, cluster_id).on(ax)

    def plot_raster(self, cluster_id: str, ax: Axes | None = None) -> Axes:
        """Draw the members' meetings as accounts × calendar time; return the axes."""
        return pictures.raster(self, cluster_id).on(ax)

    def plot_graph(self, cluster_id: str, ax: Axes | None = None) -> Axes:
        """Draw the cluster's validated pairs; return the axes."""
        return pictures.pair_graph(self, cluster_id).on(ax)

    def plot_layers(self, cluster_id: str, ax: Axes | None = None) -> Axes:
        """Draw the cluster's layers side by side, every member at one place; return the axes."""
        return case_pictures.layers(self, cluster_id).on(ax)

    def plot_relay(self, cluster_id: str, ax: Axes | None = None) -> Axes:
        """Draw who comes first, second, third … to each object; return the axes."""
        return case_pictures.relay(self, cluster_id).on(ax)

    def plot_clocks(self, cluster_id: str, ax: Axes | None = None) -> Axes:
        """Draw the hours of the day (UTC) of platform, cluster and members; return the axes."""
        return case_pictures.clocks(self, cluster_id).on(ax)

    def plot_decisions(self, cluster_id: str, ax: Axes | None = None) -> Axes:
        """Draw how many members go which way, from facts over rules and guards to measures; return the axes."""
        return case_pictures.decisions(self, cluster_id).on(ax)

    def plot_waterfall(self, account_id: str, ax: Axes | None = None) -> Axes:
        """Draw how an account's own weight adds up, clue by clue (natural logarithms); return the axes.

        InputError when the run has no such account.
        """
        return case_pictures.waterfall(self, account_id).on(ax)

    def explain(self, *ids: str) -> Explanation:
        """Explain an account or cluster (one id) or a pair (two); InputError for an unknown id."""
        return explain(self, *ids)


def read_run(path: str | Path) -> Run:
    """Open a run's folder; the same as :meth:`Run.open`."""
    return Run.open(path)


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path.parent} is no run: run.json is missing") from None
    except ValueError as error:
        raise InputError(f"{path} is not valid JSON: {error}") from None
    if not isinstance(manifest, dict):
        raise InputError(f"{path} holds no JSON object; it is no run's manifest")
    return manifest
