"""The laws of the house: who may import whom, what must be said, and what must not be in any file."""

import ast
import dataclasses
import re
import subprocess
from pathlib import Path

import pytest

from graphscan.behaviours.library import BEHAVIOURS
from graphscan.settings import Settings

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "graphscan"

BASE = ("errors", "tables", "settings", "progress", "publishing", "steps", "options", "servers")
BESIDE = ("run", "evaluation", "evaluate", "raw_pairs", "simulate")
ORDER = (
    BASE,
    ("intake",),
    ("texts",),
    ("behaviours",),
    ("engines",),
    ("groups",),
    ("motifs",),
    ("accounts",),
    ("fusion",),
    ("decisions",),
    ("graphstore",),
    ("reports",),
    BESIDE,
    ("ledger",),
    ("casework",),
    ("thresholds", "pipeline"),
    ("jobs",),
    ("graphstore_cli", "ledger_cli", "casework_cli", "jobs_cli"),
    ("cli", "__main__", "__init__"),
    ("reference",),
)
"""The way of the data: a file imports its own room and what lies before it."""

SIDE_BY_SIDE = {(a, b) for a in BESIDE for b in BESIDE if a != b} - {("evaluation", "evaluate")}
"""Those beside each other do not lean on each other; `evaluate` is the old name of `evaluation`."""

PLACE = {room: place for place, rooms in enumerate(ORDER) for room in rooms}
SOURCES = sorted(PACKAGE.rglob("*.py"))
MAY_PRINT = {"cli.py", "graphstore_cli.py", "ledger_cli.py", "casework_cli.py", "jobs_cli.py", "progress.py"}


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def trees():
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in SOURCES]


def imported_rooms(tree):
    """(room, line) of everything of graphscan that a file imports, wherever in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports name the package in full"
            modules = [node.module or ""]
            if node.module == "graphscan":
                modules = [f"graphscan.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        for module in modules:
            parts = module.split(".")
            if parts[0] == "graphscan" and len(parts) > 1:
                yield parts[1], node.lineno


def public_definitions(tree):
    """Public functions and classes, and the public methods of public classes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            methods = node.body if isinstance(node, ast.ClassDef) else []
            yield from (m for m in methods if isinstance(m, ast.FunctionDef) and not m.name.startswith("_"))


def test_every_room_has_its_place():
    rooms = {room_of(path) for path in SOURCES}
    assert rooms <= PLACE.keys(), "a new room needs its place in ORDER"


def test_a_room_imports_only_what_lies_before_it():
    faults = [
        f"{name_of(path)}:{line} imports {room}"
        for path, tree in trees()
        for room, line in imported_rooms(tree)
        if room != room_of(path) and (PLACE[room] > PLACE[room_of(path)] or (room, room_of(path)) in SIDE_BY_SIDE)
    ]
    assert faults == []


def test_made_worlds_know_nothing_of_the_detector():
    """A simulation that shared code with the detector would be found by construction."""
    allowed = {*BASE, "simulate"}
    faults = [
        f"{name_of(path)}:{line} imports {room}"
        for path, tree in trees()
        if room_of(path) == "simulate"
        for room, line in imported_rooms(tree)
        if room not in allowed
    ]
    assert faults == []


def test_the_law_of_rooms_can_be_broken():
    tree = ast.parse("from graphscan import pipeline\ndef f():\n    import graphscan.cli.x\n")
    assert list(imported_rooms(tree)) == [("pipeline", 1), ("cli", 3)]


def test_every_file_says_what_comes_in_and_what_goes_out():
    silent = [name_of(path) for path, tree in trees() if not (ast.get_docstring(tree) or "").strip()]
    assert silent == []
    files = [path for path in SOURCES if path.name not in ("__init__.py", "__main__.py")]
    told = {path: ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "" for path in files}
    assert [name_of(p) for p, text in told.items() if room_of(p) in BASE[1:3] and "Out:" not in text] == []


def test_every_public_function_says_what_it_does():
    silent = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path, tree in trees()
        for node in public_definitions(tree)
        if not ast.get_docstring(node) and not any("overload" in ast.unparse(d) for d in node.decorator_list)
    ]
    assert silent == []


def test_only_the_command_line_and_progress_print():
    faults = [
        f"{name_of(path)}:{node.lineno}"
        for path, tree in trees()
        if name_of(path).removeprefix("graphscan/") not in MAY_PRINT
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert faults == []


def test_no_error_is_turned_into_emptiness():
    """``except: pass`` and its kin: an error read as "nothing found" would acquit by accident."""
    faults = [
        f"{name_of(path)}:{node.lineno}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and (node.type is None or [type(s) for s in node.body] == [ast.Pass])
    ]
    assert faults == []


def test_every_setting_says_what_it_means_and_what_is_allowed():
    for setting in dataclasses.fields(Settings):
        assert setting.metadata["meaning"], setting.name
        assert setting.metadata["allowed"], setting.name
        assert setting.metadata["check"](setting.default), f"the default of {setting.name} is not allowed"


def test_every_behaviour_has_an_answer_to_the_viral_note():
    assert len({b.name for b in BEHAVIOURS}) == len(BEHAVIOURS)
    for behaviour in BEHAVIOURS:
        assert behaviour.popularity and behaviour.sentence and behaviour.sources, behaviour.name
        assert list(behaviour.windows_s) == sorted(set(behaviour.windows_s)), behaviour.name


# spelt in pieces, so that this file does not break its own law
FORBIDDEN = {
    "a path of somebody's machine": r"(?<![\w.])/(home|Users|work|root)/\w|\bC:\\\\?Users",
    "a path into a folder for passing things": r"(?<![\w.$])/tm" + r"p/\w",
    "the host of a package registry": r"pypi\.(org|python\.org)|files\.pythonhosted|anaconda\.org|regis"
    + r"try\.npmjs",
    "work that is not done": r"\bTO" + r"DO\b|\bFIX" + r"ME\b|\bXX" + r"X\b",
    "how the work is organised": r"\.\./sha" + r"red\b|/tm" + r"p/w\b",
}
TEXTS = (".py", ".md", ".toml", ".j2", ".css", ".js", ".cypher", ".java", ".xml", ".yml", ".yaml", ".cfg", ".sh")


def tracked_texts():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout: which files are tracked is not known")
    names = [name for name in listed.stdout.decode().split("\0") if name.endswith(TEXTS)]
    return [(name, ROOT / name) for name in names if (ROOT / name).is_file()]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_holds(what):
    pattern = re.compile(FORBIDDEN[what])
    faults = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, path in tracked_texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert faults == []


def test_the_patterns_catch_what_they_are_for():
    examples = [
        "/ho" + "me/ann/x",
        "see /tm" + "p/y",
        "https://py" + "pi.org/simple",
        "# TO" + "DO later",
        "../sha" + "red/x",
    ]
    for example, pattern in zip(examples, FORBIDDEN.values(), strict=True):
        assert re.search(pattern, example)
    assert not any(re.search(p, "docs/work/x.md and a home/ann") for p in FORBIDDEN.values())
