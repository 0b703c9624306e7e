"""Every scenario: what it promises, that it repeats, and what it refuses."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from graphscan.errors import OutputError, SettingsError
from graphscan.progress import Silent
from graphscan.simulate import SCENARIOS, simulate
from graphscan.simulate.catalogue import catalogue
from graphscan.simulate.ids import NOBODY, handles, hex_text, ids
from graphscan.simulate.parts import Part
from graphscan.simulate.scenarios import BUILDERS, Scenario
from graphscan.simulate.simulation import build
from graphscan.simulate.texts import fill, lists

ROOM = Path(__file__).parents[3] / "graphscan" / "simulate"


def truth_of(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "truth.csv", dtype=str, keep_default_na=False)


@pytest.mark.parametrize("scenario", [s.name for s in SCENARIOS])
def test_each_scenario_makes_the_farms_it_declares(tmp_path: Path, scenario: str) -> None:
    summary = simulate(tmp_path / "world", scenario, scale=600, seed=3)
    declared = next(s for s in SCENARIOS if s.name == scenario)
    farms = {n: p.size for p in declared.parts if p.kind.endswith("-farm") for n in p.names(600)}
    if scenario == "churn":  # each time accounts are thrown away, as many fresh ones belong to the farm as well
        turns = {farm: count // farms[farm] for farm, count in summary.clusters.items()}
        assert all(turn >= 3 for turn in turns.values())
        farms = {farm: size * turns[farm] for farm, size in farms.items()}
    assert dict(summary.clusters) == farms
    truth = truth_of(tmp_path / "world")
    assert truth[truth["cluster"] != ""].groupby("cluster").size().to_dict() == farms
    assert summary.slices["ordinary"] == 600
    assert sorted(summary.slices) == catalogue()[scenario]["slices"]
    assert "\n".join(summary.lines()).startswith(f"world {scenario}, 600 ordinary accounts, seed 3")
    assert summary.as_json()["clusters"] == farms


def test_the_quiet_world_has_nobody_to_find(tmp_path: Path) -> None:
    simulate(tmp_path / "world", "quiet", scale=400)
    assert set(truth_of(tmp_path / "world")["role"]) == {"human", "assisted"}


def test_every_kind_of_part_is_used_and_every_part_has_a_builder() -> None:
    assert {p.kind for s in SCENARIOS for p in s.parts} == set(BUILDERS)


def test_the_catalogue_tells_parts_marks_and_slices() -> None:
    told = catalogue()
    assert list(told) == [s.name for s in SCENARIOS]
    hidden = told["hidden"]
    assert (hidden["people"], hidden["days"], hidden["level"]) == (3_000, 14, True)
    marks = {p["kind"]: p["marks"] for p in hidden["parts"] if p["kind"].endswith("-farm")}
    assert marks["batch-farm"] == ["batch"] and marks["aged-farm"] == []
    assert all(p["says"].startswith(("Make ", "Let ")) for s in told.values() for p in s["parts"])


def test_scenarios_have_names_and_sentences_of_their_own() -> None:
    assert len({s.name for s in SCENARIOS}) == len({s.sentence for s in SCENARIOS}) == len(SCENARIOS)


def test_the_same_world_twice_is_the_same_bytes_and_another_seed_is_not(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        simulate(tmp_path / name, "slow", scale=300, seed=seed)
    first, again, other = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("a", "b", "c"))
    assert first == again
    assert [name for name in first if first[name] == other[name]] == []


def test_one_population_more_leaves_every_other_row_as_it_was() -> None:
    fewer = Scenario("fewer", "", 400, 14, (Part("fans", 20), Part("hire-farm", 8, measure="ban")))
    more = Scenario("more", "", 400, 14, (Part("fans", 20), Part("viral", 30), *fewer.parts[1:]))
    small, large = (build(plan, 400, 1, Silent()).tables() for plan in (fewer, more))
    for name, key in (("notes", "note_id"), ("comments", "comment_id"), ("accounts", "account_id")):
        kept = large[name].filter(pc.is_in(large[name][key], small[name][key].combine_chunks()))
        assert kept.sort_by(key).equals(small[name].sort_by(key)), name
        assert large[name].num_rows > small[name].num_rows


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"scenario": "atlantis"}, r"scenario 'atlantis' is unknown; allowed: small_world, quiet, city"),
        ({"scenario": "quiet", "scale": 10}, r"scale 10: allowed is a whole number from 300 to 10000000"),
        ({"scenario": "quiet", "seed": -1}, r"seed -1: allowed is a whole number from 0 to 2147483647"),
    ],
)
def test_a_world_that_cannot_be_is_refused_and_nothing_is_left(
    tmp_path: Path, given: dict[str, object], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        simulate(tmp_path / "world", **given)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        simulate(tmp_path / "world", "atlantis", scale=1, seed=-5)
    assert len(str(caught.value).splitlines()) == 3


def test_an_output_that_exists_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "world").mkdir()
    with pytest.raises(OutputError, match="exists already"):
        simulate(tmp_path / "world", "quiet", scale=300)
    assert list((tmp_path / "world").iterdir()) == []


def test_the_funnel_writes_privately_with_one_contact(tmp_path: Path) -> None:
    simulate(tmp_path / "world", "slow", scale=400)
    truth = truth_of(tmp_path / "world")
    members = truth.loc[truth["cluster"] == "funnel-farm", "account_id"]
    messages = pd.read_parquet(tmp_path / "world" / "chat_messages.parquet")
    sent = messages[messages["account_id"].isin(members)]
    chats = pd.read_parquet(tmp_path / "world" / "chats.parquet").set_index("chat_id")["kind"]
    assert set(sent["chat_id"].map(chats)) == {"private"}
    assert sent["links"].map(tuple).nunique() == 1 and sent["text"].isna().all() and len(sent) > 100


def test_the_slow_farm_is_slow(tmp_path: Path) -> None:
    simulate(tmp_path / "world", "slow", scale=400)
    truth = truth_of(tmp_path / "world")
    members = truth.loc[truth["cluster"] == "drip-farm", "account_id"]
    comments = pd.read_parquet(tmp_path / "world" / "comments.parquet")
    tasks = comments[comments["account_id"].isin(members)].groupby("note_id")["created_at"]
    spans = (tasks.max() - tasks.min())[tasks.size() >= 5]
    assert len(spans) >= 10 and spans.median() > pd.Timedelta(hours=3)


def test_ids_are_24_hex_digits_unique_and_null_for_nobody() -> None:
    made = ids("notes", np.concatenate([handles("a", 50_000), handles("b", 50_000), [NOBODY]]))
    assert made[-1].as_py() is None and made.null_count == 1
    assert pc.count_distinct(made).as_py() == 100_000
    assert pc.all(pc.match_substring_regex(made.drop_null(), "^[0-9a-f]{24}$")).as_py()
    assert ids("accounts", handles("a", 3)).to_pylist() != ids("notes", handles("a", 3)).to_pylist()


def test_hex_text_of_no_handles_is_empty() -> None:
    assert hex_text(np.zeros(0, np.uint64)).to_pylist() == []
    assert hex_text(np.array([NOBODY])).to_pylist() == [None]


def test_a_template_keeps_its_fixed_words_and_fills_the_rest() -> None:
    made = fill(np.random.default_rng(1), "买{noun}，{n}元", np.zeros(500, np.int64)).to_pylist()
    assert all(t.startswith("买") and t.endswith("元") and "，" in t for t in made)
    assert len(set(made)) > 400


def test_an_empty_list_is_no_data() -> None:
    assert lists(np.array([2, 0, 1]), pa.array(["a", "b", "c"])).to_pylist() == [["a", "b"], None, ["c"]]


def test_the_room_stands_apart_from_the_detector() -> None:
    allowed = ("errors", "progress", "publishing", "tables", "simulate")
    for file in sorted(ROOM.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            if module and module.startswith("graphscan"):
                assert module.split(".")[1] in allowed, f"{file.name} imports {module}"


def test_the_parquet_files_carry_no_pandas_or_clock_metadata(tmp_path: Path) -> None:
    simulate(tmp_path / "world", "quiet", scale=300)
    assert pq.read_schema(tmp_path / "world" / "notes.parquet").metadata is None
