"""Diffusion: what was said can be taken back exactly, and wrong seeds are outvoted."""

import numpy as np
import pytest

from graphscan.decisions.diffusion import operator, spread


def two_rings(rng, size=40, across=6):
    """Two dense groups and a few ties between them."""
    inside = [(a + s, b + s) for s in (0, size) for a in range(size) for b in range(a) if rng.random() < 0.3]
    between = [(int(rng.integers(size)), size + int(rng.integers(size))) for _ in range(across)]
    a, b = (np.array(c) for c in zip(*inside, *between, strict=True))
    return operator(a, b, np.ones(len(a)), 2 * size + 1)


@pytest.mark.parametrize("alpha, iterations", [(0.85, 30), (0.99, 300)])
def test_taking_a_seed_back_leaves_no_trace(alpha, iterations):
    rng = np.random.default_rng(0)
    walk, seeds = two_rings(rng), rng.uniform(-0.4, 0.4, 81)
    one = np.zeros(81)
    one[7] = 0.4
    undone = spread(walk, seeds + one, alpha, iterations) - spread(walk, one, alpha, iterations)
    assert np.abs(undone - spread(walk, seeds, alpha, iterations)).max() <= 1e-9


def test_seeds_told_apart_add_up_to_seeds_together():
    rng = np.random.default_rng(1)
    walk, seeds = two_rings(rng), rng.uniform(0, 0.4, (81, 5))
    assert np.allclose(spread(walk, seeds).sum(axis=1), spread(walk, seeds.sum(axis=1)), atol=1e-12)


def test_a_vertex_without_ties_keeps_what_was_said_of_it():
    walk, seeds = two_rings(np.random.default_rng(2)), np.zeros(81)
    seeds[80] = 0.25
    found = spread(walk, seeds)
    assert found[80] == pytest.approx(0.25) and (found[:80] == 0).all()


def test_three_wrong_seeds_in_ten_are_outvoted():
    rng = np.random.default_rng(3)
    walk, seeds = two_rings(rng), np.zeros(81)
    seeds[:10], seeds[40:50] = 0.4, -0.4
    seeds[[0, 1, 2, 40, 41, 42]] *= -1
    found = spread(walk, seeds)
    assert (found[:40] > 0).mean() > 0.95 and (found[40:80] < 0).mean() > 0.95


def test_the_walk_is_the_formula():
    a, b, w = np.array([0, 1]), np.array([1, 2]), np.array([1.0, 0.3])
    walk = operator(a, b, w, 4).toarray()
    expected = np.zeros((4, 4))
    expected[0, 1] = expected[1, 0] = 1 / np.sqrt(1 * 1.3)
    expected[1, 2] = expected[2, 1] = 0.3 / np.sqrt(1.3 * 0.3)
    expected[3, 3] = 1
    assert np.allclose(walk, expected)
