"""A Neo4j Community server from Maven Central, fetched once into the user's cache; for people without an installation.

In: ``server/pom.xml``. Out: a folder of jars. Needs Java 17 or 21, and Maven the first time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from graphscan.errors import OutsideError, SettingsError

POM = Path(__file__).with_name("server") / "pom.xml"
_MAVEN_S = 900


def cache_folder() -> Path:
    """Return where fetched servers lie: ``$XDG_CACHE_HOME/graphscan`` or ``~/.cache/graphscan``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "graphscan"


def find_java() -> str:
    """Return the path of ``java``; SettingsError when there is none."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java") or (shutil.which("java", path=str(Path(home) / "bin")) if home else None)
    if found is None:
        raise SettingsError("no java found: install Java 17 or 21, or name a server of your own (NEO4J_URI)")
    return found


def server_jars() -> Path:
    """Return the folder of the server's jars, fetched by Maven when it is not there yet.

    Raises
    ------
    SettingsError
        When Maven is needed and not installed.
    OutsideError
        When Maven fails.
    """
    key = hashlib.sha256(POM.read_bytes()).hexdigest()[:12]
    jars = cache_folder() / f"neo4j-{key}"
    if not jars.is_dir():
        _fetch(jars)
    return jars


def _fetch(jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise SettingsError("no Maven found: install it (mvn), or name a server of your own (NEO4J_URI)")
    jars.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".fetching-", dir=jars.parent))
    try:
        _run_maven(
            [
                maven,
                "-B",
                "-q",
                "-f",
                str(POM),
                "dependency:copy-dependencies",
                f"-DoutputDirectory={work}/lib",
            ]
        )
        _publish(work / "lib", jars)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _publish(made: Path, jars: Path) -> None:
    try:
        made.rename(jars)
    except OSError:
        if not jars.is_dir():  # else another process was first, with the same jars
            raise


def _run_maven(command: list[str]) -> None:
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=_MAVEN_S, check=False)
    except subprocess.TimeoutExpired:
        raise OutsideError(f"Maven has not fetched the server within {_MAVEN_S} s; running again is safe") from None
    if ended.returncode:
        raise OutsideError(f"Maven failed: {(ended.stdout + ended.stderr)[-1500:].strip()}")
