"""Everything for people that lies in a run's folder, written there.

In: the run's tables and manifest. Out: ``report.html``, ``figures/*.svg``, ``graph.gexf`` and the CSV files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from graphscan.errors import OutputError
from graphscan.progress import Progress, Silent
from graphscan.publishing import published
from graphscan.reports import case_pictures
from graphscan.reports.cases import ranked_clusters
from graphscan.reports.exports import CSV_TABLES, set_aside_csv, table_csv
from graphscan.reports.frames import Frames
from graphscan.reports.gexf import gexf_text
from graphscan.reports.page import MOST_CASES, page
from graphscan.reports.pictures import Picture, cluster_pictures, run_pictures

MOST_DEEP = 10
"""Clusters whose deeper pictures stand in the report: they are half of its size. ``run.plot_…`` draws any other's."""

_Drawn = dict[str, list[tuple[str, str]]]


def render(work: Path, run_tables: Mapping[str, pa.Table], manifest: Mapping[str, Any], progress: Progress) -> None:
    """Write the page, the pictures, the graph and the CSV files into the existing folder ``work``.

    ``run_tables`` maps the name of each of :data:`graphscan.tables.RUN_TABLES` to its rows. Files that are
    there already are written anew. The same tables and manifest give the same bytes.
    """
    _write_all(work, Frames(run_tables, manifest), progress)


def rerender(run: Frames, out: Path, progress: Progress | None = None) -> None:
    """Write the same files again from a run.

    A new folder ``out`` appears whole or not at all. In a folder that is there (the run's own, say) each
    file is replaced at once, after all of them were made.

    Raises
    ------
    OutputError
        When ``out`` is a file, or the folder it should appear in does not exist.
    """
    if out.exists() and not out.is_dir():
        raise OutputError(f"output {out} is a file; name a folder")
    whole = out / ".report" if out.is_dir() else out
    with published(whole) as work:
        work.mkdir()
        _write_all(work, run, progress or Silent())
    if whole != out:
        _move_into(whole, out)


def _move_into(source: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for child in sorted(source.iterdir()):
        if child.is_dir():
            _move_into(child, target / child.name)
        else:
            child.replace(target / child.name)
    source.rmdir()


def _write_all(work: Path, frames: Frames, progress: Progress) -> None:
    svgs = _draw_all(work / "figures", frames, progress)
    progress.step("writing the report")
    _write(work / "report.html", page(frames, svgs))
    _write(work / "graph.gexf", gexf_text(frames))
    for name in CSV_TABLES:
        _write(work / f"{name}.csv", table_csv(frames, name))
    _write(work / "set_aside.csv", set_aside_csv(frames.manifest))


def _draw_all(folder: Path, frames: Frames, progress: Progress) -> _Drawn:
    """Draw and write the pictures; return (words, SVG) by cluster, ``""`` for the run as a whole."""
    folder.mkdir(exist_ok=True)
    told = list(ranked_clusters(frames)["cluster_id"].head(MOST_CASES))
    progress.step("drawing pictures", len(told))
    drawn: _Drawn = {"": [_draw(folder, picture) for picture in run_pictures(frames)]}
    for number, cluster_id in enumerate(told):
        deeper = case_pictures.cluster_pictures(frames, cluster_id) if number < MOST_DEEP else []
        drawn[cluster_id] = [_draw(folder, picture) for picture in (*cluster_pictures(frames, cluster_id), *deeper)]
        progress.advance()
    return drawn


def _draw(folder: Path, picture: Picture) -> tuple[str, str]:
    svg = picture.svg()
    _write(folder / f"{picture.name}.svg", svg)
    return picture.words, svg


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
