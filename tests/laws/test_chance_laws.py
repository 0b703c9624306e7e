"""What must hold of the null model: rates, bounds, and everything that must not change who looks coordinated."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphscan.behaviours import meetings, searching
from graphscan.behaviours.actions import find_occasions, quietest_ms
from graphscan.behaviours.chance import false_discovery_rates, learn_null, weigh
from graphscan.behaviours.meetings import Local, all_meetings, search_meetings
from graphscan.behaviours.opportunity import learn_opportunity

QUICK = settings(max_examples=50, deadline=None)
WINDOWS_MS = np.array([60, 600, 3600]) * 1000
DAY_MS = 86_400_000
MORNING = 1_770_000_000_000
REAL_SHARES = Path(__file__).parents[2] / "data" / "samples" / "real_shares"


@dataclass(frozen=True)
class World:
    """Actions as codes; per object its channel (-1: none), per account whether it has a history."""

    account: np.ndarray
    object: np.ndarray
    at_ms: np.ndarray
    channel_of: np.ndarray
    old: np.ndarray

    def weighed(self, threads=1, rate=None, memory=10**9, screened=None):
        """Pairs that met twice (of which a rate drops those it cannot find) → (met, expected, p, q, window)."""
        cut = quietest_ms(self.at_ms)
        occasions = find_occasions(self.account, self.object, self.at_ms, cut)
        opportunity = learn_opportunity(
            occasions,
            len(self.old),
            self.channel_of,
            self.old,
            explicit_of_object=np.zeros(len(self.channel_of), np.bool_),
            min_accounts=25,
            min_object_accounts=0,
            seed=1,
        )
        null = learn_null(occasions, opportunity, WINDOWS_MS, len(self.old))

        def keep(batch):
            return batch if rate is None else batch.where(null.credible(batch, rate, threads))

        log = (occasions.account, occasions.occasion, occasions.at_ms)
        screen = null.screen(screened) if screened else None
        search = search_meetings(*log, WINDOWS_MS.tolist(), 2, Local(2), memory_bytes=memory, keep=keep, screen=screen)
        met = all_meetings((batch.pairs for batch in search), 3)
        told = weigh(met, null, threads)
        pairs = zip(met.account_a.tolist(), met.account_b.tolist(), strict=True)
        values = zip(told.met, told.expected, told.p_value, told.q_value, told.window, strict=True)
        return dict(zip(pairs, ([float(x) for x in v] for v in values), strict=True))

    def rows(self, order):
        """The same actions in another order."""
        return World(self.account[order], self.object[order], self.at_ms[order], self.channel_of, self.old)

    def renamed(self, names):
        """The same with account ``a`` called ``names[a]``."""
        old = np.empty_like(self.old)
        old[names] = self.old
        account = names[self.account].astype(np.int32)
        return World(account, self.object, self.at_ms, self.channel_of, old)

    def later(self, shift_ms):
        """The same, so many milliseconds later."""
        return World(self.account, self.object, self.at_ms + shift_ms, self.channel_of, self.old)


def crowd_and_farm(seed, people=300, notes=300, farm=8, step_ms=1):
    """A crowd with tastes and popular notes, and a farm that does 12 tasks within minutes; times in ``step_ms`` steps."""
    rng = np.random.default_rng(seed)
    n = people * 12
    liked = (notes * rng.random(n) ** 2).astype(np.int64)
    posted = rng.integers(0, 10 * DAY_MS, notes)
    who = rng.integers(0, people, n)
    at = posted[liked] + rng.exponential(2 * 3_600_000, n).astype(np.int64)
    tasks = rng.choice(notes, 12, replace=False)
    begin = rng.integers(0, 10 * DAY_MS, 12)
    work = [
        (people + m, t, b + rng.integers(0, 300_000)) for t, b in zip(tasks, begin, strict=True) for m in range(farm)
    ]
    farmed = np.array(work, np.int64)
    account = np.concatenate([who, farmed[:, 0]]).astype(np.int32)
    object_ = np.concatenate([liked, farmed[:, 1]]).astype(np.int32)
    at_ms = MORNING + np.concatenate([at, farmed[:, 2]]) // step_ms * step_ms
    old = np.arange(people + farm) < people
    return World(account, object_, at_ms, (np.arange(notes) % 7 - 1).astype(np.int32), old)


def same(one, other, tolerance=1e-9):
    assert one.keys() == other.keys()
    for pair, values in one.items():
        assert values == pytest.approx(other[pair], rel=tolerance, abs=1e-300), pair


def plain_rates(p_values, tested):
    """Benjamini and Hochberg as written: the least rate at which a test is among those rejected."""
    everyone = sorted([*p_values, *[1.0] * (tested - len(p_values))])
    m = len(everyone)
    return [min(1.0, min(everyone[k] * m / (k + 1) for k in range(m) if everyone[k] >= p)) for p in p_values]


p_lists = st.lists(st.floats(0, 1) | st.sampled_from([0.0, 1e-9, 0.5, 1.0]), min_size=1, max_size=30)


@QUICK
@given(p_lists, st.integers(0, 100))
def test_false_discovery_rates_are_benjamini_and_hochbergs(p_values, unseen):
    tested = len(p_values) + unseen
    found = false_discovery_rates(np.array(p_values), tested)
    assert found.tolist() == pytest.approx(plain_rates(p_values, tested), rel=1e-12, abs=1e-300)


@QUICK
@given(p_lists, st.integers(0, 100))
def test_more_tests_and_larger_p_values_never_make_a_rate_smaller(p_values, more):
    p = np.array(p_values)
    few, many = false_discovery_rates(p, len(p)), false_discovery_rates(p, len(p) + more)
    least = 1 - 1e-12  # one multiplication and one division apart
    assert (few * least <= many).all() and (p * least <= few).all() and (many <= 1).all()
    assert (np.diff(few[np.argsort(p, kind="stable")]) >= 0).all()


def test_no_pairs_have_no_rates():
    assert len(false_discovery_rates(np.zeros(0), 10)) == 0


@pytest.fixture(scope="module")
def world():
    return crowd_and_farm(3)


@pytest.fixture(scope="module")
def weighed(world):
    return world.weighed()


def test_the_world_has_pairs_to_find_and_pairs_not_to(world, weighed):
    farm = {pair for pair in weighed if min(pair) >= 300}
    found = {pair for pair, (*_, q, _) in weighed.items() if q <= 1e-3}
    assert len(found & farm) >= 0.9 * 28
    assert len(found - farm) <= 2 and len(weighed) > 500


def test_every_value_is_inside_its_bounds(weighed):
    for met, expected, p, q, window in weighed.values():
        assert met >= 0 and expected >= 0
        assert 0 <= p <= q <= 1
        assert window in (0, 1, 2)


def test_the_order_of_rows_changes_nothing(world, weighed):
    order = np.random.default_rng(1).permutation(len(world.account))
    assert world.rows(order).weighed() == weighed


def test_threads_change_nothing(world, weighed):
    assert world.weighed(threads=3) == weighed


@pytest.mark.parametrize("shift_ms", [1, 3_600_000, 11 * 3_600_000 + 7, -400 * DAY_MS])
def test_shifting_the_clock_changes_nothing(world, weighed, shift_ms):
    same(world.later(shift_ms).weighed(), weighed)


@pytest.mark.parametrize("step_ms", [1, 1000, 600_000])
def test_renaming_accounts_changes_nothing_even_when_many_act_at_the_same_instant(step_ms):
    world = crowd_and_farm(4, step_ms=step_ms)
    names = np.random.default_rng(2).permutation(len(world.old))
    told = world.weighed()
    renamed = {tuple(sorted((int(names[a]), int(names[b])))): v for (a, b), v in told.items()}
    same(world.renamed(names).weighed(), renamed)


def test_new_ids_in_the_same_order_change_nothing():
    world = crowd_and_farm(5)
    gaps = np.arange(len(world.old)) * 3
    old = np.zeros(3 * len(world.old), np.bool_)
    old[gaps] = world.old
    told = World(gaps[world.account].astype(np.int32), world.object, world.at_ms, world.channel_of, old).weighed()
    assert {(a // 3, b // 3): v for (a, b), v in told.items()} == world.weighed()


def test_saying_again_what_was_said_the_same_day_changes_nothing(world, weighed):
    """An occasion is an account's first action on an object in a day: repeating it later that day adds none."""
    again = world.at_ms + 1
    cut = quietest_ms(world.at_ms)
    same_day = (again - cut) // DAY_MS == (world.at_ms - cut) // DAY_MS
    doubled = World(
        *(np.concatenate([v, v[same_day]]) for v in (world.account, world.object)),
        np.concatenate([world.at_ms, again[same_day]]),
        world.channel_of,
        world.old,
    )
    same(doubled.weighed(), weighed)


@pytest.mark.parametrize("memory", [10**9, 20_000])
@pytest.mark.parametrize("rate", [1e-4, 1e-2, 0.3])
def test_dropping_what_a_rate_cannot_find_changes_nothing_that_it_finds(world, weighed, rate, memory):
    told = world.weighed(rate=rate, memory=memory)
    assert len(told) < len(weighed)
    assert {pair: v for pair, v in told.items() if v[3] <= rate} == {p: v for p, v in weighed.items() if v[3] <= rate}


def test_a_wider_rate_only_adds_pairs(weighed):
    by_rate = [{pair for pair, v in weighed.items() if v[3] <= rate} for rate in (1e-6, 1e-3, 1e-1)]
    assert by_rate[0] <= by_rate[1] <= by_rate[2]


@pytest.fixture(scope="module")
def real_shares():
    """Real shares, second by second, so that many stand at the same instant; nobody's history is known."""
    table = pq.read_table(REAL_SHARES / "interactions.parquet")
    account, object_ = (
        np.unique(table[name].to_numpy(), return_inverse=True)[1].astype(np.int32)
        for name in ("account_id", "target_id")
    )
    at_ms = table["created_at"].cast(pa.timestamp("ms", tz="UTC")).cast(pa.int64()).to_numpy()
    nobody = np.full(int(object_.max()) + 1, -1, np.int32)
    return World(account, object_, at_ms, nobody, np.ones(int(account.max()) + 1, np.bool_))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_real_shares_with_actors_drawn_anew_show_no_pair(seed, real_shares):
    """Degree-preserving: every account and every note keep their number of shares and every share its time."""
    drawn = replace(real_shares, account=np.random.default_rng(seed).permutation(real_shares.account)).weighed()
    assert len(drawn) > 5000
    assert [pair for pair, v in drawn.items() if v[3] <= 0.01] == []


def test_no_pair_of_real_shares_is_expected_nowhere(real_shares):
    """An expectation of 0 would make any two meetings infinitely surprising."""
    assert min(v[1] for v in real_shares.weighed().values()) > 1e-7


def test_renaming_the_accounts_of_real_shares_changes_nothing(real_shares):
    names = np.random.default_rng(9).permutation(len(real_shares.old))
    told = real_shares.weighed()
    renamed = {tuple(sorted((int(names[a]), int(names[b])))): v for (a, b), v in told.items()}
    same(real_shares.renamed(names).weighed(), renamed)


@QUICK
@given(
    seed=st.integers(0, 10**6),
    rate=st.sampled_from([1e-6, 1e-3, 0.05, 0.2]),
    people=st.sampled_from([40, 300]),
    memory=st.sampled_from([10**9, 3 * 10**4]),
)
def test_what_a_screen_leaves_out_would_not_have_been_found(seed, rate, people, memory):
    world = crowd_and_farm(seed, people=people, notes=people)
    plain = {pair: v for pair, v in world.weighed().items() if v[3] <= rate}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(meetings, "SCREENED_PAIRS", -1)
        told = world.weighed(rate=rate, memory=memory, screened=rate)
    assert {pair: v for pair, v in told.items() if v[3] <= rate} == plain


def test_a_screen_leaves_most_pairs_out_and_keeps_the_farm(monkeypatch):
    world = crowd_and_farm(3)
    farm = {pair: v for pair, v in world.weighed().items() if v[3] <= 1e-3}
    monkeypatch.setattr(meetings, "SCREENED_PAIRS", -1)
    told = world.weighed(screened=1e-3)
    assert len(farm) >= 28 and farm.keys() <= told.keys()
    assert len(told) < len(world.weighed()) / 5


@QUICK
@given(seed=st.integers(0, 10**6), people=st.sampled_from([40, 300]), room=st.sampled_from([0, 40, 10**9]))
def test_pairs_noted_while_they_are_counted_are_those_that_a_second_search_finds(seed, people, room):
    """With room for none or few the second search is done, with room for all it is not: the same pairs, weighed alike."""
    searched = []

    class Watched(Local):
        def pairs(self, *what):
            searched.append(True)
            yield from super().pairs(*what)

    world = crowd_and_farm(seed, people=people, notes=people)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(meetings, "SCREENED_PAIRS", -1)
        patch.setattr(meetings, "counts_between", partial(without_notes, searching.counts_between))
        sought = world.weighed(screened=1e-3)
        patch.setattr(meetings, "counts_between", partial(with_room_for, searching.counts_between, room))
        patch.setitem(globals(), "Local", Watched)
        assert world.weighed(screened=1e-3) == sought
    assert bool(searched) == (room < 10**9)


def without_notes(counts_between, *what, note):
    return counts_between(*what)


def with_room_for(counts_between, room, log, rows, columns, search, pool, *, note):
    return counts_between(log, rows, columns, replace(search, limit=room), pool, note=note)
