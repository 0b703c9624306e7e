from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-test.lock")


@pytest.fixture
def dev() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def results_in(folder: Path, *cases: str) -> Path:
    path = folder / "results.xml"
    path.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>", encoding="utf-8")
    return path


PASSED = '<testcase classname="tests.unit.test_a" name="test_one"/>'
SKIPPED = '<testcase classname="tests.graphdb.test_load" name="test_two"><skipped message="no Java"/></testcase>'


def test_a_passed_test_is_enough(dev: ModuleType, tmp_path: Path) -> None:
    assert dev.unforgiven(results_in(tmp_path, PASSED, SKIPPED), neo4j_required=False) == []


@pytest.mark.parametrize("cases", [(), (SKIPPED,)], ids=["none collected", "all skipped"])
def test_a_run_without_any_test_fails(dev: ModuleType, tmp_path: Path, cases: tuple[str, ...]) -> None:
    assert dev.unforgiven(results_in(tmp_path, *cases), neo4j_required=False) == ["no test ran"]


def test_a_pytest_that_died_left_no_results_and_fails(dev: ModuleType, tmp_path: Path) -> None:
    assert dev.unforgiven(tmp_path / "results.xml", neo4j_required=False) == ["no test ran"]


def test_a_skipped_neo4j_test_fails_where_neo4j_is_required(dev: ModuleType, tmp_path: Path) -> None:
    (fault,) = dev.unforgiven(results_in(tmp_path, PASSED, SKIPPED), neo4j_required=True)
    assert fault == "skipped, though GRAPHSCAN_REQUIRE_NEO4J is 1: tests.graphdb.test_load.test_two"


def a_run_at(dev: ModuleType, root: Path) -> Path:
    dev.ROOT = root
    run = root / dev.DEMO_RUN
    run.mkdir(parents=True)
    (run / "run.json").write_text("{}", encoding="utf-8")
    return run


def test_the_demo_removes_the_run_that_it_made(dev: ModuleType, tmp_path: Path) -> None:
    run = a_run_at(dev, tmp_path)
    (tmp_path / dev.DEMO_MARK).write_text(dev._sha256(run / "run.json"), encoding="utf-8")
    dev._remove_former_demo()
    assert not run.exists()


@pytest.mark.parametrize("mark", [None, "another run's"])
def test_the_demo_leaves_a_run_of_somebody_else_alone(dev: ModuleType, tmp_path: Path, mark: str | None) -> None:
    run = a_run_at(dev, tmp_path)
    if mark is not None:
        (tmp_path / dev.DEMO_MARK).write_text(mark, encoding="utf-8")
    with pytest.raises(SystemExit, match="exists and no demo made it"):
        dev._remove_former_demo()
    assert (run / "run.json").exists()


def test_a_python_that_is_too_old_is_told_so(dev: ModuleType) -> None:
    dev.OLDEST = (99, 1)
    with pytest.raises(SystemExit, match=r"this is Python 3\.\d+\.\d+; graphscan needs 99\.1 or newer"):
        dev._check_python()


def versions_in(lock: str) -> dict[str, set[str]]:
    """Package → the versions that a lock names (one for each kind of Python or system)."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", (ROOT / lock).read_text(encoding="utf-8"), re.M):
        found.setdefault(name, set()).add(version)
    return found


def names_of(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w-]", requirement)[0] for requirement in requirements}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_hashes_everything(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|--(index|extra-index|find|trusted)|@ ", text)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_test_lock_holds_the_same_versions_as_the_run_lock_and_more() -> None:
    run, test = (versions_in(lock) for lock in LOCKS)
    assert run.items() <= test.items()
    assert {"pytest", "hypothesis", "ruff", "mypy"} <= test.keys() - run.keys()


def test_the_locks_hold_everything_that_the_package_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [name for group in project["optional-dependencies"].values() for name in group]
    assert names_of(project["dependencies"]) | {"hatchling", "editables"} <= versions_in(LOCKS[0]).keys()
    assert names_of(extras) <= versions_in(LOCKS[1]).keys()
