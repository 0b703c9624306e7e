"""The quality report: one page that asks for nothing, names what it measured, and pools runs without mixing them."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphscan.cli import main
from graphscan.errors import InputError, OutputError
from graphscan.evaluation import evaluate
from graphscan.evaluation.page import quality_page
from graphscan.evaluation.writing import write_quality
from graphscan.tables import CLUSTERS, Table

HEAD = "account_id,role,cluster,measure,slice\n"
NASTY = "<img src=x onerror=alert(1)>"
"""A slice's name is text of whoever wrote the truth: it must stay text."""


def fill(table: Table, path: Path, rows: list[dict[str, object]]) -> None:
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)


def make_world(folder: Path, farm: int = 6, fans: int = 10) -> tuple[Path, Path]:
    """A run in the bare form of RUN's contract, which found the farm and one fan and bans the farm; and its truth."""
    folder.mkdir()
    run, truth = folder / "run", folder / "truth.csv"
    run.mkdir()
    names = [f"f{n}" for n in range(farm)]
    people = [f"u{n}" for n in range(fans)]
    rows = [(a, "c1", 0.98, "ban") for a in names] + [(people[0], "c1", 0.4, "warn")]
    rows += [(a, None, 0.01, "none") for a in people[1:]]
    columns = ["account_id", "cluster_id", "managed_probability", "measure"]
    table = pa.table({c: pa.array(v) for c, v in zip(columns, zip(*rows, strict=True), strict=True)})
    pq.write_table(table, run / "accounts.parquet")
    inside = [*names, people[0]]
    pq.write_table(pa.table({"cluster_id": ["c1"] * len(inside), "account_id": inside}), run / "members.parquet")
    text = "".join(f"{a},managed,farm,ban,hire\n" for a in names) + "".join(
        f"{a},human,,none,{NASTY}\n" for a in people
    )
    truth.write_text(HEAD + text, encoding="utf-8")
    return run, truth


class Loads(HTMLParser):
    """Collects every address that a page would load, and every tag."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [v or "" for k, v in attrs if k in ("src", "href", "srcset", "data")]


def test_the_page_loads_nothing_and_text_stays_text(tmp_path: Path) -> None:
    page = quality_page(evaluate(*make_world(tmp_path / "w")))
    seen = Loads()
    seen.feed(page)
    assert all(a.startswith(("data:image/svg+xml;base64,", "#")) for a in seen.addresses)
    assert NASTY not in page and "&lt;img src=x" in page
    assert not {"script", "iframe", "link", "object"} & seen.tags
    assert "1 of 10 honest accounts would be hit by a measure; 1 of 1 true clusters found." in page
    assert re.search(r"honest accounts banned, at most 3 a million.*?not shown", page, re.DOTALL)


def test_the_same_evaluation_is_the_same_page(tmp_path: Path) -> None:
    world = make_world(tmp_path / "w")
    assert quality_page(evaluate(*world)) == quality_page(evaluate(*world))


def test_a_folder_holds_page_and_json_and_a_named_file_is_that_file(tmp_path: Path) -> None:
    found = evaluate(*make_world(tmp_path / "w"))
    assert [p.name for p in write_quality(found, tmp_path / "q")] == ["quality.html", "quality.json"]
    plain = json.loads((tmp_path / "q" / "quality.json").read_text(encoding="utf-8"))
    assert plain["harms"][0]["count"] == 0 and plain["calibration"][0]["count"] == 16
    assert write_quality(found, tmp_path / "only.json") == [tmp_path / "only.json"]
    assert (tmp_path / "only.json").read_bytes() == (tmp_path / "q" / "quality.json").read_bytes()
    with pytest.raises(OutputError, match="exists already"):
        write_quality(found, tmp_path / "q")


def test_two_worlds_with_the_same_ids_are_pooled_and_not_mixed(tmp_path: Path) -> None:
    first, second = make_world(tmp_path / "a"), make_world(tmp_path / "b", farm=8)
    found = evaluate([first[0], second[0]], [first[1], second[1]])
    assert (found.worlds, found.rate("flagged", "recall").of, found.rate("flagged", "false flags").of) == (2, 14, 20)
    assert [(r.cluster, r.cluster_id) for r in found.recoveries] == [("1/farm", "1/c1"), ("2/farm", "2/c1")]
    with pytest.raises(InputError, match="2 runs and 1 truths: name one truth a run"):
        evaluate([first[0], second[0]], [first[1]])


def test_the_command_writes_the_report_and_refuses_one_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, truth = make_world(tmp_path / "w")
    told = ["evaluate", str(run), "--truth", str(truth), "--out", str(tmp_path / "q")]
    assert main(told) == 0
    assert f"Report: {tmp_path / 'q' / 'quality.html'}" in capsys.readouterr().out
    assert main(told) == 1
    assert "exists already" in capsys.readouterr().err


def test_a_cluster_probability_is_held_against_whether_most_of_it_is_managed(tmp_path: Path) -> None:
    run, truth = make_world(tmp_path / "w")
    empty: dict[str, object] = dict.fromkeys(CLUSTERS.schema.names)
    fill(CLUSTERS, run / "clusters.parquet", [empty | {"cluster_id": "c1", "probability": 0.97}])
    clusters = evaluate(run, truth).calibrations[1]
    assert (clusters.count, clusters.top.rate.count, clusters.top.rate.of) == (1, 1, 1)


def test_a_run_of_only_the_contracts_columns_will_do(tmp_path: Path) -> None:
    run, truth = make_world(tmp_path / "w")
    bare = pq.read_table(run / "accounts.parquet").drop_columns(["managed_probability"])
    pq.write_table(bare, run / "accounts.parquet")
    found = evaluate(run, truth)
    assert [c.count for c in found.calibrations] == [0, 0] and found.slices == () and found.detections == ()
    assert "The run gives no probabilities." in quality_page(found)
