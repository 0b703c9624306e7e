"""The jinja2 environment of notices, case pages and the review site: escaping always on, unknown names are errors.

In: templates of this package. Out: HTML. Everything that comes from accounts is escaped, isolated from the direction of the text around
it, and shown with control characters written out.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from graphscan.reports.words import chance, label, listed, number, one_line, quoted, spoken, utc, visible


@functools.cache
def environment() -> Environment:
    """Return the environment, the same each time."""
    made = Environment(
        loader=PackageLoader("graphscan.casework", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters: Mapping[str, Callable[..., Any]] = {
        "chance": chance,
        "label": label,
        "listed": listed,
        "number": number,
        "one_line": one_line,
        "quoted": quoted,
        "spoken": spoken,
        "utc": utc,
        "visible": visible,
    }
    made.filters.update(filters)
    return made
