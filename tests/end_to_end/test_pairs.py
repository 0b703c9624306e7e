"""``graphscan pairs`` on real shares: the count that three independent tools agree on, and the same bytes always."""

import hashlib
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphscan.behaviours import searching
from graphscan.cli import main
from graphscan.tables import MEETING_PAIRS


def pairs(dataset, out, *how):
    assert main(["pairs", str(dataset), "--out", str(out), "--quiet", *map(str, how)]) == 0
    return pq.read_table(out)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def real_shares(small_world):
    return small_world.parent / "real_shares"


def test_real_shares_hold_thirty_two_pairs(real_shares, tmp_path, capsys):
    found = pairs(real_shares, tmp_path / "p.parquet", "--window", 60, "--min-objects", 2, "--json")
    assert json.loads(capsys.readouterr().out)["pairs"] == {"note_share": 32}
    assert found.num_rows == 32
    assert len(set(found["account_a"].to_pylist()) | set(found["account_b"].to_pylist())) == 58
    assert found.schema.equals(MEETING_PAIRS.schema)


def test_they_are_those_that_a_plain_look_at_every_two_shares_finds(real_shares, tmp_path):
    found = pairs(real_shares, tmp_path / "p.parquet", "--window", 60, "--min-objects", 2).to_pylist()
    table = pq.read_table(real_shares / "interactions.parquet")
    rows = set(zip(*(table[c].to_pylist() for c in ("target_id", "created_at", "account_id")), strict=True))
    by_object = {}
    for object_, at, account in sorted(rows):
        by_object.setdefault(object_, []).append((at, account))
    common = {}
    for object_, acts in by_object.items():
        for k, (at, one) in enumerate(acts):
            for later, other in acts[k + 1 :]:
                if (later - at).total_seconds() > 60:
                    break
                if one != other:
                    common.setdefault((min(one, other), max(one, other)), set()).add(object_)
    expected = {pair: len(objects) for pair, objects in common.items() if len(objects) >= 2}
    assert {(r["account_a"], r["account_b"]): r["objects"] for r in found} == expected


def test_rows_order_threads_and_blocks_of_accounts_give_the_same_bytes(real_shares, tmp_path, monkeypatch):
    table = pq.read_table(real_shares / "interactions.parquet")
    (tmp_path / "shuffled").mkdir()
    order = np.random.default_rng(3).permutation(table.num_rows)
    pq.write_table(table.take(pa.array(order)), tmp_path / "shuffled" / "interactions.parquet")
    how = ("--window", 3600, "--min-objects", 1)
    pairs(real_shares, tmp_path / "one.parquet", *how)
    pairs(tmp_path / "shuffled", tmp_path / "two.parquet", *how, "--threads", 1)
    assert digest(tmp_path / "one.parquet") == digest(tmp_path / "two.parquet")
    monkeypatch.setattr(searching, "_BYTES_PER_ACTION", 40_000)  # as if the log were a thousand times as long
    pairs(real_shares, tmp_path / "three.parquet", *how, "--memory", "100MB")
    assert digest(tmp_path / "one.parquet") == digest(tmp_path / "three.parquet")


def test_a_dataset_that_cannot_show_a_behaviour_says_so_by_its_absence(real_shares, tmp_path, capsys):
    found = pairs(real_shares, tmp_path / "p.parquet", "--behaviour", "note_comment", "--json")
    assert json.loads(capsys.readouterr().out)["pairs"] == {}
    assert found.num_rows == 0 and found.schema.equals(MEETING_PAIRS.schema)
