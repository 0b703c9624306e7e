"""Progress for people, on standard error only: bars on a terminal, plain lines otherwise, silence when asked."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

EVERY_S = 60.0


class Progress(Protocol):
    """What a long step calls to say how far it is; see :class:`Lines` and :class:`Bars`."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin a named step of ``total`` units (None: unknown)."""

    def advance(self, units: int = 1) -> None:
        """Count ``units`` of the current step as done."""

    def say(self, line: str) -> None:
        """Print one line that matters whatever the step."""


class Silent:
    """Progress that says nothing: for library use and tests."""

    def step(self, name: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, units: int = 1) -> None:
        """Say nothing."""

    def say(self, line: str) -> None:
        """Say nothing."""


@dataclass
class _Step:
    """A step under way; ``told_at`` is when something was last said of it."""

    name: str
    total: int | None
    began: float
    done: int = 0
    told_at: float = 0.0

    def told(self, now: float) -> str | None:
        """How far it is and how long it still takes if it goes on as it did; None where that is not known, or was just said."""
        since = max(self.told_at, self.began)
        if not self.total or not 0 < self.done < self.total or now - since < EVERY_S:
            return None
        self.told_at = now
        left = (now - self.began) * (self.total - self.done) / self.done
        return f"{self.name}: {100 * self.done // self.total} %, about {_minutes(left)} left"


def _minutes(seconds: float) -> str:
    return f"{round(seconds / 60):,} min" if seconds >= 60 else f"{max(round(seconds), 1)} s"


class Lines:
    """One plain line when a step begins, and one a minute in long steps; for logs and pipes."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._step = _Step("", None, self._began)

    def step(self, name: str, total: int | None = None) -> None:
        """Print the step's name and the seconds since the start."""
        self._step = _Step(name, total, time.monotonic())
        self.say(f"{name} …" if total is None else f"{name} ({total:,}) …")

    def advance(self, units: int = 1) -> None:
        """Print how far the step is and about how long it still takes, once a minute: a log wants steps, not ticks."""
        self._step.done += units
        if (told := self._step.told(time.monotonic())) is not None:
            self.say(told)

    def say(self, line: str) -> None:
        """Print one line with the seconds since the start."""
        print(f"[{time.monotonic() - self._began:6.1f} s] {line}", file=sys.stderr, flush=True)


class Bars:
    """Bars of the ``rich`` package, one a step."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as RichProgress

        self._bars = RichProgress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._task: int | None = None

    def open(self) -> None:
        """Start drawing."""
        self._bars.start()

    def close(self) -> None:
        """Finish the last bar and stop drawing."""
        self._finish()
        self._bars.stop()

    def step(self, name: str, total: int | None = None) -> None:
        """Finish the former bar and begin a new one."""
        self._finish()
        self._task = self._bars.add_task(name, total=total)

    def advance(self, units: int = 1) -> None:
        """Move the current bar on."""
        if self._task is not None:
            self._bars.advance(self._task, units)  # type: ignore[arg-type]

    def say(self, line: str) -> None:
        """Print a line above the bars."""
        self._bars.console.print(line, markup=False, highlight=False)

    def _finish(self) -> None:
        if self._task is not None:
            task = next(t for t in self._bars.tasks if t.id == self._task)
            total = task.total if task.total is not None else max(task.completed, 1)
            self._bars.update(self._task, total=total, completed=total)  # type: ignore[arg-type]


@contextmanager
def on_stderr(quiet: bool = False) -> Iterator[Progress]:
    """Yield the progress that fits standard error: bars on a terminal, lines otherwise, nothing if ``quiet``."""
    if quiet:
        yield Silent()
    elif sys.stderr.isatty():
        bars = Bars()
        bars.open()
        try:
            yield bars
        finally:
            bars.close()
    else:
        yield Lines()
