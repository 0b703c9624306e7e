"""Throw-away environments: a rival package's requirements → the Python that has them, and nothing of ours."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path


class NotInstalledError(Exception):
    """A package could not be put into its environment; the message says why."""


def python_with(requirements: tuple[str, ...], folder: Path, limit_s: float = 600) -> Path:
    """The interpreter of an environment with ``requirements``; made at the first call, kept for the next.

    Raises
    ------
    NotInstalledError
        When the package index cannot be reached, or has no such package for this machine.
    """
    name = requirements[0].split("==")[0]
    place = folder / f"{name}-{hashlib.sha256(' '.join(requirements).encode()).hexdigest()[:8]}"
    python = place / "bin" / "python"
    if (place / "complete").exists():
        return python
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(place)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements],
    ):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=limit_s, check=False)
        except subprocess.TimeoutExpired as error:
            raise NotInstalledError(f"{name}: not installed within {limit_s:.0f} s") from error
        if done.returncode:
            raise NotInstalledError(f"{name}: not installed ({(done.stderr.strip() or '?').splitlines()[-1][:120]})")
    (place / "complete").touch()
    return python
