"""Everything a fresh clone needs, in one command: ``python3 dev.py demo``, ``… test`` or ``… quality``.

In: this checkout and a Python of 3.11 or newer, nothing else installed. Out: a virtual environment in
``.venv`` with exactly what the lock files name (hashes checked); then the sample run and its report, or every
check and test. Only the standard library is used; outside this folder only pip's cache is written.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)

RUN_LOCK, TEST_LOCK = "requirements.lock", "requirements-test.lock"
SATISFIED_BY = {RUN_LOCK: (RUN_LOCK, TEST_LOCK), TEST_LOCK: (TEST_LOCK,)}
"""What is installed from the test lock serves for a run too: it holds the same versions and more."""

SAMPLE = Path("data/samples/small_world")
DEMO_RUN = Path("out/small_world")
DEMO_MARK = Path("out/.small_world-made-by-demo")

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy", "--strict", "-p", "graphscan"),
)
SIDE_BY_SIDE = ("-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile", "--no-loadscope-reorder")
"""How pytest shares the tests among processes, file by file; ``-n 0`` among further arguments runs them in one."""
REQUIRE_NEO4J = "GRAPHSCAN_REQUIRE_NEO4J"  # set to 1, a skipped test in tests/graphdb is a failure

BUILDING = "hatchling>=1.27\neditables\n"  # what `pip install --no-build-isolation -e .` needs
LOCKING = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url")
PLAIN = ("--no-header", "--no-annotate", "--quiet")


def main() -> int:
    """Run one command; return its exit code."""
    _check_python()
    given, more = _parser().parse_known_args()
    if more and given.command not in MORE:
        raise SystemExit(f"dev.py {given.command} takes no further arguments; found: {' '.join(more)}")
    try:
        if given.command in MORE:
            return MORE[given.command](more)
        return {"demo": demo, "lock": lock}[given.command]()
    except subprocess.CalledProcessError as error:
        called = " ".join(map(str, error.cmd[:4]))
        raise SystemExit(f"dev.py: {called} … ended with exit code {error.returncode}; see above") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py", description="Set up graphscan, try it, test it.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    commands.add_parser("demo", help="run graphscan on the sample and say where the report lies")
    commands.add_parser("test", help="every check and test; further arguments go to pytest")
    commands.add_parser(
        "quality",
        help="measure the quality table: graphscan, its rivals, real labels (under 40 minutes of two cores; --short: under 5)",
    )
    commands.add_parser("lock", help="make both lock files anew (needs uv)")
    return parser


def demo() -> int:
    """Run the sample, hold it against its truth, and say where the report lies."""
    set_up(RUN_LOCK)
    _remove_former_demo()
    (ROOT / DEMO_RUN).parent.mkdir(exist_ok=True)
    _run("graphscan", "run", str(SAMPLE), "--out", str(DEMO_RUN))
    (ROOT / DEMO_MARK).write_text(_sha256(DEMO_RUN / "run.json"), encoding="utf-8")
    _run("graphscan", "evaluate", str(DEMO_RUN), "--truth", str(SAMPLE / "truth.csv"))
    report = ROOT / DEMO_RUN / "report.html"
    print(f"\nOpen this in a browser: {report}", flush=True)
    return 0


def _remove_former_demo() -> None:
    """Remove the run that an earlier demo made, known by its manifest; anybody else's is left alone."""
    if not (ROOT / DEMO_RUN).exists():
        return
    mark, manifest = ROOT / DEMO_MARK, ROOT / DEMO_RUN / "run.json"
    known = mark.is_file() and manifest.is_file()
    if not (known and mark.read_text(encoding="utf-8") == _sha256(manifest)):
        raise SystemExit(f"dev.py: {DEMO_RUN} exists and no demo made it; move it away or remove it first")
    shutil.rmtree(ROOT / DEMO_RUN)


def test(pytest_arguments: list[str]) -> int:
    """Run every check, then pytest; 0 only when all passed and at least one test ran."""
    set_up(TEST_LOCK)
    faults = [" ".join(check) for check in CHECKS if _fails(*check)]
    results = VENV / "test-results.xml"
    results.unlink(missing_ok=True)
    if _fails("pytest", *SIDE_BY_SIDE, f"--junitxml={results}", *pytest_arguments):
        faults.append("pytest")
    faults += unforgiven(results, os.environ.get(REQUIRE_NEO4J) == "1")
    for fault in faults:
        print(f"dev.py: FAILED: {fault}", file=sys.stderr)
    return 1 if faults else 0


def quality(arguments: list[str]) -> int:
    """Measure and print the whole quality table; arguments go to ``benchmarks/quality.py``, which makes the rivals' environments."""
    set_up(TEST_LOCK)
    return subprocess.run([str(PYTHON), "benchmarks/quality.py", *arguments], cwd=ROOT, check=False).returncode


def unforgiven(results: Path, neo4j_required: bool) -> list[str]:
    """Return what pytest itself forgives: that no test ran, and required Neo4j tests that were skipped."""
    cases = list(ET.parse(results).iter("testcase")) if results.is_file() else []
    skipped = [case for case in cases if case.find("skipped") is not None]
    faults = [] if len(cases) > len(skipped) else ["no test ran"]
    if neo4j_required:
        names = (f"{case.get('classname')}.{case.get('name')}" for case in skipped)
        faults += [f"skipped, though {REQUIRE_NEO4J} is 1: {name}" for name in names if "graphdb." in name]
    return faults


def set_up(lock_name: str) -> None:
    """Make ``.venv`` hold what the lock names, and this checkout itself; quick when it does already."""
    if not (PYTHON.exists() and list(VENV.glob("*/pip*"))):
        _make_venv()
    if any(_is_installed(name) for name in SATISFIED_BY[lock_name]):
        return
    for name in (RUN_LOCK, TEST_LOCK):
        _stamp(name).unlink(missing_ok=True)
    print(f"dev.py: installing what {lock_name} names into {VENV}", flush=True)
    pip = ("pip", "--disable-pip-version-check", "install", "--quiet")
    _run(*pip, "--require-hashes", "-r", lock_name)
    _run(*pip, "--no-deps", "--no-build-isolation", "-e", ".")
    _stamp(lock_name).write_text(_state(lock_name), encoding="utf-8")


def _check_python() -> None:
    if sys.version_info < OLDEST:
        found, wanted = (".".join(map(str, v)) for v in (sys.version_info[:3], OLDEST))
        raise SystemExit(f"dev.py: this is Python {found}; graphscan needs {wanted} or newer")


def _make_venv() -> None:
    print(f"dev.py: making {VENV}", flush=True)
    try:
        import ensurepip  # noqa: F401  some systems ship Python without it
        import venv
    except ImportError as error:
        raise SystemExit(
            f"dev.py: this Python cannot make virtual environments: it lacks {error.name}. "
            "Install its venv package first (on Debian and Ubuntu: python3-venv)"
        ) from None
    venv.EnvBuilder(with_pip=True, clear=True, symlinks=os.name != "nt").create(VENV)


def lock() -> int:
    """Make both lock files anew with uv: the newest versions that pyproject.toml allows, any platform."""
    uv = shutil.which("uv")
    if uv is None:
        raise SystemExit("dev.py lock: uv is not on the PATH; install it first (pip install uv)")
    _lock(uv, TEST_LOCK, "--all-extras", "--upgrade")
    _lock(uv, RUN_LOCK, "--extra", "xlsx", "--extra", "neo4j", "--constraints", TEST_LOCK)
    return 0


def _lock(uv: str, name: str, *options: str) -> None:
    command = [uv, "pip", "compile", *LOCKING, *PLAIN, *options, "-o", name, "pyproject.toml", "-"]
    subprocess.run(command, cwd=ROOT, check=True, input=BUILDING, text=True)


def _is_installed(lock_name: str) -> bool:
    stamp = _stamp(lock_name)
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _state(lock_name)


def _stamp(lock_name: str) -> Path:
    return VENV / f"{lock_name}.installed"


def _state(lock_name: str) -> str:
    """Return all that an installation depends on: lock, declaration, and where this checkout lies."""
    return f"{_sha256(lock_name)} {_sha256('pyproject.toml')} {ROOT}"


def _sha256(path: str | Path) -> str:
    return hashlib.sha256((ROOT / path).read_bytes()).hexdigest()


def _run(module: str, *arguments: str) -> None:
    """Run a module of ``.venv``; by module, because scripts break when the folder is moved."""
    subprocess.run([str(PYTHON), "-m", module, *arguments], cwd=ROOT, check=True)


def _fails(module: str, *arguments: str) -> bool:
    print(f"$ {' '.join((module, *arguments))}", flush=True)
    return subprocess.run([str(PYTHON), "-m", module, *arguments], cwd=ROOT, check=False).returncode != 0


MORE = {"test": test, "quality": quality}
"""Commands that take further arguments."""

if __name__ == "__main__":
    sys.exit(main())
