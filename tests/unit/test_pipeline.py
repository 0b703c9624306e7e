"""The main job's own parts: which behaviours, where the day is cut, what a dataset of next to nothing gives."""

import pytest

from graphscan.behaviours import meetings
from graphscan.behaviours.actions import DAY_MS, HOUR_MS
from graphscan.behaviours.library import BEHAVIOURS
from graphscan.behaviours.own import chosen
from graphscan.errors import InputError, OutputError, SettingsError
from graphscan.pipeline import day_cut, scan_dataset
from graphscan.reports.overview import looked_for
from graphscan.settings import make_settings
from graphscan.tables import RUN_TABLES

from ..cases.worlds import DAY, HOUR, World, meet, passers_by


def comment(world, who, what, at):
    world.comment(who, f"note {what}", at)


def test_all_behaviours_unless_some_are_named_in_the_registers_order():
    assert chosen(make_settings().behaviours) == BEHAVIOURS
    some = chosen(make_settings(behaviours=["text_copied", "note_like", "note_like"]).behaviours)
    assert [b.name for b in some] == ["note_like", "text_copied"]


def test_an_unknown_behaviour_is_refused_with_those_there_are():
    with pytest.raises(SettingsError, match="'note_liek' is unknown; allowed: note_comment, note_like"):
        chosen(make_settings(behaviours=["note_liek"]).behaviours)


@pytest.mark.parametrize("shift", [0, 5 * HOUR, DAY])
def test_the_day_is_cut_where_least_happens_and_moves_with_the_clock(shift, tmp_path):
    world = World()
    for hour in range(24):
        if hour != 4:
            world.comment("u", "n", hour * HOUR + shift)
    cut = day_cut(world.dataset(tmp_path / "dataset"))
    assert cut % DAY_MS == (4 * HOUR_MS + shift * 60_000) % DAY_MS


def test_only_the_named_behaviours_are_looked_at(tmp_path):
    world = World()
    meet(world, comment)
    passers_by(world, comment)
    run = scan_dataset(world.write_to(tmp_path / "dataset"), tmp_path / "run", make_settings(behaviours=["note_like"]))
    assert run.pairs.empty
    assert [b["name"] for b in run.manifest["behaviours"]] == []


def test_two_accounts_are_a_pair_but_no_cluster(tmp_path):
    world = World()
    meet(world, comment)
    passers_by(world, comment)
    run = scan_dataset(world.write_to(tmp_path / "dataset"), tmp_path / "run", make_settings())
    assert run.pairs[["account_a", "account_b"]].to_numpy().tolist() == [["f1", "f2"]]
    assert run.clusters.empty and run.accounts["cluster_id"].isna().all()


@pytest.mark.parametrize(("most", "met"), [(10**9, "1"), (-1, "not counted")])
def test_pairs_that_met_are_counted_only_where_all_of_them_are_formed(most, met, tmp_path, monkeypatch):
    """How many a screen lets through depends on how the work is cut, and is no result."""
    monkeypatch.setattr(meetings, "SCREENED_PAIRS", most)
    world = World()
    meet(world, comment)
    passers_by(world, comment)
    run = scan_dataset(world.write_to(tmp_path / "dataset"), tmp_path / "run", make_settings())
    (told,) = looked_for(run.manifest)
    assert (told["pairs_met"], told["pairs_validated"]) == (met, "1")


@pytest.mark.parametrize("verified", [True, False])
def test_a_brands_own_accounts_tie_nothing_when_the_platform_knows_them(verified, tmp_path):
    world, brand = World(), [f"brand-{k}" for k in range(6)]
    world.rows["accounts"] = [{"account_id": who, "verified": verified} for who in brand]
    meet(world, comment, who=brand)
    passers_by(world, comment)
    run = scan_dataset(world.write_to(tmp_path / "dataset"), tmp_path / "run", make_settings())
    assert len(run.pairs) >= 10
    assert len(run.clusters) == (0 if verified else 1)


def test_one_verified_member_does_not_hide_a_farm(tmp_path):
    world, farm = World(), [f"f{k}" for k in range(7)]
    world.rows["accounts"] = [{"account_id": "f0", "verified": True}]
    meet(world, comment, who=farm)
    passers_by(world, comment)
    run = scan_dataset(world.write_to(tmp_path / "dataset"), tmp_path / "run", make_settings())
    assert run.members["account_id"].tolist() == farm
    assert "against_verified" in set(run.frame("evidence")["clue"])


def test_one_comment_gives_a_whole_run_with_every_table(tmp_path):
    world = World()
    world.comment("u", "n", 0)
    run = scan_dataset(world.write_to(tmp_path / "dataset"), tmp_path / "run", make_settings())
    for table in RUN_TABLES:
        assert list(run.frame(table.name).columns) == list(table.schema.names)
    assert run.accounts["account_id"].tolist() == ["u"]


def test_odd_ids_survive_from_the_input_to_every_table(tmp_path):
    farm = ["00123", "99999999999999999999", "🦊🦊", "x" * 300, "=1+1", 'a,b"c\n']
    world = World()
    meet(world, comment, who=farm)
    passers_by(world, comment)
    run = scan_dataset(world.write_to(tmp_path / "dataset"), tmp_path / "run", make_settings())
    assert run.members["account_id"].tolist() == sorted(farm)
    assert set(run.pairs["account_a"]) | set(run.pairs["account_b"]) == set(farm)


def test_a_wrong_dataset_or_output_is_refused_before_anything_is_made(tmp_path):
    with pytest.raises(InputError):
        scan_dataset(tmp_path / "none", tmp_path / "run", make_settings())
    (tmp_path / "run").mkdir()
    with pytest.raises(OutputError):
        scan_dataset(tmp_path / "none", tmp_path / "run", make_settings())
    assert [p.name for p in tmp_path.iterdir()] == ["run"]
