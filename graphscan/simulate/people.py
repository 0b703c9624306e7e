"""Who lives in the world: accounts with an age, a rhythm, interests and an appetite.

In: a portrait (what is fixed for a population) and a count. Out: :class:`People`, and rows in the world.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphscan.simulate.clock import DAY_MS
from graphscan.simulate.ids import Floats, Handles, Ints, hex_text
from graphscan.simulate.texts import fill, nicknames
from graphscan.simulate.words import TOPICS
from graphscan.simulate.world import World

APPS = ("app-android/8.30.1", "app-android/8.31.0", "app-ios/8.30.1", "app-ios/8.31.0", "web/5.2", None)
"""Clients of ordinary accounts; None: the platform did not keep it."""

APP_SHARES = (0.26, 0.22, 0.2, 0.17, 0.05, 0.1)
NEW_SHARE = 0.05
"""Share of any honest population registered inside the window: youth alone gives nobody away."""

MEDIAN_ACTIONS = 11.5
ACTIONS_SPREAD = 0.8


@dataclass(frozen=True)
class Portrait:
    """What the accounts of one population have in common; the defaults are an ordinary account's.

    ``registered`` is a span in milliseconds, ``client`` the app or tool of all their actions,
    ``chronotype_h`` a shift of their day in hours, ``topic`` the number of their one topic, ``actions_min``
    the actions of the laziest.
    """

    role: str = "human"
    slice: str = "ordinary"
    cluster: str = ""
    measure: str = "none"
    registered: tuple[int, int] | None = None
    client: str | None = None
    network: str | None = None
    verified: bool | None = None
    bio: str | None = None
    topic: int | None = None
    chronotype_h: float = 0.0
    actions_min: int = 2


@dataclass(frozen=True)
class People:
    """One row a position: account, registration (ms), clock shift (h), two topics, actions, client."""

    name: str
    account: Handles
    registered: Ints
    chronotype_h: Floats
    topic: Ints
    second_topic: Ints
    actions: Ints
    client: pa.StringArray

    def __len__(self) -> int:
        return len(self.account)

    def first_ms(self, earliest: int) -> Ints:
        """Return when each may act first: not before it is registered."""
        return np.maximum(self.registered, earliest)


def make_people(
    world: World, name: str, rng: np.random.Generator, count: int, portrait: Portrait | None = None
) -> People:
    """Make ``count`` accounts, add their rows and their truth to the world, and return them."""
    portrait = portrait or Portrait()
    account = world.new(name, count)
    people = People(
        name,
        account,
        _registrations(world, rng, count, portrait),
        rng.normal(portrait.chronotype_h, 1.5, count),
        np.full(count, portrait.topic) if portrait.topic is not None else _favourite_topics(rng, count),
        _favourite_topics(rng, count),
        _appetites(rng, count, portrait.actions_min),
        _clients(rng, count, portrait.client),
    )
    _add_accounts(world, rng, people, portrait)
    world.tell(account, portrait.role, portrait.cluster, portrait.measure, portrait.slice)
    return people


def _add_accounts(world: World, rng: np.random.Generator, people: People, portrait: Portrait) -> None:
    count = len(people)
    own_network = hex_text(rng.integers(1, max(2, count * 4 // 5 + 1), count).astype(np.uint64) ^ people.account[0], 12)
    world.add(
        "accounts",
        account_id=people.account,
        registered_at=people.registered,
        client=people.client,
        device=hex_text(people.account ^ np.uint64(world.seed << 8), 16),
        network=portrait.network or own_network,
        nickname=nicknames(rng, count),
        bio=portrait.bio or fill(rng, "{topic}爱好者，{detail}{mood}", people.topic),
        verified=portrait.verified,
    )


def _registrations(world: World, rng: np.random.Generator, count: int, portrait: Portrait) -> Ints:
    if portrait.registered is not None:
        return rng.integers(*portrait.registered, count)
    age_days = np.minimum(np.exp(rng.normal(np.log(420.0), 0.9, count)) + 1.0, 4000.0)
    old = world.begin_ms - (age_days * DAY_MS).astype(np.int64)
    new = rng.integers(world.begin_ms, world.end_ms - DAY_MS, count)
    return np.where(rng.random(count) < NEW_SHARE, new, old)


def _favourite_topics(rng: np.random.Generator, count: int) -> Ints:
    shares = 1.0 / np.arange(2.0, len(TOPICS) + 2.0) ** 0.5
    return rng.choice(len(TOPICS), count, p=shares / shares.sum())


def _appetites(rng: np.random.Generator, count: int, least: int) -> Ints:
    drawn = np.exp(rng.normal(np.log(MEDIAN_ACTIONS), ACTIONS_SPREAD, count)).astype(np.int64)
    return np.clip(drawn, least, 400)


def _clients(rng: np.random.Generator, count: int, client: str | None) -> pa.StringArray:
    if client is not None:
        return pa.repeat(pa.scalar(client), count)
    return pa.array(APPS).take(pa.array(rng.choice(len(APPS), count, p=APP_SHARES)))
