"""Runs one method in a process of its own, and says what it found, what it used, or why it did not run.

In: a log or a dataset folder. Out: :class:`Outcome`. CPU seconds (with its helpers, from start to end, loading its libraries
included) and the peak memory of its largest process are the operating system's.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rivals.cut import communities
from rivals.environments import NotInstalledError, python_with
from rivals.register import Rival

HERE = Path(__file__).parent
LIMIT_S = 300.0  # wall clock for one method on one log


@dataclass(frozen=True)
class Outcome:
    """Clusters (codes of a log, or account ids), CPU seconds, peak memory in MB; ``failed`` is the reason, or empty.

    ``paired`` are the members of any pair, before the cut (equal to the clustered where a method gives clusters).
    """

    clusters: list[np.ndarray]
    paired: np.ndarray
    cpu_s: float
    peak_mb: float
    failed: str = ""


def flag(rival: Rival, log: Path, environments: Path | None, limit_s: float = LIMIT_S) -> Outcome:
    """Run a rival on a log (.npz of account, object, at_ms) and cut its pairs into clusters."""
    if not rival.original:
        return run([sys.executable, str(HERE / "child.py"), rival.name, str(log)], (), limit_s)
    if environments is None:
        return did_not_run("no folder for its environment was given")
    try:
        python = python_with(rival.requirements, environments)
    except NotInstalledError as error:
        return did_not_run(str(error))
    return run([str(python), "-W", "ignore", str(HERE / "packages" / rival.script), str(log)], rival.arguments, limit_s)


def graphscan(dataset: Path, limit_s: float = 3 * LIMIT_S) -> Outcome:
    """The same for graphscan on a dataset folder."""
    return run([sys.executable, str(HERE / "child.py"), "graphscan", str(dataset)], (), limit_s)


def did_not_run(reason: str) -> Outcome:
    """An outcome that says why there is none."""
    return Outcome([], np.empty(0, np.int64), 0.0, 0.0, f"did not run: {reason}")


def run(command: list[str], arguments: tuple[str, ...], limit_s: float) -> Outcome:
    """Start a method, wait for it at most ``limit_s``, and read what it wrote."""
    with tempfile.TemporaryDirectory() as folder:
        out, errors, used = (Path(folder) / name for name in ("found.npz", "errors.txt", "used.json"))
        launched = [sys.executable, str(HERE / "launch.py"), str(used), *command, str(out), *arguments]
        with errors.open("w") as stream:
            process = subprocess.Popen(
                launched, stdout=subprocess.DEVNULL, stderr=stream, start_new_session=True, env=_environment()
            )
            try:
                process.wait(limit_s)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return did_not_run(f"no answer within {limit_s:.0f} s")
        if process.returncode:
            lines = errors.read_text(errors="replace").strip().splitlines()
            return did_not_run((lines[-1] if lines else f"exit {process.returncode}")[:160])
        return outcome(dict(np.load(out)), **json.loads(used.read_text()))


def _environment() -> dict[str, str]:
    """Where a child finds this repository; packages in their own environments do not look there."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), str(HERE.parents[1])])}


def outcome(found: dict[str, np.ndarray], cpu_s: float, peak_mb: float) -> Outcome:
    """Clusters of what a method wrote: its own, or those that the common cut makes of its pairs."""
    if "pairs" in found:
        return Outcome(communities(found["pairs"]), np.unique(found["pairs"]), cpu_s, peak_mb)
    numbers = np.unique(found["cluster"])
    clusters = [found["member"][found["cluster"] == n] for n in numbers]
    return Outcome(clusters, np.unique(found["member"]), cpu_s, peak_mb)
