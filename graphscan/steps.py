"""Steps: what each step of a run took, for its manifest.

In: names. Out: seconds and peak memory per step, as one list of plain values.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from graphscan.progress import Progress


@dataclass
class Steps:
    """A stopwatch: ``taken`` holds name, wall seconds, CPU seconds and the process's peak memory so far in MB.

    ``between`` is called after each step.
    """

    progress: Progress
    between: Callable[[], None] = lambda: None
    taken: list[dict[str, float | str]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str, total: int | None = None) -> Iterator[None]:
        """Time the block and show it as one step of progress."""
        self.progress.step(name, total)
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.taken.append(
            {
                "name": name,
                "seconds": round(time.perf_counter() - wall, 3),
                "cpu_seconds": round(time.process_time() - cpu, 3),
                "peak_mb": round(peak_mb()),
            }
        )
        self.between()


def peak_mb() -> float:
    """Peak resident memory of this process so far, in MB (10^6 bytes)."""
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB here
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
