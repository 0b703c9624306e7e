"""Executes the notebooks: ``python notebooks/build.py [NAME …]`` writes every ``NN_name.ipynb`` anew from its ``NN_name.py``.

In: sources in percent form, which are reviewed and changed. Out: notebooks with their outputs, which code hosts show and people
read without running. The same sources and versions give the same outputs: no times, no paths of a machine.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jupytext
import nbformat
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient

HERE = Path(__file__).resolve().parent
SOURCES = tuple(sorted(HERE.glob("[0-9][0-9]_*.py")))
CELL_S = 300


def main(arguments: list[str]) -> int:
    """Execute the named notebooks (none: all) and write them beside their sources, or into ``--out FOLDER``."""
    parser = argparse.ArgumentParser(prog="notebooks/build.py", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a part of a notebook's name, such as 02; none: all")
    parser.add_argument(
        "--out", type=Path, default=HERE, metavar="FOLDER", help="where to (default: beside the sources)"
    )
    given = parser.parse_args(arguments)
    for source in SOURCES:
        if not given.names or any(name in source.stem for name in given.names):
            text = nbformat.writes(executed(source)) + "\n"
            (given.out / f"{source.stem}.ipynb").write_text(text, encoding="utf-8", newline="\n")
            sys.stdout.write(f"{source.stem}: {len(text) / 1000:.0f} kB\n")
    return 0


def executed(source: Path) -> nbformat.NotebookNode:
    """Return a source's notebook with its outputs; raises nbclient's CellExecutionError when a cell fails."""
    notebook = from_source(source)
    root = str(HERE.parent)
    os.environ["PYTHONPATH"] = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    os.environ |= {"PYTHONWARNINGS": "default", "PYDEVD_DISABLE_FILE_VALIDATION": "1", "JUPYTER_PLATFORM_DIRS": "1"}
    with TemporaryDirectory() as sockets:  # a port would be open to everybody on the machine
        kernel = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=f"{sockets}/kernel")
        where = {"metadata": {"path": str(HERE)}}
        NotebookClient(notebook, km=kernel, timeout=CELL_S, resources=where, record_timing=False).execute()
    notebook.metadata = _metadata()
    return notebook


def from_source(source: Path) -> nbformat.NotebookNode:
    """Return a source as a notebook without outputs, its cells numbered."""
    notebook = jupytext.read(source)
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"], cell["metadata"] = f"cell-{number:02d}", {}
    notebook.metadata = _metadata()
    return notebook


def _metadata() -> nbformat.NotebookNode:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.from_dict({"kernelspec": kernel, "language_info": {"name": "python"}})


def outputs(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the outputs of a notebook as texts, pictures left out."""
    return [
        json.dumps({k: v for k, v in data.items() if not k.startswith("image/")}, sort_keys=True)
        for cell in notebook.cells
        for data in _joined(cell.get("outputs", []))
    ]


def _joined(found: list[Any]) -> list[dict[str, Any]]:
    """The outputs of one cell; what was printed is one text, in however many pieces it arrived."""
    told: list[dict[str, Any]] = []
    for output in found:
        printed = output.get("output_type") == "stream"
        if printed and told and "text" in told[-1]:
            told[-1]["text"] += output["text"]
        else:
            told.append({"text": output["text"]} if printed else dict(output.get("data", {})))
    return told


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
