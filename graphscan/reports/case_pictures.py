"""The deeper pictures of a cluster and of an account: layers, relay, day clocks, decisions, waterfall.

In: the run's frames. Out: :class:`graphscan.reports.pictures.Picture`, each with words that say what is to be seen in it.
"""

from __future__ import annotations

from graphscan.reports import clock_figures, decision_figures, layer_figures, relay_figures, weight_figures
from graphscan.reports.clock_figures import Clock
from graphscan.reports.frames import Frames
from graphscan.reports.graphs import cluster_graph
from graphscan.reports.paths import paths_of
from graphscan.reports.pictures import Picture, file_stem, palette_of
from graphscan.reports.relays import relay_of
from graphscan.reports.weighing import weighing_of
from graphscan.reports.words import count, label, listed, spoken

_WIDTH = 10.4


def layers(frames: Frames, cluster_id: str) -> Picture:
    """Return the layers of a cluster side by side, its members at the same places in each."""
    graph, palette = cluster_graph(frames, cluster_id), palette_of(frames)
    names = sorted({name for _, _, edge in graph.edges(data=True) for name in edge["behaviours"]})
    several = sum(len(edge["behaviours"]) > 1 for _, _, edge in graph.edges(data=True))
    seed = int(frames.manifest.get("seed", 1))
    return Picture(
        f"{file_stem(cluster_id)}_layers",
        f"Layers of cluster {cluster_id}: {listed([spoken(n) for n in names])}; "
        f"{count(several, 'pair')} tied in more than one.",
        (_WIDTH, 0.5 + 3.5 * layer_figures.panel_rows(graph)),
        lambda axes, write: layer_figures.draw_layers(axes, graph, palette, write, seed),
    )


def relay(frames: Frames, cluster_id: str) -> Picture:
    """Return the relay ladder of a cluster: who comes first, second, third … to each object."""
    found = relay_of(frames.actions_in(cluster_id))
    best = max(range(len(found.members)), key=lambda m: (found.led(m), -m), default=None)
    told = (
        "it has no meetings."
        if best is None
        else f"{label(found.members[best])} comes first on {found.led(best)} of the {found.came(best)} it came to."
    )
    return Picture(
        f"{file_stem(cluster_id)}_relay",
        f"Relay of cluster {cluster_id}, members by objects: {told}",
        (_WIDTH, 2.2 + 0.21 * len(found.members)),
        lambda axes, write: relay_figures.draw_relay(axes, found, write),
    )


def clocks(frames: Frames, cluster_id: str) -> Picture:
    """Return the day clocks of a cluster's members, under those of the cluster and the platform."""
    members = frames.members_of(cluster_id)["account_id"]
    hours = dict(
        zip(*(frames.where("accounts", account_id=set(members))[c] for c in ("account_id", "hours")), strict=True)
    )
    own = [Clock(account, hours.get(account)) for account in members]
    known = [clock.counts for clock in own if clock.counts is not None]
    together = Clock("cluster", [sum(hour) for hour in zip(*known, strict=True)] if known else None)
    platform = Clock("platform", frames.manifest.get("hours"))
    ranked = sorted(own, key=lambda clock: (-clock.total, clock.name))
    return Picture(
        f"{file_stem(cluster_id)}_clocks",
        f"Day clocks of cluster {cluster_id}: the quietest five hours hold {_percent(together)} of its actions, "
        f"and {_percent(platform)} of the platform's.",
        (7.4, 1.1 + 0.21 * (min(len(own), clock_figures.MOST_CLOCKS) + 3)),
        lambda axes, write: clock_figures.draw_clocks(axes, platform, together, ranked, write),
    )


def _percent(clock: Clock) -> str:
    share = clock.quiet_share()
    return "an unknown share" if share is None else f"{share:.1%}"


def decisions(frames: Frames, cluster_id: str) -> Picture:
    """Return the decision tree of a cluster: facts, rule, what held back, measure."""
    paths = paths_of(frames, cluster_id)
    found = decision_figures.outcomes(paths)
    told = listed([f"{n} {measure}" for measure, n in sorted(found.items())])
    ways = len({path.stages for path in paths})
    return Picture(
        f"{file_stem(cluster_id)}_decisions",
        f"Decisions of cluster {cluster_id}: {count(len(paths), 'member')}, {told}.",
        (_WIDTH, min(2.2 + 0.55 * ways, 7.0)),
        lambda axes, write: decision_figures.draw_decisions(axes, paths, write),
    )


def waterfall(frames: Frames, account_id: str) -> Picture:
    """Return the evidence waterfall of an account: how its own weight adds up, clue by clue."""
    found = weighing_of(frames, account_id)
    steps = listed([f"{step.name} {step.weight:+.1f}" for step in found.steps])
    return Picture(
        file_stem(account_id).replace("cluster_", "account_", 1) + "_waterfall",
        f"Waterfall of account {account_id}: {weight_figures.headline(found)}. Steps: {steps}.",
        (7.4, 1.3 + 0.3 * len(found.steps)),
        lambda axes, write: weight_figures.draw_waterfall(axes, found, write),
    )


def cluster_pictures(frames: Frames, cluster_id: str) -> list[Picture]:
    """Return the deeper pictures that have something to show: layers where there are several, decisions where facts are."""
    found = [relay(frames, cluster_id), clocks(frames, cluster_id)]
    if frames.where("clusters", cluster_id=[cluster_id])["behaviours"].map(len).max() > 1:
        found.append(layers(frames, cluster_id))
    if len(frames.where("facts", cluster_id=[cluster_id])):
        found.append(decisions(frames, cluster_id))
    return found
