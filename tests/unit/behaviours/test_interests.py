"""Interest blocks: what is learnt on a share of a long log holds for the rest of it."""

from __future__ import annotations

from itertools import pairwise

import igraph as ig
import numpy as np
import pytest

from graphscan.behaviours import interests
from graphscan.behaviours.actions import find_occasions

CITIES, PEOPLE, NOTES, ACTS = 3, 400, 40, 12
DAY = 86_400_000


def town(seed=0, stray=0.02):
    """First actions of people who act, nearly always, on the notes of their own city; and each note's city."""
    rng = np.random.default_rng(seed)
    account = np.repeat(np.arange(CITIES * PEOPLE, dtype=np.int32), ACTS)
    city = account // PEOPLE
    city = np.where(rng.random(len(account)) < stray, rng.integers(0, CITIES, len(account)), city)
    note = (city * NOTES + rng.integers(0, NOTES, len(account))).astype(np.int32)
    at_ms = np.sort(rng.integers(0, DAY, len(account)))
    return find_occasions(account, note, at_ms, 0), np.arange(CITIES * NOTES) // NOTES


def learnt(occasions, teaches=None, n=CITIES * PEOPLE):
    teaches = np.ones(n, np.bool_) if teaches is None else teaches
    return interests.interest_blocks(occasions, n, teaches, 25, 12, 1)


def agreement(occasions, number, city):
    placed = number > 0
    truth = city[occasions.object_of]
    return placed.mean(), ig.compare_communities(number[placed].tolist(), truth[placed].tolist(), method="nmi")


@pytest.mark.parametrize("share", [2, 8])
def test_blocks_learnt_on_a_share_are_those_of_the_whole(monkeypatch, share):
    occasions, city = town()
    assert agreement(occasions, learnt(occasions)[0], city) == (1.0, pytest.approx(1.0))
    monkeypatch.setattr(interests, "LEARNT_ACTIONS", len(occasions.account) // share)
    assert agreement(occasions, learnt(occasions)[0], city) == (1.0, pytest.approx(1.0))


def test_blocks_lie_inside_those_of_the_level_before(monkeypatch):
    occasions, _ = town()
    monkeypatch.setattr(interests, "LEARNT_ACTIONS", len(occasions.account) // 3)
    levels = learnt(occasions)
    assert len(levels) > 1
    for coarse, fine in pairwise(levels):
        inside = fine > 0
        assert len(np.unique(np.c_[coarse, fine][inside], axis=0)) == len(np.unique(fine[inside]))


def test_names_do_not_change_what_is_learnt_on_a_share(monkeypatch):
    occasions, _ = town()
    monkeypatch.setattr(interests, "LEARNT_ACTIONS", len(occasions.account) // 3)
    renamed = np.random.default_rng(5).permutation(CITIES * PEOPLE).astype(np.int32)
    other = find_occasions(renamed[occasions.account], occasions.object_of[occasions.occasion], occasions.at_ms, 0)
    np.testing.assert_equal(learnt(other), learnt(occasions))


def test_who_has_no_history_teaches_nothing_on_a_share_either(monkeypatch):
    occasions, _ = town()
    teaches = np.arange(CITIES * PEOPLE) < 2 * PEOPLE  # the third city is new
    monkeypatch.setattr(interests, "LEARNT_ACTIONS", len(occasions.account) // 4)
    (first, *_) = learnt(occasions, teaches)
    new = first[occasions.object_of >= 2 * NOTES]
    assert len(np.unique(first[first > 0])) == 2
    assert (new == 0).mean() > 0.5
