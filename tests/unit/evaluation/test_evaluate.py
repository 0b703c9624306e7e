"""A run against a truth: right figures on a story small enough to count by hand, and clear refusals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphscan.errors import InputError
from graphscan.evaluate import Evaluation, SliceGap, evaluate, rate_of, read_truth, slice_gap
from graphscan.tables import ACCOUNT_RESULTS, MEMBERS, Table

HEAD = "account_id,role,cluster,measure,slice\n"
STORY = HEAD + "".join(
    [
        *(f"farm{n},managed,tool-farm,ban,hire-farm\n" for n in range(6)),
        *(f"lost{n},managed,shy-farm,limit,drip-farm\n" for n in range(4)),
        *(f"fan{n},human,,none,fan\n" for n in range(10)),
        *(f"tired{n},human,,none,night-shift\n" for n in range(5)),
        "helped,assisted,,none,aided\n",
        "tried,occasional,,warn,occasional\n",
    ]
)
"""27 accounts: a farm of six, a farm of four, ten fans, five shift workers, two special ones."""

CLUSTERS = {
    "c1": ["farm0", "farm1", "farm2", "farm3", "farm4", "fan0"],
    "c2": ["fan1", "fan2", "stranger0", "stranger1"],
    "c3": ["stranger2", "stranger3"],
}


def write(table: Table, path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    full = [{name: row.get(name) for name in table.schema.names} for row in rows]
    pq.write_table(pa.Table.from_pylist(full, schema=table.schema), path)


def make_run(folder: Path, seen: Sequence[str], measures: Mapping[str, str] | None = None) -> Path:
    folder.mkdir()
    inside = {account: cluster for cluster, accounts in CLUSTERS.items() for account in accounts}
    rows = [
        {"account_id": a, "cluster_id": inside.get(a), "measure": (measures or {}).get(a)}
        for a in [*seen, *(s for s in inside if s not in seen)]
    ]
    write(ACCOUNT_RESULTS, folder / "accounts.parquet", rows)
    members = [{"cluster_id": c, "account_id": a} for c, accounts in CLUSTERS.items() for a in accounts]
    write(MEMBERS, folder / "members.parquet", members)
    return folder


def accounts_of(text: str) -> list[str]:
    return [line.split(",")[0] for line in text.splitlines()[1:]]


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    path = tmp_path / "truth.csv"
    path.write_text(STORY, encoding="utf-8")
    return path


@pytest.fixture
def told(tmp_path: Path, truth: Path) -> Evaluation:
    seen = [account for account in accounts_of(STORY) if account != "tired4"]
    return evaluate(make_run(tmp_path / "run", seen), truth)


def test_precision_and_recall_are_counted_over_known_accounts(told: Evaluation) -> None:
    precision, recall = told.rate("flagged", "precision"), told.rate("flagged", "recall")
    assert (precision.count, precision.of, precision.share) == (5, 8, 0.625)
    assert (recall.count, recall.of, recall.share) == (5, 10, 0.5)
    assert (told.unknown, told.unseen) == (4, 1)


def test_false_flags_are_told_by_slice_and_by_role(told: Evaluation) -> None:
    assert (told.rate("false flags by slice", "fan").count, told.rate("false flags by slice", "fan").of) == (
        3,
        10,
    )
    assert told.rate("false flags by slice", "night-shift").count == 0
    assert told.rate("flagged", "false flags").of == 17
    assert [(r.name, r.count, r.of) for r in told.rates if r.section == "flagged by role"] == [
        ("managed", 5, 10),
        ("occasional", 0, 1),
        ("assisted", 0, 1),
        ("human", 3, 15),
    ]


def test_a_true_cluster_is_found_or_lost(told: Evaluation) -> None:
    shy, tool = told.recoveries
    assert (tool.cluster, tool.cluster_id, tool.shared, tool.found) == ("tool-farm", "c1", 5, True)
    assert tool.jaccard == pytest.approx(5 / 7)
    assert (shy.cluster, shy.cluster_id, shy.jaccard, shy.found) == ("shy-farm", None, 0.0, False)


def test_a_found_cluster_has_a_purity_or_none_where_nobody_is_known(told: Evaluation) -> None:
    first, second, third = told.purities
    assert (first.main_cluster, first.managed, first.share) == ("tool-farm", 5, pytest.approx(5 / 6))
    assert (second.main_cluster, second.size, second.known, second.managed) == ("fan", 4, 2, 0)
    assert (third.known, third.share, third.main_cluster) == (0, None, "")


def test_where_no_measure_is_proposed_none_is_judged(told: Evaluation) -> None:
    assert told.confusion == {}
    assert [r for r in told.rates if r.section == "measures"] == []
    assert not any("due" in line for line in told.lines())


def test_a_wrong_ban_is_counted_as_one(tmp_path: Path, truth: Path) -> None:
    measures = dict.fromkeys(accounts_of(STORY), "none")
    measures |= {"farm0": "ban", "farm1": "ban", "farm2": "limit", "fan3": "ban", "tried": "warn"}
    told = evaluate(make_run(tmp_path / "run", accounts_of(STORY), measures), truth)
    assert (told.rate("measures", "false ban").count, told.rate("measures", "false ban").of) == (1, 21)
    assert told.rate("measures", "ban precision").share == pytest.approx(2 / 3)
    assert told.rate("measures", "warn recall").share == 1.0
    assert told.confusion[("ban", "limit")] == 1 and told.confusion[("none", "ban")] == 1
    assert sum(told.confusion.values()) == 27


def test_the_interval_is_the_exact_one() -> None:
    none = rate_of("s", "n", 0, 400)
    assert (none.share, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 400))
    every = rate_of("s", "n", 10, 10)
    assert (every.high, every.low) == (1.0, pytest.approx(0.025 ** (1 / 10)))
    some = rate_of("s", "n", 3, 20)
    assert (some.low, some.high) == (pytest.approx(0.03207, abs=1e-5), pytest.approx(0.37893, abs=1e-5))
    assert rate_of("s", "n", 0, 0).share is None


def test_lines_are_of_fixed_width_and_say_the_figures(told: Evaluation) -> None:
    lines = told.lines()
    assert lines[0].startswith("4 accounts of the run are not in the truth and were left out; 1 of the truth")
    table = lines[2 : lines.index("", 2)]
    assert len({len(line) for line in table}) == 1
    assert any("precision" in line and "62.50 %" in line for line in table)
    assert "true clusters: 1 of 2 found (Jaccard 0.5 or more), mean Jaccard 0.357" in lines


def test_json_and_frame_hold_the_same_rates(told: Evaluation) -> None:
    plain = json.loads(json.dumps(told.as_json()))
    assert [r["share"] for r in plain["rates"]] == [None if r.share is None else r.share for r in told.rates]
    assert told.frame["count"].tolist() == [r.count for r in told.rates]
    assert plain["clusters"][1]["cluster_id"] == "c1"


def test_a_truth_without_farms_or_a_run_without_clusters_still_speaks(tmp_path: Path) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text(HEAD + "anna,human,,none,\n", encoding="utf-8")
    folder = tmp_path / "run"
    folder.mkdir()
    write(ACCOUNT_RESULTS, folder / "accounts.parquet", [{"account_id": "anna"}])
    write(MEMBERS, folder / "members.parquet", [])
    told = evaluate(folder, truth)
    assert told.rate("flagged", "precision").share is None
    assert told.rate("false flags by slice", "(none)").of == 1
    assert "true clusters: 0 of 0 found (Jaccard 0.5 or more)" in told.lines()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("account_id,role,cluster\na,human,\n", "lacks the column measure, slice; it needs account_id, role"),
        ("", "lacks the column account_id, role"),
        (HEAD + "a,robot,,none,x\n", "line 2: role 'robot'; allowed: managed, occasional, assisted, human"),
        (HEAD + "a,human,,hang,x\n", "line 2: measure 'hang'; allowed: ban, limit, warn, none"),
        (HEAD + "a,human,,none,x\na,managed,f,ban,x\n", "line 3: account a has two different rows"),
        (HEAD + "a,human\n", "line 2: a value is missing"),
        (HEAD + ",human,,none,x\n", "line 2: a value is missing"),
        (HEAD + '"a,human,,none,x\n', "is not a CSV file in UTF-8"),
    ],
)
def test_a_bad_truth_is_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "truth.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        read_truth(path)
    assert str(path) in str(caught.value)


def test_a_truth_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_truth(tmp_path / "truth.csv")
    (tmp_path / "truth.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is not a CSV file in UTF-8"):
        read_truth(tmp_path / "truth.csv")


def test_equal_rows_a_byte_order_mark_and_odd_ids_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    path.write_text("\ufeff" + HEAD + "00123,human,,none,\n00123,human,,none,\nNA,human,,none,\n", encoding="utf-8")
    assert list(read_truth(path)) == ["00123", "NA"]


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path, truth: Path) -> None:
    with pytest.raises(InputError, match=r"accounts.parquet is not there; a run is a folder made by"):
        evaluate(tmp_path, truth)
    (tmp_path / "accounts.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match=r"accounts.parquet cannot be read"):
        evaluate(tmp_path, truth)
    pq.write_table(pa.table({"account_id": ["a"]}), tmp_path / "accounts.parquet")
    with pytest.raises(InputError, match=r"accounts.parquet lacks the column cluster_id, measure"):
        evaluate(tmp_path, truth)


@pytest.fixture
def measured(tmp_path: Path, truth: Path) -> Evaluation:
    """Five of the farm of six are banned and one limited; one fan is warned, and one fan is limited."""
    got = {**{f"farm{n}": "ban" for n in range(5)}, "farm5": "limit", "fan1": "warn", "fan2": "limit"}
    seen = accounts_of(STORY)
    return evaluate(make_run(tmp_path / "run", seen, {a: got.get(a, "none") for a in seen}), truth)


def test_a_milder_measure_than_due_is_earned_and_a_harder_one_is_not(measured: Evaluation) -> None:
    assert [(r.count, r.of) for r in measured.rates if r.section == "measures earned"] == [(5, 5), (1, 2), (0, 1)]


def test_honest_accounts_hit_are_counted_by_measure_and_by_slice(measured: Evaluation) -> None:
    assert [measured.rate("honest accounts hit", m).count for m in ("ban", "limit", "warn")] == [0, 1, 1]
    fans = measured.rate("honest accounts hit by slice", "fan")
    assert (fans.count, fans.of) == (2, 10)
    lines = "\n".join(measured.lines())
    assert "honest accounts banned: 0 of 16, at most 205,907 in a million (95 %)" in lines
    assert "worst honest slice: fan, 20.00 % hit" in lines


def test_slices_are_compared_with_their_intervals() -> None:
    def gap(worst: tuple[int, int], best: tuple[int, int]) -> SliceGap:
        names = zip(("a", "b"), (worst, best), strict=True)
        found = slice_gap([rate_of("honest accounts hit by slice", name, *counts) for name, counts in names])
        assert found is not None
        return found

    assert gap((30, 100), (1, 100)).overlap is False
    assert gap((2, 100), (1, 100)).overlap is True
    assert gap((30, 100), (10, 100)).ratio == pytest.approx(3.0)
    assert gap((30, 100), (0, 100)).ratio is None
    assert slice_gap([]) is None
