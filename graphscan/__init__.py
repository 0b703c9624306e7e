"""graphscan: finds batch-operated account clusters in a content platform's logs, for people to look at.

Find, look, explain::

    import graphscan as gs

    run = gs.run("data/samples/small_world", "my-run")   # or gs.read_run("my-run")
    run                                   # in Jupyter: a card of the run
    run.clusters, run.accounts            # pandas frames, one for each table of the run
    cluster = run.cluster(run.clusters["cluster_id"][0])
    cluster                               # in Jupyter: the case on one card
    cluster.members, cluster.evidence     # pandas frames
    cluster.graph()                       # a networkx graph; run.igraph(): all clusters, in layers
    run.plot_timeline(cluster.id)         # matplotlib axes; also plot_raster, plot_graph, plot_layers,
                                          # plot_relay, plot_clocks, plot_decisions
    run.plot_waterfall("an account's id") # how its own weight adds up
    print(run.explain(cluster.id))        # why, in sentences, down to the rows

Look for something of your own: give ``gs.run`` a :class:`Behaviour` (see ``docs/analysts.md``).

Ids are text, times are UTC, null is "not known" and never "no". A cluster is a reason to look, not a verdict.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphscan.behaviours.library import BEHAVIOURS, Behaviour, Source
    from graphscan.errors import GraphscanError, InputError, OutputError, OutsideError, SettingsError
    from graphscan.jobs.reading import Pass
    from graphscan.reports.explanation import Explanation
    from graphscan.reports.views import ClusterView
    from graphscan.run import Run

__all__ = [
    "BEHAVIOURS",
    "Behaviour",
    "ClusterView",
    "Explanation",
    "GraphscanError",
    "InputError",
    "OutputError",
    "OutsideError",
    "Pass",
    "Run",
    "SettingsError",
    "Source",
    "read_pass",
    "read_run",
    "run",
]

_LIVES_IN = {
    "BEHAVIOURS": "graphscan.behaviours.library",
    "Behaviour": "graphscan.behaviours.library",
    "Source": "graphscan.behaviours.library",
    "ClusterView": "graphscan.reports.views",
    "Explanation": "graphscan.reports.explanation",
    "Pass": "graphscan.jobs.reading",
    "Run": "graphscan.run",
    **dict.fromkeys(
        ("GraphscanError", "InputError", "OutputError", "OutsideError", "SettingsError"), "graphscan.errors"
    ),
}
"""Where each public name lives; it is imported when first asked for, so that ``graphscan --help`` stays light."""


def run(
    dataset: str | Path,
    out: str | Path | None = None,
    *,
    behaviours: Sequence[str | Behaviour] = (),
    **settings: Any,
) -> Run:
    """Run the main job on a dataset folder and return the run.

    Parameters
    ----------
    dataset
        A folder in the form of ``docs/dataset.md``.
    out
        The run's folder, which must not exist yet. None: a temporary folder that goes when the run object does.
    behaviours
        What to look at: names of built-in behaviours, or :class:`Behaviour` values of your own. Empty: all built-in
        ones. ``[*gs.BEHAVIOURS, mine]`` looks at yours besides.
    settings
        Any other setting of ``docs/settings.md`` by name, for example ``seed=2``.

    Returns
    -------
    Run
        Its tables are pandas frames; the same dataset, settings and versions give the same run, byte for byte.

    Raises
    ------
    graphscan.errors.GraphscanError
        With one message that names what is wrong and what is allowed.
    """
    from graphscan.behaviours.own import names_and_own
    from graphscan.pipeline import scan_dataset
    from graphscan.settings import make_settings

    names, own = names_and_own(behaviours)
    wanted = make_settings(behaviours=names, **settings)
    if out is not None:
        return scan_dataset(Path(dataset), Path(out), wanted, added=own)
    import weakref
    from tempfile import TemporaryDirectory

    holder = TemporaryDirectory(prefix="graphscan-")
    found = scan_dataset(Path(dataset), Path(holder.name) / "run", wanted, added=own)
    weakref.finalize(found, holder.cleanup)
    return found


def read_run(path: str | Path) -> Run:
    """Open a run's folder; its tables are read when first asked for.

    Raises
    ------
    graphscan.errors.InputError
        When the folder is no run, or one of its files is missing or unreadable.
    """
    from graphscan.run import Run

    return Run.open(Path(path))


def read_pass(path: str | Path) -> Pass:
    """Open a pass of a periodic job, or the last one of its state folder; InputError when it is neither."""
    from graphscan.jobs.reading import read_pass

    return read_pass(path)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _LIVES_IN:
        raise AttributeError(f"module 'graphscan' has no attribute {name!r}; it offers {', '.join(__all__)}")
    from importlib import import_module

    return getattr(import_module(_LIVES_IN[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """The package itself: its ``run`` stays the function, where importing the module ``graphscan.run`` would set it anew."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name == "run" and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
