"""The command line: every wrong input has one clear message, its exit code, and leaves nothing behind."""

import csv
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphscan.cli import main

COMMENTS = ("comment_id", "note_id", "account_id", "created_at")
ROWS = [(f"c{n}", f"n{n % 2}", f"u{n % 3}", f"2026-03-10T10:{n:02d}:00Z") for n in range(6)]


def write_csv(path, rows=ROWS, columns=COMMENTS):
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([columns, *rows])


@pytest.fixture
def dataset(tmp_path):
    folder = tmp_path / "dataset"
    folder.mkdir()
    write_csv(folder / "comments.csv")
    return folder


def everything_under(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def refused(capsys, *arguments, code=1):
    """Run a command that must fail; return its one message."""
    assert main([str(a) for a in arguments]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert "Traceback" not in told.err
    messages = [line for line in told.err.splitlines() if line.startswith("graphscan: ")]
    assert len(messages) == 1, told.err
    return told.err.split("graphscan: ", 1)[1]


def missing_column(folder):
    write_csv(folder / "comments.csv", [r[:3] for r in ROWS], COMMENTS[:3])


def wrong_type(folder):
    (folder / "comments.csv").unlink()
    table = pa.table({**{name: [r[k] for r in ROWS] for k, name in enumerate(COMMENTS)}, "created_at": [True] * 6})
    pq.write_table(table, folder / "comments.parquet")


def float_ids(folder):
    (folder / "comments.csv").unlink()
    columns = {name: [r[k] for r in ROWS] for k, name in enumerate(COMMENTS)}
    columns["account_id"] = [1e17, 2.0, 3.0, 1.0, 2.0, 3.0]
    columns["created_at"] = pa.array(pd.to_datetime(columns["created_at"]))
    pq.write_table(pa.table(columns), folder / "comments.parquet")


def cut_gzip(folder):
    whole = gzip.compress((folder / "comments.csv").read_bytes())
    (folder / "comments.csv").unlink()
    (folder / "comments.csv.gz").write_bytes(whole[:-20])


def empty_folder(folder):
    (folder / "comments.csv").unlink()


def only_side_tables(folder):
    (folder / "comments.csv").unlink()
    write_csv(folder / "accounts.csv", [("u1",)], ("account_id",))


def unknown_file(folder):
    write_csv(folder / "commants.csv")


def no_folder(folder):
    empty_folder(folder)
    folder.rmdir()


def a_file(folder):
    no_folder(folder)
    folder.write_text("x")


def bad_parquet(folder):
    (folder / "comments.csv").unlink()
    (folder / "comments.parquet").write_bytes(b"PAR1 this is none PAR1")


WRONG = {
    missing_column: ["comments", "created_at"],
    wrong_type: ["comments", "created_at", "bool"],
    float_ids: ["comments", "account_id", "double"],
    cut_gzip: ["comments.csv.gz"],
    empty_folder: ["dataset", "comments"],
    only_side_tables: ["comments", "interactions"],
    unknown_file: ["commants.csv"],
    no_folder: ["dataset"],
    a_file: ["dataset"],
    bad_parquet: ["comments.parquet"],
}


@pytest.mark.parametrize("command", ["run", "pairs", "check"])
@pytest.mark.parametrize("spoil", WRONG, ids=lambda f: f.__name__.replace("_", " "))
def test_a_wrong_dataset_is_refused_and_named(command, spoil, dataset, tmp_path, capsys):
    spoil(dataset)
    before = everything_under(tmp_path)
    out = [] if command == "check" else ["--out", tmp_path / "out"]
    message = refused(capsys, command, dataset, *out, "--quiet")
    for part in WRONG[spoil]:
        assert part in message
    assert everything_under(tmp_path) == before


@pytest.mark.parametrize("command", ["run", "pairs"])
def test_what_is_there_is_never_written_over(command, dataset, tmp_path, capsys):
    out = tmp_path / "out"
    out.write_text("mine")
    assert "exists already" in refused(capsys, command, dataset, "--out", out)
    assert out.read_text() == "mine"


@pytest.mark.parametrize("command", ["run", "pairs"])
def test_an_output_without_a_parent_is_refused_before_anything_is_read(command, tmp_path, capsys):
    message = refused(capsys, command, tmp_path / "no dataset", "--out", tmp_path / "no" / "out")
    assert "does not exist; make it first" in message
    assert everything_under(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("sed = 3", ["'sed'", "seed"]),
        ("seed = 'x'\nthreads = -1", ["seed", "threads"]),
        ("seed = ", ["not valid TOML"]),
        ("behaviours = ['note_coment']", ["note_coment", "note_comment"]),
        ("timezone = 'Mars/Base'", ["timezone", "IANA"]),
        ("memory = 'infGB'", ["memory", "2GB"]),
        ("false_discovery_rate = nan", ["false_discovery_rate"]),
    ],
)
def test_wrong_settings_are_told_all_at_once(text, parts, dataset, tmp_path, capsys):
    config = tmp_path / "scan.toml"
    config.write_text(text)
    before = everything_under(tmp_path)
    message = refused(capsys, "run", dataset, "--out", tmp_path / "out", "--config", config, "--quiet")
    for part in parts:
        assert part in message
    assert everything_under(tmp_path) == before


@pytest.mark.parametrize("what", ["missing.toml", "."])
def test_a_settings_file_that_is_none_is_the_users_mistake(what, dataset, tmp_path, capsys):
    message = refused(capsys, "run", dataset, "--out", tmp_path / "out", "--config", tmp_path / what)
    assert "settings file" in message


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--window", "-1"], ["--window -1", "0 to"]),
        (["--window", "nan"], ["--window nan", "seconds"]),
        (["--window", "1e300"], ["--window"]),
        (["--min-objects", "0"], ["--min-objects 0", "from 1"]),
        (["--behaviour", "note_coment"], ["note_coment", "note_comment"]),
        (["--threads", "-1"], ["threads", "from 0"]),
        (["--memory", "much"], ["memory", "2GB"]),
        (["--memory", "inf"], ["memory", "2GB"]),
        (["--timezone", "Nowhere/Else"], ["timezone", "IANA"]),
    ],
)
def test_wrong_values_of_options_are_told_with_what_is_allowed(arguments, parts, dataset, tmp_path, capsys):
    before = everything_under(tmp_path)
    message = refused(capsys, "pairs", dataset, "--out", tmp_path / "out", "--quiet", *arguments)
    for part in parts:
        assert part in message
    assert everything_under(tmp_path) == before


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["run"],
        ["run", "dataset"],
        ["pairs", "d", "--out", "o", "--window", "soon"],
        ["run", "d", "--out", "o", "--engine", "abacus"],
        ["explain", "run"],
        ["evaluate", "run"],
        ["simulate"],
        ["simulate", "--scenario", "small_world"],
        ["check", "d", "--epoch", "fortnights"],
    ],
)
def test_wrong_usage_ends_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: graphscan" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["explain", "report", "evaluate"])
def test_a_folder_that_is_no_run_is_refused(command, dataset, tmp_path, capsys):
    (tmp_path / "truth.csv").write_text("account_id,role,cluster,measure,slice\n")
    more = {"explain": ["u1"], "evaluate": ["--truth", tmp_path / "truth.csv"], "report": []}[command]
    before = everything_under(tmp_path)
    assert str(dataset) in refused(capsys, command, dataset, *more)
    assert everything_under(tmp_path) == before


def test_an_unknown_scenario_is_refused_with_those_there_are(tmp_path, capsys):
    message = refused(capsys, "simulate", "--scenario", "utopia", "--out", tmp_path / "out")
    assert "utopia" in message and "small_world" in message
    assert everything_under(tmp_path) == []


def test_what_fails_outside_ends_with_75_and_says_that_running_again_is_safe(dataset, tmp_path, capsys):
    if os.geteuid() == 0:
        target = Path("/proc/self/graphscan-out")  # even root cannot make a folder there
    else:
        target = tmp_path / "locked" / "out"
        target.parent.mkdir(mode=0o500)
    assert "running again is safe" in refused(capsys, "run", dataset, "--out", target, "--quiet", code=75)


def test_pairs_of_a_tiny_dataset(dataset, tmp_path, capsys):
    arguments = [dataset, "--out", tmp_path / "p.parquet", "--window", "600", "--min-objects", "1", "--json", "--quiet"]
    assert main(["pairs", *map(str, arguments)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["pairs"] == {"note_comment": 3}
    assert pq.read_table(tmp_path / "p.parquet")["account_a"].to_pylist() == ["u0", "u0", "u1"]


def test_a_dataset_in_which_nobody_meets_makes_a_whole_run(dataset, tmp_path, capsys):
    write_csv(dataset / "comments.csv", ROWS[:1])
    assert main(["run", str(dataset), "--out", str(tmp_path / "run"), "--quiet", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["counts"]["clusters"] == 0 and told["counts"]["accounts"] == 1
    assert (tmp_path / "run" / "report.html").is_file()
    assert main(["explain", str(tmp_path / "run"), "u0"]) == 0
    assert "nobody" in refused(capsys_after(capsys), "explain", tmp_path / "run", "nobody")


def capsys_after(capsys):
    capsys.readouterr()
    return capsys


def python(*arguments, **how):
    return subprocess.run([sys.executable, *arguments], capture_output=True, check=False, timeout=60, **how)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["nonsense"]])
def test_help_is_light(arguments):
    """Asserted by what is imported, not by a clock: numpy alone takes longer than all of this."""
    told = python("-X", "importtime", "-m", "graphscan", *arguments).stderr.decode()
    imported = {
        line.rsplit("|", 1)[1].strip().split(".")[0] for line in told.splitlines() if line.startswith("import time:")
    }
    assert "argparse" in imported
    assert imported.isdisjoint(
        {"numpy", "pandas", "pyarrow", "scipy", "numba", "matplotlib", "igraph", "rich", "jinja2"}
    )


def test_a_reader_that_leaves_early_is_no_crash(dataset):
    command = [sys.executable, "-m", "graphscan", "check", str(dataset), "--quiet"]
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as nobody:
        done = subprocess.run(command, stdout=nobody, stderr=subprocess.PIPE, check=False, timeout=60)
    assert b"Traceback" not in done.stderr and b"BrokenPipe" not in done.stderr


@pytest.mark.parametrize("how", [[], ["--json"]])
def test_a_terminal_without_unicode_is_no_crash(how, dataset, tmp_path):
    out = str(tmp_path / "结果🦊.parquet")
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = python("-m", "graphscan", "pairs", str(dataset), "--out", out, "--quiet", *how, env=env)
    assert done.returncode == 0, done.stderr.decode()
    if how:
        assert json.loads(done.stdout)["out"] == out
    else:
        assert rb"\u7ed3\u679c" in done.stdout
