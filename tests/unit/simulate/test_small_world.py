"""The small world: exactly the dataset contract, every slice, and no feature that gives it away."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from graphscan.simulate import WorldSummary, simulate
from graphscan.tables import INPUT_TABLES, input_table

NAMES = [table.name for table in INPUT_TABLES if table.name != "labels"]

HONEST = {
    *("aided", "brand", "customer", "fan", "festival", "group-buy", "group-chat", "habit", "merchant"),
    *("niche", "night-shift", "occasional", "ordinary", "scheduled", "school-club", "viral"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, WorldSummary]:
    out = tmp_path_factory.mktemp("worlds") / "small"
    return out, simulate(out, "small_world")


@pytest.fixture(scope="module")
def frames(made: tuple[Path, WorldSummary]) -> Mapping[str, pd.DataFrame]:
    return {name: pd.read_parquet(made[0] / f"{name}.parquet") for name in NAMES}


@pytest.fixture(scope="module")
def truth(made: tuple[Path, WorldSummary]) -> pd.DataFrame:
    return pd.read_csv(made[0] / "truth.csv", dtype=str, keep_default_na=False)


def test_the_folder_holds_the_tables_and_the_truth_and_nothing_else(made: tuple[Path, WorldSummary]) -> None:
    assert sorted(p.name for p in made[0].iterdir()) == sorted([*(f"{n}.parquet" for n in NAMES), "truth.csv"])


@pytest.mark.parametrize("name", NAMES)
def test_each_table_is_as_declared(made: tuple[Path, WorldSummary], name: str) -> None:
    declared, table = input_table(name), pq.read_table(made[0] / f"{name}.parquet")
    assert table.schema.remove_metadata().equals(declared.schema)
    assert table.num_rows == made[1].rows[name]
    assert [c for c in declared.required if table.column(c).null_count] == []
    for column in declared.columns:
        if column.choices:
            assert set(table.column(column.name).to_pylist()) <= set(column.choices)


@pytest.mark.parametrize("name", NAMES)
def test_no_key_stands_twice_and_rows_are_in_order_of_time(frames: Mapping[str, pd.DataFrame], name: str) -> None:
    frame = frames[name]
    assert not frame.duplicated(list(input_table(name).key)[:5]).any()
    time = next(c for c in ("created_at", "registered_at", "joined_at") if c in frame)
    assert frame[time].is_monotonic_increasing


@pytest.mark.parametrize("name", [n for n in NAMES if n != "interactions"])
def test_every_reference_is_there(frames: Mapping[str, pd.DataFrame], name: str) -> None:
    for column in input_table(name).columns:
        if column.refers_to:
            there = set(frames[column.refers_to][input_table(column.refers_to).key[0]])
            assert set(frames[name][column.name].dropna()) <= there, column.name


def test_every_target_is_there(frames: Mapping[str, pd.DataFrame]) -> None:
    for kind, rows in frames["interactions"].groupby("target_kind"):
        assert set(rows["target_id"]) <= set(frames[f"{kind}s"][f"{kind}_id"])


def test_nobody_acts_before_being_registered_and_answers_follow_what_they_answer(
    frames: Mapping[str, pd.DataFrame],
) -> None:
    registered = frames["accounts"].set_index("account_id")["registered_at"]
    for name in ("notes", "comments", "chat_messages", "interactions"):
        assert (frames[name]["created_at"] >= frames[name]["account_id"].map(registered)).all(), name
    comments = frames["comments"]
    written = comments.set_index("comment_id")["created_at"]
    answers = comments.dropna(subset="reply_to")
    assert len(answers) > 500
    assert (answers["created_at"] >= answers["reply_to"].map(written)).all()
    posted = frames["notes"].set_index("note_id")["created_at"]
    assert (comments["created_at"] >= comments["note_id"].map(posted)).all()


def test_the_truth_names_every_account_once_and_nobody_else(
    frames: Mapping[str, pd.DataFrame], truth: pd.DataFrame
) -> None:
    assert truth.columns.tolist() == ["account_id", "role", "cluster", "measure", "slice"]
    assert truth["account_id"].is_monotonic_increasing and truth["account_id"].is_unique
    assert set(truth["account_id"]) == set(frames["accounts"]["account_id"])


def test_every_look_alike_and_every_farm_is_there(truth: pd.DataFrame) -> None:
    assert set(truth.loc[truth["role"] != "managed", "slice"]) == HONEST
    assert truth.loc[truth["role"] == "managed", "cluster"].value_counts().to_dict() == {
        "hire-farm-hands": 18,
        "hire-farm-tool": 12,
        "like-farm": 20,
        "merchant-farm": 15,
        "paraphrase-farm": 10,
    }
    assert set(truth.loc[truth["role"] == "managed", "measure"]) == {"ban", "limit"}
    assert set(truth.loc[truth["role"] == "human", "measure"]) == {"none"}
    assert set(truth.loc[truth["cluster"] == "", "role"]) == {"human", "assisted", "occasional"}


def test_the_whole_is_small(made: tuple[Path, WorldSummary]) -> None:
    assert sum(made[1].rows.values()) < 62_000
    assert sum(p.stat().st_size for p in made[0].iterdir()) < 3_000_000


def test_a_farm_works_in_bursts_with_its_link(frames: Mapping[str, pd.DataFrame], truth: pd.DataFrame) -> None:
    members = truth.loc[truth["cluster"] == "hire-farm-tool", "account_id"]
    comments = frames["comments"][frames["comments"]["account_id"].isin(members)]
    tasks = comments.groupby("note_id").filter(lambda rows: len(rows) >= 5).groupby("note_id")["created_at"]
    assert tasks.ngroups >= 12
    assert (tasks.quantile(0.9) - tasks.min()).dt.total_seconds().median() <= 900
    assert comments["links"].dropna().map(tuple).nunique() == 1
    assert (comments["client"] == "openclaw/0.9.4").all()


def test_honest_texts_are_nearly_all_different(frames: Mapping[str, pd.DataFrame], truth: pd.DataFrame) -> None:
    ordinary = truth.loc[truth["slice"] == "ordinary", "account_id"]
    notes = frames["notes"][frames["notes"]["account_id"].isin(ordinary)]
    assert notes["text"].is_unique
    comments = frames["comments"][frames["comments"]["account_id"].isin(ordinary)]
    long = comments.loc[comments["text"].str.len() >= 12, "text"]
    assert len(long) > 5_000 and long.duplicated().mean() < 0.005


def auc(scores: pd.Series, positive: pd.Series) -> float:
    """Chance that a farm member scores above a human, ties counted half."""
    known = scores.notna()
    ranks, farm = scores[known].rank(), positive[known]
    above = ranks[farm].sum() - farm.sum() * (farm.sum() + 1) / 2
    return float(above / (farm.sum() * (~farm).sum()))


def features(frames: Mapping[str, pd.DataFrame], accounts: pd.Index) -> pd.DataFrame:
    notes, comments, acts = frames["notes"], frames["comments"], frames["interactions"]
    counts = {
        name: frames[name].groupby("account_id").size().reindex(accounts, fill_value=0)
        for name in ("notes", "comments", "interactions")
    }
    hour = (comments["created_at"].dt.hour + 8) % 24
    reactions = pd.concat([comments["note_id"], acts["target_id"]]).value_counts()
    received = notes["note_id"].map(reactions).fillna(0).groupby(notes["account_id"]).mean()
    author = comments.set_index("comment_id")["account_id"]
    answered = comments["reply_to"].map(author).value_counts().reindex(accounts, fill_value=0)
    return pd.DataFrame(
        {
            **counts,
            "actions": sum(counts.values()),
            "mean hour": hour.groupby(comments["account_id"]).mean(),
            "text length": comments["text"].str.len().groupby(comments["account_id"]).mean(),
            "answers": comments["reply_to"].notna().groupby(comments["account_id"]).mean(),
            "reactions received": received,
            "share answered": answered / counts["comments"].replace(0, np.nan),
        },
        index=accounts,
    )


def test_no_simple_feature_tells_farms_from_people(frames: Mapping[str, pd.DataFrame], truth: pd.DataFrame) -> None:
    compared = truth[truth["role"].isin(["managed", "human"])].set_index("account_id")
    table = features(frames, compared.index)
    found = {name: auc(table[name], compared["role"] == "managed") for name in table}
    print({name: round(value, 3) for name, value in found.items()})
    assert {name: value for name, value in found.items() if not 0.3 < value < 0.7} == {}


def test_the_sample_in_the_repository_is_this_world(made: tuple[Path, WorldSummary]) -> None:
    sample = Path(__file__).parents[3] / "data" / "samples" / "small_world"
    assert (sample / "truth.csv").read_bytes() == (made[0] / "truth.csv").read_bytes()
    for name in NAMES:
        ours, theirs = (pq.read_table(folder / f"{name}.parquet") for folder in (made[0], sample))
        assert ours.equals(theirs), name
