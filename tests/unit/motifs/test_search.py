"""The search: the register is whole, p-values are valid, chance groups have no motif, rows and evidence tell what was found."""

from dataclasses import replace

import numpy as np
import pytest

from graphscan.motifs import MOTIFS, motif_evidence, motifs_table
from graphscan.motifs.chance import count_tail, value_tail
from graphscan.motifs.search import judge
from graphscan.tables import MOTIFS as MOTIFS_TABLE

from .test_flashes import gathering
from .told import DAY, MEMBERS, STRANGERS, background, comment, dataset, scene

FIVE = ["n00", "n05", "n10", "n15", "n20"]


def test_names_are_different_and_a_single_flash_is_not_enough() -> None:
    assert len({m.name for m in MOTIFS}) == len(MOTIFS) == 9
    assert next(m for m in MOTIFS if m.name == "flash_star").least == 3


def test_groups_drawn_by_chance_have_no_motif() -> None:
    data = dataset(comments=background())
    whole = scene(data, STRANGERS)
    rng = np.random.default_rng(11)
    groups = [np.sort(rng.permutation(40)[:8]).astype(np.int32) for _ in range(20)]
    scenes = [replace(whole, cluster_id=f"c{k}", members=g) for k, g in enumerate(groups)]
    assert judge(scenes, 1) == []


def test_what_is_found_becomes_rows_and_evidence_with_references() -> None:
    told = scene(dataset(comments=[*background(), *gathering(FIVE, 300_000)]))
    found = judge([told], 1)
    table = motifs_table(found, told.world.accounts)
    assert table.schema == MOTIFS_TABLE.schema
    assert table["objects"].to_pylist() == [[n] for n in FIVE]
    assert len(set(table["motif_id"].to_pylist())) == 5
    assert all(set(who) <= set(MEMBERS) for who in table["accounts"].to_pylist())
    (clue,) = motif_evidence(found, told.world.layers, told.world.dataset)
    assert (clue.subject, clue.clue, clue.value) == ("cluster:c1", "motif_flash_star", 5.0)
    assert clue.rows
    assert all(row.startswith("comments/") for row in clue.rows)
    assert "8 members" in clue.sentence


def test_nothing_found_is_an_empty_table_of_the_declared_form() -> None:
    told = scene(dataset(comments=[comment("m0", "n00", 0)]), ["m0"])
    assert judge([told], 1) == []
    assert motifs_table([], told.world.accounts).schema == MOTIFS_TABLE.schema


def test_the_same_seed_gives_the_same_p_and_other_scenes_change_none() -> None:
    told = scene(dataset(comments=[*background(), *gathering(FIVE, 300_000)]))
    other = replace(told, cluster_id="c2", members=told.members[:4])
    alone, beside = judge([told], 1), judge([other, told], 1)
    assert [f.p_value for f in alone] == [f.p_value for f in beside if f.cluster_id == "c1"]


def test_a_week_later_the_same_story_has_the_same_motifs_and_p() -> None:
    rows = [*background(), *gathering(FIVE, 300_000)]
    later = [{**row, "created_at": row["created_at"] + 7 * DAY} for row in rows]
    first, second = (judge([scene(dataset(comments=told))], 1) for told in (rows, later))
    assert [(f.motif.name, f.p_value) for f in first] == [(f.motif.name, f.p_value) for f in second]
    assert [o.started_ms + 7 * DAY for f in first for o in f.occurrences] == [
        o.started_ms for f in second for o in f.occurrences
    ]


@pytest.mark.parametrize("tail", [count_tail, value_tail])
def test_p_is_never_zero_falls_with_what_is_seen_and_is_one_half_in_the_middle(tail) -> None:  # type: ignore[no-untyped-def]
    drawn = np.random.default_rng(0).poisson(4, 199).astype(float)
    p_values = [tail(seen, drawn) for seen in range(1, 30)]
    assert all(0 < p <= 1 for p in p_values)
    assert p_values == sorted(p_values, reverse=True)
    assert 0.4 < tail(4, drawn) < 0.75
