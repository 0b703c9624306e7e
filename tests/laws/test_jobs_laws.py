"""Laws of the job: fed in any portions, again and late, the days hold what one read of everything holds; identity is exact."""

import json
import tempfile
from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from graphscan.intake import read_dataset
from graphscan.jobs.config import read_job
from graphscan.jobs.days import window_tables
from graphscan.jobs.deliveries import take_in
from graphscan.jobs.lineages import Lineages, follow, from_tables
from graphscan.jobs.register import open_register, reading_of
from graphscan.jobs.state import State
from graphscan.progress import Silent

SOME = settings(max_examples=40, deadline=None)

PEOPLE = st.sampled_from(["u1", "u2", "00123", "小红"])
INSTANTS = st.builds(
    lambda day, hour, minute: f"2026-03-{day:02d}T{hour:02d}:{minute:02d}:00Z",
    st.integers(1, 6),
    st.integers(0, 23),
    st.integers(0, 59),
)
COMMENTS = st.fixed_dictionaries(
    {
        "comment_id": st.sampled_from(["c1", "c2", "c3", "c4", "c5", "c6"]),
        "note_id": st.sampled_from(["n1", "n2"]),
        "account_id": PEOPLE,
        "created_at": INSTANTS,
    },
    optional={"text": st.sampled_from(["", "hi", "a\0b", "你好"]), "links": st.lists(st.sampled_from(["x", "y"]))},
)
LIKES = st.fixed_dictionaries(
    {
        "account_id": PEOPLE,
        "kind": st.sampled_from(["like", "view"]),
        "target_kind": st.just("note"),
        "target_id": st.sampled_from(["n1", "n2"]),
        "created_at": INSTANTS,
    }
)
ACCOUNTS = st.fixed_dictionaries(
    {"account_id": PEOPLE}, optional={"registered_at": INSTANTS, "client": st.just("app 1")}
)
FILES = st.tuples(st.sampled_from([1, 2, 3, 4, 5, 6, None]), st.integers(0, 2))


def portions(table, rows):
    """Rows of one table, each with the partition and the delivery it comes in."""
    return st.lists(st.tuples(st.just(table), rows, FILES), max_size=12)


def write(folder, told):
    """Write the rows in the files that they come in; the file's number keeps two files of one day apart."""
    files = {}
    for table, row, (day, number) in told:
        place = folder / table / (f"date=2026-03-{day:02d}" if day else "")
        files.setdefault(place / f"part{number}.jsonl", []).append(json.dumps(row, ensure_ascii=False) + "\n")
    for path, lines in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(lines), encoding="utf-8")


@SOME
@given(
    told=st.tuples(portions("comments", COMMENTS), portions("interactions", LIKES), portions("accounts", ACCOUNTS)),
    again=st.integers(0, 5),
    zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]),
)
def test_fed_in_portions_the_days_hold_what_one_read_of_everything_holds(told, again, zone):
    rows = [row for part in told for row in part]
    rows.append(
        (
            "comments",
            {"comment_id": "c0", "note_id": "n1", "account_id": "u1", "created_at": "2026-03-03T12:00Z"},
            (3, 0),
        )
    )
    deliveries = sorted({number for _, _, (_, number) in rows})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "job.toml").write_text(f'dataset = "fed"\nstate = "state"\nday_timezone = "{zone}"\n')
        config = read_job(folder / "job.toml")
        state = State(folder / "state")
        state.prepare()
        for upto in [*deliveries, *deliveries[:again]]:
            there = [row for row in rows if row[2][1] <= upto]
            if not any(table != "accounts" for table, _, _ in there):
                continue
            write(folder / "fed", there)
            register = open_register(state, reading_of(config, None))
            take_in(state, config, register, None, Silent())
        write(folder / "all", rows)
        whole = read_dataset(folder / "all").tables
        held = window_tables(state, register.parts, "2026-03-31", 60)
    assert {name: table.to_pydict() for name, table in held.items()} == {
        name: table.to_pydict() for name, table in whole.items()
    }
    assert all(isinstance(table, pa.Table) and table.schema == whole[name].schema for name, table in held.items())


GROUPS = st.lists(st.frozensets(st.sampled_from("abcdefghijkl"), min_size=2, max_size=6), max_size=4)


def named(groups):
    """Disjoint clusters, named by their members: an account is in one cluster at most."""
    left, found = set("abcdefghijkl"), {}
    for group in groups:
        mine = frozenset(group & left)
        if len(mine) >= 2:
            found["c" + "".join(sorted(mine))] = mine
            left -= mine
    return found


@SOME
@given(st.lists(GROUPS, min_size=1, max_size=6))
def test_every_cluster_has_one_lineage_and_every_lineage_one_cluster_at_most(looks):
    now = Lineages()
    for number, groups in enumerate(looks):
        clusters, pass_id = named(groups), f"2026-03-{number + 1:02d}"
        before, now = now, follow(now, clusters, [], pass_id)
        present = {x.cluster_id for x in now.lineages.values() if x.status == "present"}
        assert present == set(clusters)
        assert set(before.lineages) <= set(now.lineages)
        for lineage, x in now.lineages.items():
            if x.status == "present":
                assert set(now.members[lineage]) == clusters[x.cluster_id]
                assert x.size == len(clusters[x.cluster_id]) <= x.peak_size
        ended = {e.lineage_id for e in now.at(pass_id) if e.event in ("gone", "merged")}
        was = {i for i, x in before.lineages.items() if x.status == "present"}
        assert ended == {i for i in was if now.lineages[i].status != "present"}
        again = follow(before, dict(reversed(clusters.items())), [], pass_id)
        assert again == now
        assert from_tables(now.tables()) == now


@SOME
@given(GROUPS)
def test_the_same_clusters_again_are_no_news(groups):
    one = follow(Lineages(), named(groups), [], "2026-03-01")
    other = follow(one, named(groups), [], "2026-03-02")
    assert other.at("2026-03-02") == []
