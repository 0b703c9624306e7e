"""Killed at any moment, out of space, stopped by hand: a run is there whole or not at all, and running again is safe."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest

from .. import interrupts
from ..cases.worlds import World, meet, passers_by
from .test_same_bytes import assert_same


def comment(world, who, what, at):
    world.comment(who, f"note {what}", at, text=f"so good {what}")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    world = World()
    meet(world, comment, who=[f"f{k}" for k in range(7)])
    passers_by(world, comment)
    return world.write_to(tmp_path_factory.mktemp("told") / "dataset")


def command(dataset, out):
    return [sys.executable, "-m", "graphscan", "run", str(dataset), "--out", str(out), "--quiet"]


def started(dataset, out):
    return interrupts.started(
        command(dataset, out), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )


def run(dataset, out):
    done = subprocess.run(command(dataset, out), capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return out


@pytest.fixture(scope="module")
def undisturbed(dataset, tmp_path_factory):
    return run(dataset, tmp_path_factory.mktemp("undisturbed") / "run")


def ended(process, with_signal):
    process.send_signal(with_signal)
    told = process.communicate(timeout=60)[1]
    return process.returncode, told.decode()


def until_it_writes(process, folder):
    """Wait until something of the run lies beside where it will appear (or the process is through)."""
    while process.poll() is None and not any(folder.iterdir()):
        time.sleep(0.005)


def test_the_story_has_something_to_write(undisturbed):
    assert len(list((undisturbed / "figures").iterdir())) > 2


def test_killed_again_and_again_and_then_run_to_the_end(dataset, undisturbed, tmp_path):
    moments = random.Random(11)
    for attempt in range(4):
        process = started(dataset, tmp_path / "run")
        if attempt == 0:
            time.sleep(0.4)
        else:
            until_it_writes(process, tmp_path)
            time.sleep(moments.uniform(0, 0.5))
        ended(process, signal.SIGKILL)
        if (tmp_path / "run").exists():  # it was quicker than the kill: then it is whole
            assert_same(tmp_path / "run", undisturbed)
            shutil.rmtree(tmp_path / "run")
    run(dataset, tmp_path / "run")
    assert [p.name for p in tmp_path.iterdir()] == ["run"]
    assert_same(tmp_path / "run", undisturbed)


def test_stopped_by_hand_it_cleans_up_and_says_so(dataset, tmp_path):
    process = started(dataset, tmp_path / "run")
    until_it_writes(process, tmp_path)
    code, told = ended(process, signal.SIGINT)
    assert code == 130 and told == "graphscan: stopped; nothing was published\n"
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_while_something_is_taken_down_stops_it_too():
    """Python forgets what is raised in a ``__del__``; compiled loops are loaded through some."""
    script = """
import signal, time
from graphscan import __main__ as shell

signal.signal(signal.SIGINT, signal.default_int_handler)

class TakenDown:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

def main(stopped):
    try:
        TakenDown()
        time.sleep(60)
        return 0
    except KeyboardInterrupt:
        return stopped(130)

shell.main = main
shell.command()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, timeout=50)
    assert (done.returncode, done.stderr) == (130, b"")


def test_a_full_disk_ends_with_75_and_leaves_nothing(dataset, tmp_path):
    """In a mount of 100 kB of its own; where no mount may be made, there is nothing to test on."""
    script = 'mount -t tmpfs -o size=100k none "$0" || exit 99; "$@"; code=$?; ls -A "$0"; exit $code'
    (tmp_path / "small").mkdir()
    shell = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, str(tmp_path / "small")]
    if shutil.which("unshare") is None or os.name != "posix":
        pytest.skip("no unshare here to mount a small disk with")
    done = subprocess.run([*shell, *command(dataset, tmp_path / "small" / "run")], capture_output=True, check=False)
    if done.returncode in (1, 99) and b"graphscan" not in done.stderr:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.decode().strip()}")
    assert done.returncode == 75, done.stderr.decode()
    assert b"No space left on device" in done.stderr and b"Traceback" not in done.stderr
    assert done.stdout == b""
