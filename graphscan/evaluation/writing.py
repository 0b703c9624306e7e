"""An evaluation as files: the page and the JSON beside it.

In: an evaluation and a path. Out: a new folder with ``quality.html`` and ``quality.json``, or the one file that is named.
"""

from __future__ import annotations

import json
from pathlib import Path

from graphscan.evaluation.evaluation import Evaluation
from graphscan.evaluation.page import quality_page
from graphscan.publishing import published


def write_quality(found: Evaluation, out: Path) -> list[Path]:
    """Write the report: a name that ends in ``.html`` or ``.json`` is that one file, any other a folder of both.

    Returns the files. Raises :class:`OutputError` when ``out`` exists or its parent does not.
    """
    texts = {".html": quality_page, ".json": quality_json}
    with published(out) as work:
        if out.suffix in texts:
            work.write_text(texts[out.suffix](found), encoding="utf-8", newline="\n")
            return [out]
        work.mkdir()
        for ending, text in texts.items():
            (work / f"quality{ending}").write_text(text(found), encoding="utf-8", newline="\n")
    return [out / f"quality{ending}" for ending in texts]


def quality_json(found: Evaluation) -> str:
    """Return everything as JSON text, keys sorted, the same for the same input."""
    return json.dumps(found.as_json(), sort_keys=True, indent=1, ensure_ascii=False) + "\n"
