"""One cluster as an object: its tables, graph and pictures at hand, and a card that shows itself in a notebook.

In: the run's frames and a cluster's id. Out: :class:`ClusterView`. The cards are HTML without scripts, addresses or styles that reach
beyond them; everything that comes from the data is escaped.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import networkx as nx
import pandas as pd
from matplotlib.axes import Axes

from graphscan.reports import case_pictures, pictures
from graphscan.reports.cases import MOST_QUOTES, case_of, ranked_clusters
from graphscan.reports.explain import explain_cluster
from graphscan.reports.explanation import Explanation, rows_by_name
from graphscan.reports.frames import Frames
from graphscan.reports.graphs import cluster_graph
from graphscan.reports.moulds import moulds_of
from graphscan.reports.overview import result
from graphscan.reports.page import environment
from graphscan.reports.sentences import COORDINATION_ONLY

MOST_ON_A_CARD = 8
"""Members, clues or clusters on a card; the frames have them all."""
MOST_MOULDS = 3
"""Templates on a card."""


class ClusterView:
    """One cluster of a run; in Jupyter it shows itself as a card.

    ``run.cluster("c…")`` makes one; InputError when there is no such cluster. ``id`` is its id.
    """

    def __init__(self, frames: Frames, cluster_id: str) -> None:
        self._members = frames.members_of(cluster_id)
        self._frames = frames
        self.id = cluster_id

    def __repr__(self) -> str:
        return f"ClusterView({self.id!r}: {len(self._members):,} members)"

    def __len__(self) -> int:
        return len(self._members)

    @property
    def row(self) -> dict[str, Any]:
        """Its row of the clusters table, by column."""
        return rows_by_name(self._frames.where("clusters", cluster_id=[self.id]))[0]

    @property
    def members(self) -> pd.DataFrame:
        """One row a member, the surest first: ``cluster_id``, ``account_id``, ``membership`` (0–1), ``role``."""
        return self._members.copy()

    @property
    def accounts(self) -> pd.DataFrame:
        """One row a member: its row of the accounts table."""
        return self._frames.where("accounts", account_id=set(self._members["account_id"]))

    @property
    def evidence(self) -> pd.DataFrame:
        """One row a clue about the cluster or about one of its members; columns as in ``run.evidence``."""
        subjects = [f"cluster:{self.id}", *(f"account:{a}" for a in self._members["account_id"])]
        return self._frames.where("evidence", subject=subjects)

    @property
    def pairs(self) -> pd.DataFrame:
        """One row a validated pair of two members in one behaviour."""
        return self._frames.within("pairs", set(self._members["account_id"])).copy()

    @property
    def meetings(self) -> pd.DataFrame:
        """One row an occasion on which two members met."""
        return self._frames.within("meetings", set(self._members["account_id"])).copy()

    @property
    def decisions(self) -> pd.DataFrame:
        """One row a proposed decision about a member; none where the policy proposes nothing."""
        return self._frames.where("decisions", subject=set(self._members["account_id"]))

    @property
    def templates(self) -> pd.DataFrame:
        """One row a template that members wrote from: its row of the templates table, and ``members`` (how many)."""
        uses = self._frames.where("template_uses", account_id=set(self._members["account_id"]))
        members = uses.groupby("template_id").size().rename("members")
        told = self._frames.where("templates", template_id=set(members.index))
        joined = told.merge(members, left_on="template_id", right_index=True, validate="one_to_one")
        return joined.sort_values(["members", "template_id"], ascending=[False, True], ignore_index=True)

    def graph(self) -> nx.Graph:
        """Return it as a networkx graph; see :func:`graphscan.reports.graphs.cluster_graph`."""
        return cluster_graph(self._frames, self.id)

    def explain(self) -> Explanation:
        """Return why it is a cluster, in sentences, down to the rows."""
        return explain_cluster(self._frames, self.id)

    def plot_timeline(self, ax: Axes | None = None) -> Axes:
        """Draw who came how long after the first, occasion by occasion."""
        return pictures.timeline(self._frames, self.id).on(ax)

    def plot_raster(self, ax: Axes | None = None) -> Axes:
        """Draw the members' meetings as accounts × calendar time (UTC)."""
        return pictures.raster(self._frames, self.id).on(ax)

    def plot_graph(self, ax: Axes | None = None) -> Axes:
        """Draw the validated pairs."""
        return pictures.pair_graph(self._frames, self.id).on(ax)

    def plot_layers(self, ax: Axes | None = None) -> Axes:
        """Draw the layers side by side, every member at one place."""
        return case_pictures.layers(self._frames, self.id).on(ax)

    def plot_relay(self, ax: Axes | None = None) -> Axes:
        """Draw who comes first, second, third … to each object."""
        return case_pictures.relay(self._frames, self.id).on(ax)

    def plot_clocks(self, ax: Axes | None = None) -> Axes:
        """Draw the hours of the day (UTC) of platform, cluster and members."""
        return case_pictures.clocks(self._frames, self.id).on(ax)

    def plot_decisions(self, ax: Axes | None = None) -> Axes:
        """Draw how many members go which way, from facts to measure."""
        return case_pictures.decisions(self._frames, self.id).on(ax)

    def _repr_html_(self) -> str:
        case = case_of(self._frames, self.row)
        return environment().get_template("cluster_card.html.j2").render(
            cluster=case.cluster,
            sentences=case.clues[:MOST_ON_A_CARD],
            against=case.against[:MOST_ON_A_CARD],
            unknown=case.unknown[:MOST_ON_A_CARD],
            numbers=case.numbers[:4],
            members=rows_by_name(case.members.head(MOST_ON_A_CARD)),
            members_left_out=max(len(case.members) - MOST_ON_A_CARD, 0),
            quotes=case.examples[0].quotes[:MOST_QUOTES] if case.examples else (),
            moulds=moulds_of(self._frames, set(self._members["account_id"]), 2)[0][:MOST_MOULDS],
            measures=measures_told(self.decisions),
            coordination_only=COORDINATION_ONLY,
        )  # fmt: skip


def measures_told(decisions: pd.DataFrame) -> str:
    """Return how many of which measure are proposed, in words."""
    found = Counter(decisions["measure"])
    return ", ".join(f"{n} {measure}" for measure, n in sorted(found.items())) or "none"


def run_card(frames: Frames) -> str:
    """Return a run as HTML: its headline, its clusters, what it rests on."""
    ranked = ranked_clusters(frames)
    return environment().get_template("run_card.html.j2").render(
        result=result(frames),
        clusters=rows_by_name(ranked.head(MOST_ON_A_CARD)),
        left_out=max(len(ranked) - MOST_ON_A_CARD, 0),
        measures=measures_told(frames.decisions),
    )  # fmt: skip
