"""The state folder: where everything of a job lies, how a file is replaced whole, and the lock.

In: a folder. Out: :class:`State`. It holds ``lock``; ``intake.json`` (what was taken, which part files stand);
``days/TABLE/DAY-HASH.parquet``; ``passes/ID/``, each whole; ``work/`` (steps of a pass under way); ``outside.json``;
and ``metrics.prom``.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphscan.errors import InputError, OutsideError, SettingsError
from graphscan.publishing import remove, sync

_PASS = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.(\d+))?")


@dataclass(frozen=True)
class State:
    """A job's state folder."""

    folder: Path

    @property
    def days(self) -> Path:
        """Where the normalised rows lie, by table and day."""
        return self.folder / "days"

    @property
    def passes(self) -> Path:
        """Where each finished pass lies."""
        return self.folder / "passes"

    @property
    def work(self) -> Path:
        """Where the steps of an unfinished pass lie."""
        return self.folder / "work"

    def prepare(self) -> None:
        """Make the folders."""
        for folder in (self.days, self.passes, self.work):
            folder.mkdir(parents=True, exist_ok=True)

    def tidy(self) -> None:
        """Remove what a killed call left half-written; the steps of a pass under way are not, they stay until it is there."""
        for path in [*self.folder.glob(".*.partial"), *self.passes.glob(".*")]:
            remove(path)

    def pass_ids(self) -> list[str]:
        """Return the finished passes, oldest first."""
        names = [p.name for p in self.passes.iterdir()] if self.passes.is_dir() else []
        return sorted((n for n in names if _PASS.fullmatch(n)), key=pass_order)

    def last_pass(self) -> str | None:
        """Return the newest finished pass, or None."""
        return next(iter(reversed(self.pass_ids())), None)

    def read(self, name: str, default: Any) -> Any:
        """Return a JSON file of the state; ``default`` when it is not there yet."""
        path = self.folder / name
        if not path.exists():
            return default
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise InputError(f"{path} is not valid JSON: {error}; restore it from a backup") from None

    def write(self, name: str, value: Any) -> None:
        """Replace a JSON file of the state, whole or not at all."""
        write_whole(self.folder / name, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def pass_order(pass_id: str) -> tuple[str, int]:
    """Return what passes sort by: the day, then the revision."""
    found = _PASS.fullmatch(pass_id)
    if found is None:
        raise InputError(f"{pass_id!r} is no pass; allowed is a day such as 2026-03-05, or 2026-03-05.2")
    return found[1], int(found[2] or 1)


def next_pass_id(day: str, last: str | None) -> str:
    """Return the id of the next pass of a day: the day itself, then the day with a revision from 2 on."""
    if last is None or pass_order(last)[0] != day:
        return day
    return f"{day}.{pass_order(last)[1] + 1}"


def write_whole(path: Path, data: str | bytes) -> None:
    """Replace a file at once: written beside it, flushed to the disk, renamed."""
    part = path.with_name(f".{path.name}.partial")
    with part.open("wb") as stream:
        stream.write(data.encode("utf-8") if isinstance(data, str) else data)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    sync(path.parent)


@contextlib.contextmanager
def locked(state: State) -> Iterator[None]:
    """Hold the lock of a state folder; the system lets go of it however the process ends.

    Raises
    ------
    OutsideError
        When another pass holds it: running again later is safe.
    SettingsError
        When the folder cannot be made.
    """
    try:
        state.prepare()
        stream = (state.folder / "lock").open("a")
    except (FileExistsError, NotADirectoryError):
        raise SettingsError(f"state folder {state.folder} is no folder; name another") from None
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutsideError(
                f"another pass is running on state {state.folder}; nothing was changed, run again when it has ended"
            ) from None
        yield
