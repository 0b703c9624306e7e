"""The rivals re-made: CooRTweet's rule gives the original's outputs, each rule finds what its paper says, failures are named."""

import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.append(str(BENCHMARKS))

import shipped  # noqa: E402
from rivals import RIVALS, communities, flag  # noqa: E402
from rivals.coortweet import coordinated  # noqa: E402
from rivals.environments import NotInstalledError, python_with  # noqa: E402
from rivals.fraudar import fraudar  # noqa: E402
from rivals.register import Rival  # noqa: E402
from rivals.rules import co_share, svn, synchrotrap, tf_idf  # noqa: E402

MINUTE_MS = 60_000


def log_of_farm(rng, strangers=300, farm=8, tasks=12):
    """A farm that acts together on tasks of its own, and strangers who do not: account, object, at_ms."""
    rows = [(s, int(rng.integers(200)), int(rng.integers(10**9))) for s in range(strangers) for _ in range(6)]
    for task in range(tasks):
        at = int(rng.integers(10**9))
        rows += [(strangers + k, 200 + task, at + int(rng.integers(30_000))) for k in range(farm)]
    account, object_, at_ms = (np.array(column) for column in zip(*rows, strict=True))
    return account.astype(np.int32), object_.astype(np.int32), at_ms.astype(np.int64)


@pytest.mark.parametrize(("window_s", "least"), list(shipped.SHARES))
def test_the_rule_of_coortweet_gives_the_outputs_of_the_original_on_shares(window_s, least):
    found = shipped.shares_network(window_s, least)
    told = (found.rows, found.accounts, found.objects, len(found.edges), len(found.heavy()))
    assert told == shipped.SHIFTED.get((window_s, least), shipped.SHARES[window_s, least])


@pytest.mark.parametrize(("column", "platform"), list(shipped.ELECTIONS))
def test_the_rule_of_coortweet_gives_the_outputs_of_the_original_on_elections(column, platform):
    found = shipped.elections_network(column, platform)
    told = (found.rows, found.accounts, len(found.edges), len(found.heavy()))
    assert told == shipped.ELECTIONS[column, platform]


def test_in_coortweet_one_object_can_make_a_repeated_tie():
    account, object_ = np.array([0, 0, 1, 1]), np.zeros(4, np.int64)
    found = coordinated(account, object_, np.array([0, 20_000, 10_000, 30_000]))
    assert found.edges.tolist() == [[0, 1]] and found.weights.tolist() == [4]
    assert len(co_share(account.astype(np.int32), object_.astype(np.int32), np.arange(4) * 10_000, 2)) == 0


def test_posts_of_one_account_or_one_post_twice_are_no_tie():
    alone = coordinated(np.array([0, 0]), np.array([0, 0]), np.array([0, 1000]))
    same_post = coordinated(np.array([0, 1, 0, 1]), np.zeros(4, np.int64), np.arange(4) * 1000, np.array([5, 5, 5, 5]))
    assert alone.rows == 0 and same_post.rows == 0


@pytest.mark.parametrize(
    "rule", [lambda *log: co_share(*log, 2), tf_idf, svn, synchrotrap], ids=["60 s", "tf", "svn", "st"]
)
def test_each_rule_finds_a_farm_among_strangers(rule):
    clusters = communities(rule(*log_of_farm(np.random.default_rng(1))))
    assert any(set(range(300, 308)) == set(c.tolist()) for c in clusters)


def test_fraudar_finds_the_dense_block():
    blocks = fraudar(*log_of_farm(np.random.default_rng(1)), blocks=1)
    assert [b.tolist() for b in blocks] == [list(range(300, 308))]


def test_no_pairs_are_no_clusters():
    assert communities(np.empty((0, 2), np.int64)) == []


def test_a_package_without_an_environment_is_named_and_not_dropped(tmp_path):
    original = next(r for r in RIVALS if r.original)
    assert flag(original, tmp_path / "log.npz", None).failed == "did not run: no folder for its environment was given"


def test_a_method_that_breaks_or_takes_too_long_is_named(tmp_path):
    np.savez(tmp_path / "log.npz", account=np.zeros(1))  # no objects
    rule = next(r for r in RIVALS if not r.original)
    assert "object" in flag(rule, tmp_path / "log.npz", None).failed
    assert flag(rule, tmp_path / "log.npz", None, limit_s=0.05).failed == "did not run: no answer within 0 s"


def test_a_package_that_cannot_be_had_says_so(tmp_path):
    absent = (str(tmp_path / "no-such-wheel.whl"),)
    with pytest.raises(NotInstalledError, match="not installed"):
        python_with(absent, tmp_path / "environments")


def test_a_rule_runs_in_a_process_of_its_own_and_its_use_is_counted(tmp_path):
    account, object_, at_ms = log_of_farm(np.random.default_rng(2))
    np.savez(tmp_path / "log.npz", account=account, object=object_, at_ms=at_ms)
    found = flag(next(r for r in RIVALS if r.name == "SVN"), tmp_path / "log.npz", None)
    assert found.failed == "" and found.cpu_s > 0 and found.peak_mb > 20
    assert any(set(range(300, 308)) == set(c.tolist()) for c in found.clusters)


def test_every_rival_says_what_it_is():
    assert len({r.name for r in RIVALS}) == len(RIVALS)
    for rival in RIVALS:
        assert isinstance(rival, Rival) and rival.source and rival.setting and rival.licence
        assert (rival.rule is None) == rival.original == bool(rival.requirements)
