"""A land of towns: written in parts, read as one dataset, sharing hot notes and no id."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from graphscan.progress import Silent
from graphscan.simulate.ids import key_of
from graphscan.simulate.land import HOT_NOTES, town_sizes
from graphscan.simulate.scenarios import scenario_named
from graphscan.simulate.simulation import write_land
from graphscan.simulate.world import World
from graphscan.tables import input_table

PEOPLE = 1_000


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("lands") / "land"
    work.mkdir()
    plan = scenario_named("slow")
    assert plan is not None
    write_land(work, plan, PEOPLE, 5, Silent(), town=350)
    return work


def frame(land: Path, name: str) -> pd.DataFrame:
    return pd.concat([pd.read_parquet(p) for p in sorted((land / name).iterdir())], ignore_index=True)


def truth_of(land: Path) -> pd.DataFrame:
    return pd.read_csv(land / "truth.csv", dtype=str, keep_default_na=False)


def test_towns_are_few_and_even() -> None:
    assert town_sizes(1_000, 350) == [334, 333, 333]
    assert town_sizes(10_000_000) == [100_000] * 100


def test_each_town_is_one_part_and_the_celebrities_are_the_first(land: Path) -> None:
    assert [p.name for p in sorted((land / "notes").iterdir())] == [f"part-{k:05d}.parquet" for k in range(4)]
    assert len(pd.read_parquet(land / "notes" / "part-00000.parquet")) == HOT_NOTES


def test_no_id_stands_twice_and_the_truth_names_every_account(land: Path) -> None:
    for name in ("accounts", "notes", "comments", "chat_messages"):
        assert frame(land, name)[input_table(name).key[0]].is_unique, name
    truth = truth_of(land)
    assert truth["account_id"].is_unique
    assert set(truth["account_id"]) == set(frame(land, "accounts")["account_id"])
    assert (truth["slice"] == "ordinary").sum() == PEOPLE


def test_every_town_has_farms_of_its_own(land: Path) -> None:
    farms = set(truth_of(land)["cluster"]) - {""}
    assert farms == {f"town-{k}/{f}" for k in (1, 2, 3) for f in ("drip-farm", "paraphrase-farm", "funnel-farm")}


def test_towns_share_the_hot_notes_and_nothing_else(land: Path) -> None:
    hot = set(pd.read_parquet(land / "notes" / "part-00000.parquet")["note_id"])
    towns: dict[str, set[str]] = {}
    for part in sorted((land / "comments").iterdir()):
        towns[part.name] = set(pd.read_parquet(part)["note_id"])
    first, *others = towns.values()
    assert len(towns) == 3 and set.intersection(first, *others) <= hot
    assert all(notes & hot for notes in towns.values())
    assert not (others[0] & others[1]) - hot


def test_the_same_land_twice_is_the_same_bytes(land: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    plan = scenario_named("slow")
    assert plan is not None
    write_land(again, plan, PEOPLE, 5, Silent(), town=350)
    files = sorted(p.relative_to(land) for p in land.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    assert all((land / f).read_bytes() == (again / f).read_bytes() for f in files)


def test_two_populations_whose_names_hash_to_one_key_stay_apart() -> None:
    taken = {key_of("5 farm"): "somebody else"}
    first = World(5, 14, taken=taken).new("farm", 3)
    assert set(first) & set(World(5, 14).new("farm", 3)) == set()
