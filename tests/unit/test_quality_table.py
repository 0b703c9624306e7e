"""The quality table: goals are judged by their bounds, losses are found, and what was not run says so."""

import argparse
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

import levels  # noqa: E402
import quality  # noqa: E402
import quality_goals  # noqa: E402
import quality_tables  # noqa: E402
import real_labels  # noqa: E402
from injection import MIXES, OURS  # noqa: E402

SHORT = argparse.Namespace(short=True, seeds=3, data=None, graph=None, rivals_venv=Path(), keep=None, no_measuring=True)


def planted(mix="one merchant each", method=OURS, recall=0.98, fans=0, seed=0):
    flagged = {"merchant": [round(200 * recall), 200], "hire": [0, 0], "fan": [fans, 320], "background": [3, 900]}
    flagged = {k: v for k, v in flagged.items() if v[1]}
    row = {"part": "injection", "piece": f"{mix}:{seed}", "mix": mix, "seed": seed, "method": method}
    return {**row, "recall": recall, "precision": 1.0, "jaccard": 0.95, "flagged": flagged, "cpu_s": 1.0, "peak_mb": 9}


def level(hit=20, wrong=30):
    row = {"part": "levels", "piece": "hidden:1500:11", "world": "hidden:1500:11", "method": OURS}
    return {**row, "farm": [hit, 150], "honest": [wrong, 2600], "cpu_s": 3.0, "peak_mb": 300}


@pytest.mark.parametrize(
    ("count", "of", "verdict"), [(990, 1000, "shown"), (96, 100, "not shown"), (90, 100, "missed"), (0, 0, "missed")]
)
def test_a_goal_is_shown_by_its_bound_and_missed_by_its_figure(count, of, verdict):
    assert quality_goals.at_least("recall", count, of, 0.95).verdict == verdict
    assert quality_goals.at_most("harm", of - count, of, 0.05).verdict == verdict


def test_every_part_has_its_goals_and_a_missed_one_is_said():
    rows = [planted(), level()]
    verdicts = {g.wanted: g.verdict for g in quality_goals.goals_of(rows)}
    assert verdicts["level worlds: recall of farm accounts ≥ 0.95"] == "missed"
    assert any("recall of merchant" in wanted for wanted in verdicts)
    assert "**missed**" in quality_tables.goals_table(rows)
    assert "level worlds: recall of farm accounts ≥ 0.95 (0.133)" in quality_tables.goals_line(rows)


@pytest.mark.parametrize(
    ("found", "lost"),
    [
        (planted(), []),
        (planted(recall=0.97), []),
        (planted(recall=0.95), ["recall"]),
        (planted(fans=20), ["fan left alone"]),
        (planted(seed=1, recall=0.1), []),
    ],
)
def test_a_loss_of_more_than_two_points_is_found(found, lost):
    told = quality_goals.losses([planted(), level()], [found])
    assert len(told) == len(lost) and all(word in line for word, line in zip(lost, told, strict=True))


def test_losses_on_level_worlds_and_a_method_that_failed_are_found():
    stored = [planted(), level()]
    assert quality_goals.losses(stored, [level(hit=15)]) == [
        "levels hidden:1500:11 graphscan: recall " + "0.13333333333333333 → 0.1"
    ]
    failed = {k: v for k, v in planted().items() if k in ("part", "piece", "mix", "seed", "method")} | {"failed": "x"}
    assert len(quality_goals.losses(stored, [failed])) == 3


def test_the_short_form_has_a_piece_of_every_part_but_the_labelled_sets():
    pieces = quality.pieces(SHORT)
    assert {p.part for p in pieces} == {"shipped", "injection", "levels", "worlds", "propagation"}
    assert len(pieces) == 2 + len(MIXES) + 3


def test_sets_that_are_not_there_say_so_and_where_they_come_from(tmp_path):
    assert set(real_labels.SETS) == {
        p.name for p in quality.pieces(argparse.Namespace(**{**vars(SHORT), "short": False})) if p.part == "real"
    }
    for folder in (None, tmp_path):
        for name in real_labels.SETS:
            (row,) = real_labels.measure(name, folder, None)
            assert row["failed"].startswith("not run: ") and "docs/real-data.md" in row["failed"]
    (row,) = quality.propagation_rows(None, 3)
    assert row["failed"].startswith("not run: ")


def test_a_page_without_labelled_sets_names_them():
    rows = [planted(), level()]
    rows += [{"part": "real", "piece": n, **next(real_labels.measure(n, None, None))} for n in real_labels.SETS]
    page = quality_tables.page(rows)
    assert page.count("not run: ") == len(real_labels.SETS)
    assert "not measured in one go" in page


def test_one_go_says_what_it_took():
    rows = [planted(), {"part": "run", "piece": "whole", "wall_min": 31.5, "cpu_min": 40.2, "cores": 2}]
    assert "The whole form took 31.5 minutes and 40.2 minutes of CPU, in one go on 2 cores." in quality_tables.page(
        rows
    )


def test_a_level_world_counts_farm_accounts_and_accounts_for_whom_nothing_is_due():
    found = list(levels.measure("hidden:600:3", ("co-share, k ≥ 2",), None))
    assert [row["method"] for row in found] == [OURS, "co-share, k ≥ 2"]
    assert all(row["farm"][1] == 150 and row["honest"][1] > 1000 for row in found)
    assert found[1]["farm"][0] + found[1]["honest"][0] > 0


def test_kept_pieces_are_read_and_a_run_with_them_is_not_one_go(tmp_path):
    keep = tmp_path / "keep.jsonl"
    keep.write_text(json.dumps(planted()) + "\n", encoding="utf-8")
    given = argparse.Namespace(**{**vars(SHORT), "keep": keep})
    assert quality.measured(given) == [planted()]
