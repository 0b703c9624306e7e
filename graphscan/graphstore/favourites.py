"""The questions as favourites: a zip that the classic Browser takes by drop, and a CSV that the new one imports.

In: the questions. Out: bytes and text that are the same for the same questions.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence

from graphscan.graphstore.questions import Question

FOLDER = "graphscan"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def favourite(question: Question) -> str:
    """Return a question as Browser keeps it: its name as first line, what may be changed, then the Cypher."""
    hints = [f"// instead of {p.default!r}, {p.name}: {p.meaning}" for p in question.parameters]
    return "\n".join([f"// {question.name}", *hints, question.filled()]) + "\n"


def favourites_zip(questions: Sequence[Question]) -> bytes:
    """Return a zip with one folder of Cypher files, for the classic Browser."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for question in questions:
            entry = zipfile.ZipInfo(f"{FOLDER}/{question.slug}.cypher", _ZIP_TIME)
            archive.writestr(entry, favourite(question))
    return made.getvalue()


def favourites_csv(questions: Sequence[Question]) -> str:
    """Return the saved queries that the new Browser imports."""
    made = io.StringIO()
    rows = csv.writer(made, lineterminator="\n")
    rows.writerow(("name", "description", "query", "id", "parentId", "isFolder"))
    rows.writerow((FOLDER, "", "", 0, "", "true"))
    for number, question in enumerate(questions, 1):
        rows.writerow((question.name, question.asks, question.filled(), number, 0, "false"))
    return made.getvalue()
