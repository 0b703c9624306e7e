"""graphscan: finds batch-operated account clusters in a content platform's logs.

>>> import graphscan as gs                                   # doctest: +SKIP
>>> run = gs.run("data/samples/small_world", "my-run")       # doctest: +SKIP
>>> run.clusters, run.accounts                               # pandas frames  # doctest: +SKIP
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphscan.jobs.reading import Pass
    from graphscan.run import Run

__all__ = ["read_pass", "read_run", "run"]


def run(dataset: str | Path, out: str | Path | None = None, **settings: Any) -> Run:
    """Run the main job on a dataset folder and return the run.

    Parameters
    ----------
    dataset
        A folder in the form of ``docs/dataset.md``.
    out
        The run's folder, which must not exist yet. None: a temporary folder that goes when the run object does.
    settings
        Any setting of ``docs/settings.md`` by name, for example ``seed=2``.

    Raises
    ------
    graphscan.errors.GraphscanError
        With one message that names what is wrong and what is allowed.
    """
    from graphscan.pipeline import scan_dataset
    from graphscan.settings import make_settings

    if out is not None:
        return scan_dataset(Path(dataset), Path(out), make_settings(**settings))
    import weakref
    from tempfile import TemporaryDirectory

    holder = TemporaryDirectory(prefix="graphscan-")
    found = scan_dataset(Path(dataset), Path(holder.name) / "run", make_settings(**settings))
    weakref.finalize(found, holder.cleanup)
    return found


def read_run(path: str | Path) -> Run:
    """Open a run's folder; InputError when it is none."""
    from graphscan.run import Run

    return Run.open(Path(path))


def read_pass(path: str | Path) -> Pass:
    """Open a pass of a periodic job, or the last one of its state folder; InputError when it is neither."""
    from graphscan.jobs.reading import read_pass

    return read_pass(path)
