"""Stories of squads, fans and victims, and a look at who acted later in them."""

import numpy as np

from graphscan.accounts.direction import follow
from graphscan.behaviours.accounts import list_accounts
from graphscan.groups.clusters import Cluster, Tie, cluster_name
from graphscan.groups.communities import Community
from graphscan.pipeline import find_layers
from graphscan.progress import Silent
from graphscan.settings import make_settings
from graphscan.steps import Steps

from ...cases.worlds import DAY, HOUR, World, passers_by

YEAR = 365 * DAY
SQUAD = [f"bot{k}" for k in range(7)]


def comment(world, who, what, at):
    world.comment(who, f"note {what}", at)


def town(old=(), new=SQUAD):
    """A world of thirty old passers-by who comment on twenty notes of as many authors, and the accounts of a story."""
    world = World()
    for name in [f"p{p:02d}" for p in range(30)] + list(old):
        world.register(name, -2 * YEAR)
    for k, name in enumerate(new):
        world.register(name, 60 + k)
    for what in range(20):
        world.post(f"author{what:02d}", 1, f"note {what}")
        world.register(f"author{what:02d}", -YEAR)
    passers_by(world, comment)
    return world


def post(world, author, days):
    """One note a day of an author, at ten, named by author and day."""
    world.register(author, -YEAR)
    for day in days:
        world.post(author, 10 * HOUR + day * DAY, f"{author} {day}")


def squat(world, squad, author, days, apart=0.2):
    """The squad comments on each note within seconds, in an order that changes from day to day."""
    for day in days:
        for k in range(len(squad)):
            world.comment(squad[(k + 3 * day) % len(squad)], f"{author} {day}", 10 * HOUR + day * DAY + 1 + k * apart)


class Look:
    """Who acted later among some members of a story, taken as one cluster whatever grouping would say."""

    def __init__(self, world, folder, members):
        self.dataset = world.dataset(folder)
        self.accounts = list_accounts(self.dataset)
        self.layers = find_layers(self.dataset, self.accounts, make_settings(threads=1), Steps(Silent()))
        self.clusters = (self._cluster(members),)
        self.direction, self.later_acts = follow(self.clusters, self.dataset, self.accounts)

    def _cluster(self, members):
        ids = self.accounts.ids.to_pylist()
        codes = np.array(sorted(ids.index(m) for m in members), np.int32)
        community = Community(codes, np.ones(len(codes)), 0.05)
        ties = []
        for layer in self.layers:
            rows = np.flatnonzero(np.isin(layer.pairs.account_a, codes) & np.isin(layer.pairs.account_b, codes))
            if len(rows):
                acts = np.flatnonzero(np.isin(layer.occasions.account, codes))
                ties.append(Tie(layer, rows, acts, None))
        return Cluster(cluster_name(self.accounts, community), community, tuple(ties))

    def of(self, name):
        """(later, unexplained, first) of one account."""
        code = self.accounts.ids.to_pylist().index(name)
        return tuple(int(getattr(self.direction, n)[code]) for n in ("later", "unexplained", "first"))
