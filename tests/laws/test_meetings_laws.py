"""The fast meetings kernel against the plain double loop, and what must not change its answer."""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphscan.behaviours import meetings, screening, searching
from graphscan.behaviours.meetings import all_meetings, find_meetings
from graphscan.errors import GraphscanError

QUICK = settings(max_examples=60, deadline=None)
COUNTS = ("objects", "meetings", "a_first", "b_first", "first_ms", "last_ms")
NOON = 1_770_000_000_000

# few accounts, objects and instants: so that many meet, tie and repeat
action = st.tuples(st.integers(0, 8), st.integers(0, 5), st.integers(0, 240))
logs = st.lists(action, min_size=1, max_size=90)
crowded = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2), st.integers(0, 60)), min_size=1, max_size=120)
windows = st.lists(st.integers(0, 80), min_size=1, max_size=3, unique=True).map(sorted)


def columns(log, shift=0):
    account, object_, at = (np.array(c, np.int64) for c in zip(*log, strict=True))
    return account.astype(np.int32), object_.astype(np.int32), at + shift


def fast(log, widths, least, shift=0, **how):
    found = all_meetings(find_meetings(*columns(log, shift), widths, least, **how), len(widths))
    pairs = zip(found.account_a.tolist(), found.account_b.tolist(), strict=True)
    return {
        pair: [[int(getattr(found, name)[row, w]) for name in COUNTS] for w in range(len(widths))]
        for row, pair in enumerate(pairs)
    }


def plain(log, widths, least, shift=0):
    """Every pair of actions on every object, looked at one by one."""
    acted = defaultdict(list)
    for account, object_, at in log:
        acted[object_].append((account, at + shift))
    told = defaultdict(lambda: [[set(), 0, 0, 0, None, None] for _ in widths])
    for object_, rows in acted.items():
        for (one, t), (other, u) in combinations(rows, 2):
            if one == other:
                continue
            (a, at_a), (b, at_b) = sorted([(one, t), (other, u)])
            for tally, width in zip(told[a, b], widths, strict=True):
                if abs(t - u) <= width:
                    tally[0].add(object_)
                    tally[1] += 1
                    tally[2] += at_a < at_b
                    tally[3] += at_b < at_a
                    tally[4] = min(at_a, at_b, *([] if tally[4] is None else [tally[4]]))
                    tally[5] = max(at_a, at_b, *([] if tally[5] is None else [tally[5]]))
    return {
        pair: [[len(t[0]), *t[1:4], *(-1 if x is None else x for x in t[4:])] for t in tallies]
        for pair, tallies in sorted(told.items())
        if len(tallies[-1][0]) >= least
    }


@QUICK
@given(logs, windows, st.integers(1, 3))
def test_the_kernel_equals_the_plain_double_loop(log, widths, least):
    found = fast(log, widths, least, NOON)
    assert found == plain(log, widths, least, NOON)
    assert list(found) == sorted(found)


@QUICK
@given(crowded, windows, st.integers(1, 3))
def test_it_does_so_on_hot_objects_too_where_the_token_index_works(log, widths, least):
    assert fast(log, widths, least) == plain(log, widths, least)


@pytest.mark.parametrize("ratio", [0.0, 1e9])
@pytest.mark.parametrize("least", [2, 3])
def test_both_ways_through_an_object_find_the_same(ratio, least, monkeypatch):
    monkeypatch.setattr(searching, "_WALK_RATIO", ratio)  # 0: always by tokens; huge: always walk
    rng = np.random.default_rng(7)
    for _ in range(30):
        n = int(rng.integers(20, 300))
        log = list(zip(*(rng.integers(0, high, n).tolist() for high in (20, 4, 500)), strict=True))
        assert fast(log, [0, 40], least) == plain(log, [0, 40], least)


@pytest.mark.parametrize("ratio", [0.0, 1e9])
def test_pairs_of_one_hot_object_are_not_noted_beyond_the_room_for_them(ratio, monkeypatch):
    """79,800 pairs of one object, room for a thousand, and at most the 400 of the action that passes it."""
    monkeypatch.setattr(searching, "_WALK_RATIO", ratio)
    crowd = [(account, object_, account) for account in range(400) for object_ in (0, 1)]
    with ThreadPoolExecutor(1) as pool:
        log = searching.pack(*columns(crowd))
        odds, cuts = screening.no_odds(log.n_accounts, 1), np.full((2, 3), np.inf)
        search = searching.Search(np.array([500]), 2, 1000, 1000, odds, cuts)
        task = searching._task(log, (0, 400), (0, 400), search, pool)
        held = np.zeros(1, np.int64)
        keys, counts = searching._searched(task, search, 1000, held, 0, (0, 2))
        assert 1000 < held[0] <= 1400 and len(keys) == 0
        assert counts.tolist() == [0, 0, 79_800]
        assert searching.counts_between(log, (0, 400), (0, 400), search, pool, note=True)[1] is None


@QUICK
@given(logs.flatmap(lambda log: st.tuples(st.just(log), st.permutations(log))), windows, st.integers(1, 3))
def test_the_order_of_rows_changes_nothing(logs, widths, least):
    log, shuffled = logs
    assert fast(log, widths, least) == fast(shuffled, widths, least)


@QUICK
@given(logs, windows, st.integers(1, 3))
def test_the_number_of_threads_changes_nothing(log, widths, least):
    assert fast(log, widths, least, threads=1) == fast(log, widths, least, threads=2)


@QUICK
@given(crowded, windows, st.integers(1, 3), st.sampled_from([400, 1000, 4000]), st.sampled_from([1, 3, 20]))
def test_blocks_and_the_recursive_cut_change_nothing(log, widths, least, memory, candidates):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "_MIN_CANDIDATES", candidates)
        found = fast(log, widths, least, memory_bytes=memory)
    assert found == plain(log, widths, least)
    assert list(found) == sorted(found)


def test_a_small_budget_really_cuts_the_work(monkeypatch):
    monkeypatch.setattr(searching, "_MIN_CANDIDATES", 1)
    log = [(account, object_, account) for account in range(30) for object_ in range(3)]
    batches = list(find_meetings(*columns(log), [60], 2, memory_bytes=2000))
    assert len(batches) > 1
    assert sum(map(len, batches)) == 30 * 29 // 2


@QUICK
@given(logs, windows, st.integers(1, 3), st.integers(-(10**13), 10**13))
def test_shifting_the_clock_shifts_only_the_times(log, widths, least, shift):
    base = 10**14  # keeps instants positive: -1 stands for no meeting
    moved = fast(log, widths, least, base + shift)
    for tallies in moved.values():
        for tally in tallies:
            tally[4:] = [-1 if at == -1 else at - shift for at in tally[4:]]
    assert moved == fast(log, widths, least, base)


@QUICK
@given(logs, windows, st.integers(1, 3), st.permutations(range(9)))
def test_renaming_accounts_only_renames_the_pairs(log, widths, least, names):
    renamed = fast([(names[a], o, t) for a, o, t in log], widths, least)
    expected = {}
    for (a, b), tallies in fast(log, widths, least).items():
        if names[a] > names[b]:
            tallies = [[o, m, second, first, *times] for o, m, first, second, *times in tallies]
        expected[min(names[a], names[b]), max(names[a], names[b])] = tallies
    assert renamed == expected


@QUICK
@given(logs, st.lists(st.tuples(st.integers(0, 5), st.integers(0, 240)), max_size=20), windows, st.integers(1, 3))
def test_a_strangers_arrival_changes_no_pair(log, acts, widths, least):
    stranger = 9
    found = fast([*log, *((stranger, o, t) for o, t in acts)], widths, least)
    assert {pair: v for pair, v in found.items() if stranger not in pair} == fast(log, widths, least)


@QUICK
@given(logs, windows, st.integers(1, 3))
def test_asking_for_more_objects_only_drops_pairs(log, widths, least):
    few, many = fast(log, widths, least), fast(log, widths, least + 1)
    assert many == {pair: v for pair, v in few.items() if v[-1][0] > least}


@QUICK
@given(logs, windows)
def test_who_was_first_adds_up(log, widths):
    for tallies in fast(log, widths, 1).values():
        for _, met, a_first, b_first, first, last in tallies:
            assert a_first + b_first <= met
            assert first <= last


def test_the_window_counts_its_own_edge():
    log = [(0, 0, 0), (1, 0, 60_000), (0, 1, 0), (1, 1, 60_001)]
    assert fast(log, [60_000], 1) == {(0, 1): [[1, 1, 1, 0, 0, 60_000]]}


def test_long_lists_and_many_common_objects_are_counted_whole():
    """More actions of two accounts on one object than are looked at together, and more objects than that, too."""
    rng = np.random.default_rng(3)
    chatty = [(account, 0, int(at)) for account in (0, 1) for at in rng.integers(0, 3_000, 700)]
    busy = [(account, object_, 40 * object_ + account) for account in (0, 1, 2) for object_ in range(1, 600)]
    assert fast(chatty + busy, [0, 1, 80], 2) == plain(chatty + busy, [0, 1, 80], 2)


def test_sorted_candidates_are_those_of_numpy():
    rng = np.random.default_rng(5)
    for n_accounts in (3, 1000, 10**6):
        a, b = rng.integers(0, n_accounts, (2, 5000)).astype(np.uint64)
        parts = np.split(a << np.uint64(32) | b, [10, 10, 3000])
        with ThreadPoolExecutor(2) as pool:
            found = searching._sorted_once(list(parts), n_accounts, pool)
        np.testing.assert_array_equal(found, np.unique(np.concatenate(parts)))


def test_no_candidates_sort_to_none():
    with ThreadPoolExecutor(1) as pool:
        assert len(searching._sorted_once([np.zeros(0, np.uint64)], 5, pool)) == 0


def test_an_answer_larger_than_the_budget_comes_in_sorted_pieces(monkeypatch):
    """The candidates fit, what is counted of them does not: no second search, only smaller pieces for ``keep``."""
    monkeypatch.setattr(searching, "_MIN_CANDIDATES", 1)
    monkeypatch.setattr(searching, "_BYTES_PER_COUNT", 10**6)
    log, seen = [(account, object_, account) for account in range(30) for object_ in range(3)], []
    kept = find_meetings(
        *columns(log), [60], 2, memory_bytes=16 * 10**7, keep=lambda batch: seen.append(batch) or batch
    )
    found = all_meetings(kept, 1)
    assert [len(batch) for batch in seen] == [20] * 21 + [15]
    whole = all_meetings(find_meetings(*columns(log), [60], 2, memory_bytes=10**12), 1)
    for name in searching.Meetings.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(found, name), getattr(whole, name), strict=True)


def test_one_object_too_hot_for_a_ranges_share_does_not_cut_the_task(monkeypatch):
    """Only all candidates together count against the budget, however they fall on ranges of objects."""
    monkeypatch.setattr(searching, "_MIN_CANDIDATES", 500)
    monkeypatch.setattr(searching, "_halves", lambda block: pytest.fail("cut"))
    hot = [(account, object_, account) for account in range(30) for object_ in range(2)]
    cold = [(account, object_, 10**6 * object_) for object_ in range(2, 60) for account in (0, 1)]
    assert (
        len(fast(hot + cold, [30], 2, memory_bytes=15_000)) == 30 * 29 // 2
    )  # 493 candidates, 435 of them on one object
    monkeypatch.setattr(searching, "_MIN_CANDIDATES", 400)
    with pytest.raises(pytest.fail.Exception, match="cut"):
        fast(hot + cold, [30], 2, memory_bytes=15_000)


def test_an_account_never_meets_itself():
    assert fast([(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1)], [60], 1) == {}


def test_a_chatterbox_alone_on_an_object_costs_no_square(monkeypatch):
    """200,000 actions in a row by one account: a quadratic look for the next other account would take minutes."""
    n = 200_000
    account, object_ = np.zeros(n, np.int32), np.zeros(n, np.int32)
    account[-1] = 1
    assert len(all_meetings(find_meetings(account, object_, np.arange(n) * 1000, [60], 2), 1)) == 0


def test_no_actions_give_no_meetings():
    none = np.zeros(0, np.int32)
    assert len(all_meetings(find_meetings(none, none, none.astype(np.int64), [60]), 1)) == 0


@pytest.mark.parametrize(("widths", "least"), [([], 2), ([-1], 2), ([60], 0)])
def test_windows_and_counts_that_mean_nothing_are_refused(widths, least):
    with pytest.raises(GraphscanError, match="at least one window of 0 ms or more, and min_objects of 1 or more"):
        fast([(0, 0, 0)], widths, least)


def test_a_log_too_wide_for_64_bits_is_refused_not_wrapped():
    with pytest.raises(GraphscanError, match="does not fit 63 bits"):
        fast([(0, 0, 0), (2**30, 2**30, 2**40)], [60], 1)


def test_progress_adds_up_to_the_whole(monkeypatch):
    monkeypatch.setattr(searching, "_MIN_CANDIDATES", 1)
    told = []
    log = [(account, object_, account) for account in range(30) for object_ in range(3)]
    list(find_meetings(*columns(log), [60], 2, memory_bytes=2000, advance=told.append))
    assert sum(told) == 100


@pytest.mark.parametrize("threads", [1, 3])
def test_no_more_threads_work_than_were_asked_for(threads, monkeypatch):
    asked = set()

    class Pool(ThreadPoolExecutor):
        def __init__(self, workers):
            asked.add(workers)
            super().__init__(workers)

    monkeypatch.setattr(meetings, "ThreadPoolExecutor", Pool)
    account, object_ = np.repeat(np.arange(4, dtype=np.int32), 3), np.tile(np.arange(3, dtype=np.int32), 4)
    assert len(all_meetings(find_meetings(account, object_, np.arange(12), [60], 2, threads=threads), 1)) == 6
    assert asked == {threads}
