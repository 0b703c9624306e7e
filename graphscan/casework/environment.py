"""The jinja2 environment of notices, case pages and the review site: the reports' own, with the templates of this room.

In: templates of this package. Out: HTML. Everything that comes from accounts is escaped, isolated from the direction of the text around
it, and shown with control characters written out.
"""

from __future__ import annotations

import functools

from jinja2 import Environment, PackageLoader

from graphscan.reports import page


@functools.cache
def environment() -> Environment:
    """Return the environment, the same each time."""
    return page.environment().overlay(loader=PackageLoader("graphscan.casework", "templates"))
