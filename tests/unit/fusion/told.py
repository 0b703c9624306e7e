"""Told worlds with farms, and everything that fusion says of them."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from graphscan.accounts.conduct import conduct
from graphscan.behaviours.accounts import identified, list_accounts
from graphscan.fusion.axes import weigh_axes
from graphscan.fusion.confirmation import confirm
from graphscan.fusion.ties import find_ties
from graphscan.groups.clusters import cluster_numbers, group
from graphscan.pipeline import find_layers
from graphscan.progress import Silent
from graphscan.settings import make_settings
from graphscan.steps import Steps

from ...cases.worlds import DAY, World, meet, passers_by

SLOGAN = "姐妹们这家店真的太好吃了强烈推荐大家都去试一试不踩雷"


@dataclass(frozen=True)
class Found:
    """What a scan of a told world found; ``of`` gives account ids by position."""

    accounts: object
    layers: list
    clusters: tuple
    own: object
    ties: object
    axes: object
    confirmed: object
    dataset: object


def look(world, threads=1):
    """Scan a world and fuse what was found."""
    with tempfile.TemporaryDirectory() as folder:
        dataset = world.dataset(Path(folder) / "dataset")
    settings, accounts = make_settings(reclusterings=5, threads=threads), list_accounts(dataset)
    layers = find_layers(dataset, accounts, settings, Steps(Silent()))
    clusters = group(layers, accounts, identified(dataset, accounts), settings).clusters
    own = conduct(
        dataset, accounts, placeholders=settings.placeholders, cluster=cluster_numbers(clusters, len(accounts))
    )
    ties = find_ties(dataset, accounts, layers, clusters, own.registration, settings)
    confirmed = confirm(layers, clusters, len(accounts), accounts.first_ms, settings)
    return Found(accounts, layers, clusters, own, ties, weigh_axes(clusters, ties, own), confirmed, dataset)


def comment(world, who, what, at):
    world.comment(who, f"note {what}", at, text=f"so good, number {what}")


def like(world, who, what, at):
    world.react(who, "like", f"note {what}", at)


def say(world, who, what, at):
    """The same words on every occasion, new ones each time: a slogan of the day."""
    world.post(who, at, note_id=f"{who} says {what}", text=f"{SLOGAN}{what}")


def greet(world, who, what, at):
    """Words that many people use, in their own time."""
    world.post(who, at, note_id=f"{who} greets {what} {at}", text=f"祝大家节日快乐身体健康万事如意阖家幸福{what}")


def two_farms(times=10):
    """One farm comments and posts the same words, one only likes; passers-by do all of it."""
    world = World()
    talkers, likers = [f"f{k}" for k in range(7)], [f"g{k}" for k in range(6)]
    every = 9 * DAY // times
    meet(world, comment, who=talkers, times=times, every=every)
    meet(world, say, who=talkers, times=times, every=every, apart=1.3)
    meet(world, like, who=likers, times=times, every=every, apart=1.1)
    passers_by(world, comment, people=60)
    passers_by(world, like, people=50)
    passers_by(world, greet, people=60)
    return world
