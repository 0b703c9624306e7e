"""Laws of looking up: an index, a cast without members and first acts are what plain searching through everything gives."""

from __future__ import annotations

from types import SimpleNamespace
from unittest import mock

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st

from graphscan.behaviours import objects
from graphscan.behaviours.actions import find_occasions
from graphscan.behaviours.indexing import index_rows
from graphscan.behaviours.objects import Objects
from graphscan.motifs import world
from graphscan.motifs.world import World

QUICK = settings(deadline=None, max_examples=100)
CHARACTERS = st.characters(codec="utf-8")
Codes = npt.NDArray[np.int32]


def plain_draw(activity: npt.NDArray[np.int64], old: npt.NDArray[np.bool_], members: Codes, seed: int) -> Codes:
    """Stand-ins as METHOD says: others of the same kind, by activity and code; one near the place of each member."""
    rng, drawn = np.random.default_rng(seed), []
    others = [a for a in range(len(activity)) if a not in set(members.tolist())]
    for kind in (False, True):
        same = [a for a in others if old[a] == kind] or others
        pool = sorted(same, key=lambda a: (activity[a], a))
        wanted = [m for m in members if old[m] == kind]
        shift = rng.integers(-world._NEAR, world._NEAR, len(wanted))
        for member, moved in zip(wanted, shift, strict=True):
            place = sum(activity[a] < activity[member] for a in pool) + int(moved)
            drawn += [pool[min(max(place, 0), len(pool) - 1)]] if pool else []
    return np.unique(np.array(drawn, np.int32))


@QUICK
@given(st.data(), st.integers(1, 90), st.integers(0, 10**6))
def test_stand_ins_are_drawn_from_all_others_of_their_kind_by_activity(data: st.DataObject, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    activity, old = rng.integers(0, 12, n), rng.random(n) < data.draw(st.sampled_from([0.0, 0.1, 0.5, 1.0]))
    members = np.flatnonzero(rng.random(n) < data.draw(st.sampled_from([0.05, 0.5, 1.0]))).astype(np.int32)
    around = World((), None, SimpleNamespace(has_history=old))  # type: ignore[arg-type]
    around.__dict__["activity"] = activity
    cast = around.casting(members)
    for draw in range(2):
        assert cast(np.random.default_rng(draw)).tolist() == plain_draw(activity, old, members, draw).tolist()


@QUICK
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 3 * 24)), max_size=40))
def test_a_first_act_on_an_object_is_the_earliest_on_any_day(acts: list[tuple[int, int, int]]) -> None:
    account, object_, hour = (np.array(c, np.int64) for c in (zip(*acts, strict=True) if acts else ([], [], [])))
    found = find_occasions(account.astype(np.int32), object_.astype(np.int32), hour * 3_600_000, 0)
    first = found.first_on_object
    told = sorted(
        zip(
            found.account[first].tolist(),
            found.object_of[found.occasion[first]].tolist(),
            found.at_ms[first].tolist(),
            strict=True,
        )
    )
    plain: dict[tuple[int, int], int] = {}
    for a, o, h in acts:
        plain[a, o] = min(plain.get((a, o), h), h)
    assert told == sorted((a, o, h * 3_600_000) for (a, o), h in plain.items())


@QUICK
@given(st.lists(st.integers(0, 6), max_size=30), st.data())
def test_an_index_gives_the_rows_of_its_codes(codes: list[int], data: st.DataObject) -> None:
    code = np.array(codes, np.int32)
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, max(len(codes) - 1, 0))))), np.int64)[: len(codes)]
    wanted = data.draw(st.sets(st.integers(0, 6)))
    for given_rows in (None, rows):
        found = index_rows(code, 7, given_rows).rows(np.array(sorted(wanted), np.int32))
        among = range(len(codes)) if given_rows is None else given_rows.tolist()
        assert found.tolist() == [r for r in among if codes[r] in wanted]


@QUICK
@given(
    st.sets(st.text(CHARACTERS, max_size=3), max_size=30),
    st.lists(st.one_of(st.none(), st.text(CHARACTERS, max_size=3)), max_size=8),
)
def test_names_are_found_one_by_one_as_they_are_by_a_table(known: set[str], asked: list[str | None]) -> None:
    ordered = pa.array(sorted(known), pa.string())
    by_table = Objects(ordered.take(pc.array_sort_indices(ordered)))
    told = by_table.find(pa.array(asked, pa.string())).tolist()
    with mock.patch.object(objects, "_FEW", -1):
        assert by_table.find(pa.array(asked, pa.string())).tolist() == told
    assert told == [sorted(known).index(name) if name in known else -1 for name in asked]
