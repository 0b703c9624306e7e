"""Laws of motifs: the compiled loops equal the plain ones."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graphscan.motifs import kernels

PEOPLE = 5
ACTS = st.lists(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1), st.integers(0, 40)).filter(
        lambda x: x[0] != x[1]
    ),
    max_size=25,
)
ORDERS = st.lists(
    st.permutations(range(PEOPLE)).flatmap(lambda p: st.integers(1, PEOPLE).map(lambda n: p[:n])), max_size=6
)
NO_ROWS = np.zeros((0, 5), np.int64)


def plain_rings(acts: list[tuple[int, int, int]], window: int) -> set[tuple[int, ...]]:
    found = set()
    for x, y, z in combinations(range(len(acts)), 3):
        edges = {acts[k][0]: acts[k][1] for k in (x, y, z)}
        if len(edges) == 3 and set(edges) == set(edges.values()) and acts[z][2] - acts[x][2] <= window:
            a = min(edges)
            if edges[edges[edges[a]]] == a and edges[edges[a]] != a:
                found.add((a, edges[a], edges[edges[a]]))
    return found


@settings(deadline=None, max_examples=150)
@given(ACTS, st.integers(0, 30))
def test_rings_are_those_of_all_triples(acts: list[tuple[int, int, int]], window: int) -> None:
    acts = sorted(acts, key=lambda x: x[2])
    actor, owner, at = (np.array([a[k] for a in acts], np.int64) for k in range(3))
    found = np.zeros((kernels.rings(actor, owner, at, window, PEOPLE, NO_ROWS), 5), np.int64)
    kernels.rings(actor, owner, at, window, PEOPLE, found)
    turned = {min((a, b, c), (b, c, a), (c, a, b)) for a, b, c, *_ in found.tolist()}
    assert turned == plain_rings(acts, window)
    assert all(last - first <= window for *_, first, last in found.tolist())


@settings(deadline=None, max_examples=100)
@given(ORDERS)
def test_agreement_is_kendalls_tau_over_pairs_of_occasions(orders: list[list[int]]) -> None:
    who = np.array([w for order in orders for w in order], np.int32)
    start = np.cumsum([0, *(len(order) for order in orders)]).astype(np.int64)
    agreed = pairs = 0
    for one, other in combinations(orders, 2):
        for a, b in combinations(sorted(set(one) & set(other)), 2):
            agreed += 1 if (one.index(a) < one.index(b)) == (other.index(a) < other.index(b)) else -1
            pairs += 1
    assert abs(kernels.agreement(start, who, PEOPLE) - (agreed / pairs if pairs else 0.0)) < 1e-12


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=15).map(sorted), st.integers(0, 20))
def test_widest_is_the_most_acts_in_any_window(at: list[int], window: int) -> None:
    lo, hi = kernels.widest(np.array(at, np.int64), window)
    assert at[hi - 1] - at[lo] <= window
    assert hi - lo == max(sum(t <= x <= t + window for x in at) for t in at)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 100), st.integers(-1, 3)), max_size=25).map(sorted), st.integers(0, 10))
def test_bursts_are_runs_of_members_without_a_long_gap(told: list[tuple[int, int]], window: int) -> None:
    at, who = (np.array([t[k] for t in told], np.int64) for k in range(2))
    start = np.array([0, len(told)], np.int64)
    runs: list[list[tuple[int, int]]] = []
    for time, member in (t for t in told if t[1] >= 0):
        if runs and time - runs[-1][-1][0] <= window:
            runs[-1].append((time, member))
        else:
            runs.append([(time, member)])
    plain = sum(len({m for _, m in run}) >= 3 for run in runs)
    assert kernels.bursts(start, who, at, window, 3, 4, np.zeros((0, 2), np.int64)) == plain
