"""What a test in a real browser needs, and what of it is missing here."""

import shutil
import subprocess
from pathlib import Path


def lacking():
    """Return what is missing to drive a Chromium by playwright-core, None when nothing is."""
    node = shutil.which("node")
    if node is None or not (shutil.which("chromium") or shutil.which("google-chrome")):
        return "node or a Chromium is missing"
    found = subprocess.run(
        [node, "-e", "require('playwright-core')"], cwd=Path(__file__).parent, capture_output=True, check=False
    )
    return None if found.returncode == 0 else "node finds no playwright-core (npm install playwright-core, NODE_PATH)"
