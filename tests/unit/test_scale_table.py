"""The scale table: growth is the slope between sizes, pairs that differ are told, a limit that was hit is named."""

import math
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

import scale_tables


def row(engine="graphscan", actions=100_000, cpu=1.0, **more):
    return {"engine": engine, "actions": actions, "stage_cpu_s": cpu, "cpu_s": cpu + 2, "peak_mb": 400.0, **more}


def record(*rows):
    machine = {"cores": 2, "system": "Linux", "python": "3.11"}
    return {"machine": machine, "limit_s": 120, "memory_gb": 10.0, "rows": list(rows)}


BASE = row(pairs=7, digest="aa")


def test_growth_is_the_exponent_between_neighbouring_sizes_that_ran():
    rows = [
        row(cpu=1),
        row(actions=1_000_000, cpu=20),
        {"engine": "graphscan", "actions": 10_000_000, "failed": "over 9 s"},
    ]
    assert scale_tables.exponents(rows) == [(100_000, 1_000_000, pytest.approx(math.log10(20)))]


@pytest.mark.parametrize(("digest", "said"), [("aa", "equal at 100k"), ("bb", "DIFFERENT at 100k")])
def test_pairs_of_another_engine_are_compared_by_their_digest(digest, said):
    assert said in scale_tables.written(record(BASE, row("DuckDB", pairs=7, digest=digest)))


def test_the_toolkit_is_compared_by_its_own_question_and_coordinationz_by_nothing():
    text = scale_tables.written(record(BASE, row("CNT", pairs=9, equal=False), row("coordinationz", pairs=3)))
    assert "DIFFERENT at 100k" in text
    assert "not comparable" in text


def test_a_limit_is_named_and_what_was_not_run_says_so():
    more = row(actions=1_000_000, pairs=8, digest="cc")
    text = scale_tables.written(record(BASE, more, {"engine": "pandas", "actions": 1_000_000, "failed": "over 10 GB"}))
    assert "| pandas | not run | over 10 GB |" in text


def test_the_limit_rows_give_ratios_of_reading_and_searching():
    text = scale_tables.written(record(BASE, row("read and sort, DuckDB", cpu=0.25)))
    assert "in CPU seconds of read and sort, DuckDB: 4.0 × at 100k" in text


def test_the_plot_is_drawn_with_a_cross_beyond_a_limit_and_has_the_same_bytes_again(tmp_path):
    lost = {"engine": "pandas", "actions": 1_000_000, "failed": "over 10 GB"}
    rows = record(BASE, row("pandas"), lost, row(actions=1_000_000, pairs=8, digest="cc"))
    for name in ("a.png", "b.png"):
        scale_tables.draw(rows, tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_the_digest_sees_a_changed_count_and_no_order():
    from scale import digest

    columns = [np.array(c) for c in ([1, 2], [3, 4], [2, 5], [2, 6])]
    assert digest(columns) == digest([c[::-1] for c in columns])
    assert digest(columns) != digest([*columns[:3], np.array([2, 7])])


def test_a_viral_day_has_a_line_of_its_own_and_no_row():
    viral = [row("graphscan, viral", pairs=5, digest="dd"), row("DuckDB, viral", pairs=5, digest="dd", cpu=9.0)]
    text = scale_tables.written(record(BASE, *viral))
    assert "one object of 13 % of all actions" in text
    assert "100k 1.0 s, 0.4 GB, 5 pairs (DuckDB's the same)" in text
    assert "| DuckDB, viral" not in text
    assert "DIFFERENT" in scale_tables.written(record(BASE, viral[0], {**viral[1], "digest": "ee"}))


def test_the_hottest_object_takes_the_share_it_is_given(tmp_path):
    import pyarrow.parquet as pq
    from day_log import write_day

    for name, hottest in (("plain", None), ("viral", 0.13)):
        write_day(tmp_path / name, 50_000, hottest=hottest)
    shares = [np.bincount(pq.read_table(tmp_path / n)["object"].to_numpy()).max() / 50_000 for n in ("plain", "viral")]
    assert shares[0] < 0.03
    assert shares[1] == pytest.approx(0.13, abs=0.01)
