"""The real Browser in a headless Chromium: it logs in by the address alone, plays the guide, and draws the case.

Needs node with playwright-core (found in NODE_PATH or beside this file) and a Chromium; skips without, unless
GRAPHSCAN_REQUIRE_BROWSER=1. Screenshots go to GRAPHSCAN_SCREENSHOTS, if that is set.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .. import interrupts
from ..browsing import lacking
from . import made

STEPS = Path(__file__).with_name("browser_steps.js")
TITLES = ("All clusters in one picture", "The ties inside one cluster", "How a cluster's burst unfolded")


@pytest.fixture(scope="module")
def address(tmp_path_factory, access, run_folder, dataset):
    """The address that `graphscan investigate` prints; ``access`` makes sure that a server can run here."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("NEO4J_")}
    process = interrupts.started(
        [
            sys.executable,
            "-m",
            "graphscan",
            "investigate",
            str(run_folder),
            "--dataset",
            str(dataset),
            "--json",
        ],
        env=kept,
        cwd=tmp_path_factory.mktemp("cwd"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield json.loads(process.stdout.readline())["address"]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode == 0


def get(address, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, ""


def test_the_key_opens_and_nothing_else_does(address):
    base = f"http://{urlsplit(address).netloc}"
    status, page = get(address)
    assert (status, "NATIVE" in page) == (200, True)
    assert get(f"{base}/wrong-key")[0] == 404
    assert get(address, Host="evil.example")[0] == 404
    assert get(f"{base}/browser/../run.json")[0] == 404
    status, guide = get(f"{base}/guide.html")
    assert "<script" not in guide
    assert "Cluster 1: c0a" in guide


def test_an_investigator_sees_the_case(address, tmp_path):
    reason = lacking()
    if reason:
        if os.environ.get("GRAPHSCAN_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    pictures = Path(os.environ.get("GRAPHSCAN_SCREENSHOTS") or tmp_path)
    pictures.mkdir(parents=True, exist_ok=True)
    command = ["node", str(STEPS), address, chromium, str(pictures), *TITLES]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["heading"] == "The case"
    everyone, ties, burst = told["steps"]
    members = {a for group in made.MEMBERS.values() for a in group}
    assert everyone["nodes"] == len(members) + len(made.MEMBERS)
    assert len(everyone["fills"]) > 1  # clusters and members differ at a glance
    assert ties["nodes"] == len(made.MEMBERS["c0a"])
    assert burst["rows"] >= len(made.MEMBERS["c0a"])
    assert "求链接" in burst["text"]
