"""The periodic job: new partitions in, a pass for every day that has none, what is outside, and then the metrics.

In: a :class:`JobConfig`. Out: :class:`Done`. One at a time (a lock), safe to run twice, safe to kill: whatever moment it dies at,
the next call ends in the same bytes, but for what a clock writes (``steps`` in a run's manifest, ``metrics.prom``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from graphscan.errors import OutsideError, SettingsError
from graphscan.jobs.config import JobConfig
from graphscan.jobs.days import action_days
from graphscan.jobs.deliveries import take_in
from graphscan.jobs.metrics import metrics_text
from graphscan.jobs.outcomes import erase_from_ledger
from graphscan.jobs.outside import FILE, access, go_outside
from graphscan.jobs.passes import make_pass, plan, read_manifest, stands
from graphscan.jobs.pseudonyms import Pseudonyms, read_pseudonyms
from graphscan.jobs.register import Register, open_register, reading_of
from graphscan.jobs.retention import erase_rows, purge_days, purge_passes, remove_passes_of_erased
from graphscan.jobs.state import State, locked, pass_order, write_whole
from graphscan.progress import Progress, Silent
from graphscan.publishing import remove


@dataclass(frozen=True)
class Done:
    """What one call did: passes made, the newest pass, files taken in, passes removed because they held an erased account."""

    made: tuple[str, ...]
    last_pass: str | None
    folder: Path | None
    files: int
    removed: tuple[str, ...] = ()
    rows_erased: int | None = None
    ledger: Mapping[str, int] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        folder = None if self.folder is None else str(self.folder)
        return {**vars(self), "made": list(self.made), "removed": list(self.removed), "folder": folder}


def run_job(config: JobConfig, until: str | None = None, once: bool = False, progress: Progress | None = None) -> Done:
    """Take in what is new and make every pass that is missing, oldest day first.

    Parameters
    ----------
    config
        The job.
    until
        The last day to pass (``2026-03-05``); by default the newest delivered day that is not in the future.
    once
        Make one pass at most.
    progress
        Told each step; silent by default.

    Raises
    ------
    InputError, SettingsError
        When a file cannot be read or the job is told wrong; what stood before stands.
    OutsideError
        When another pass is running, or an outside system failed after the passes were made. Running again is safe.
    """
    told = progress or Silent()
    state = State(config.path(config.state))
    pseudonyms = _pseudonyms(config)
    access(config)
    with locked(state):
        state.tidy()
        register = open_register(state, reading_of(config, pseudonyms))
        before = len(register.deliveries)
        take_in(state, config, register, pseudonyms, told)
        return _pass_on(state, config, register, len(register.deliveries) - before, told, until, once)


def erase_account(config: JobConfig, account_id: str, progress: Progress | None = None) -> Done:
    """Erase an account from days, passes, graph and ledger; the newest pass is made anew without it.

    Passes that held the account are removed, the newest excepted, which is made again. Nothing of the dataset folders is
    touched: they are not the job's. Raises as :func:`run_job` does.
    """
    told = progress or Silent()
    state = State(config.path(config.state))
    pseudonyms = _pseudonyms(config)
    access(config)
    if not account_id:
        raise SettingsError("erase needs the id of an account")
    with locked(state):
        state.tidy()
        register = open_register(state, reading_of(config, pseudonyms))
        known = pseudonyms.name(account_id) if pseudonyms else account_id
        in_ledger = erase_from_ledger(config, known)  # first: a measure that stands forbids the rest
        rows = erase_rows(state, register, known)
        done = _pass_on(state, config, register, 0, told, _last_day(state), False)
        return Done(done.made, done.last_pass, done.folder, 0, done.removed, rows, in_ledger)


def _pass_on(
    state: State, config: JobConfig, register: Register, files: int, told: Progress, until: str | None, once: bool
) -> Done:
    made = []
    for day in _missing(state, register, config, until):
        purge_days(state, config, register, day)
        if stands(state, config, register, day):
            continue
        wanted = plan(state, config, register, day)
        told.say(f"pass {wanted.pass_id}")
        make_pass(state, config, register, wanted, told)
        made.append(wanted.pass_id)
        if once:
            break
    for left in state.work.iterdir():  # steps of a pass that is there, or that nobody wants any more
        remove(left)
    removed = remove_passes_of_erased(state, register)
    purge_passes(state, config)
    failed = go_outside(state, config, told)
    write_whole(state.folder / "metrics.prom", metrics_text(state, failed))
    if failed:
        raise OutsideError("; ".join(failed) + "; the pass itself is done, the next call tries this again")
    last = state.last_pass()
    return Done(tuple(made), last, state.passes / last if last else None, files, tuple(removed))


def _last_day(state: State) -> str | None:
    last = state.last_pass()
    return pass_order(last)[0] if last else None


def _missing(state: State, register: Register, config: JobConfig, until: str | None) -> list[str]:
    """Return the days to look at: every later day on which somebody did something, else the last pass's own: late data may have come.

    The first call begins with the newest day: there is nothing before it to compare with.
    """
    days = [d for d in action_days(register.parts) if d <= (until or _today(config))]
    last = _last_day(state)
    if last is None:
        return days[-1:]
    later = [d for d in days if d > last]
    return later or ([last] if until is None or last <= until else [])


def _today(config: JobConfig) -> str:
    """Today in the job's zone: a row from the future (a broken clock) makes no pass."""
    return dt.datetime.now(ZoneInfo(config.day_timezone)).date().isoformat()


def _pseudonyms(config: JobConfig) -> Pseudonyms | None:
    name = config.pseudonym_key_file
    return read_pseudonyms(config.path(name)) if name else None


def status(config: JobConfig) -> Mapping[str, Any]:
    """Return where a job stands, without the lock and without changing anything."""
    state = State(config.path(config.state))
    register = open_register(state, reading_of(config, _pseudonyms(config)))
    days, last = action_days(register.parts), state.last_pass()
    manifest = read_manifest(state, last) if last else {}
    return {
        "state": str(state.folder),
        "last_pass": last,
        "passes": state.pass_ids(),
        "window": manifest.get("window"),
        "files": len(register.deliveries),
        "days": {"first": days[0], "last": days[-1], "count": len(days)} if days else None,
        "days_without_pass": [d for d in days if last and d > pass_order(last)[0]],
        "erased": len(register.erased),
        "purged_before": register.purged_before or None,
        "outside": state.read(FILE, {}),
    }
