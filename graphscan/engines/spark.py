"""The meetings stage on Spark: one task per pair of blocks of accounts, each with the actions of these blocks only.

In: a packed log, tasks, a search. Out: what :class:`~graphscan.behaviours.meetings.Local` gives, the same bytes. Spark
sends every action to the tasks of its block (``explode``, ``groupBy``), and each task runs the same compiled search in
the Python of its worker (``applyInArrow``). Which cluster, how many executors and how much memory is Spark's own
configuration: ``spark-submit``, ``spark-defaults.conf`` or ``PYSPARK_SUBMIT_ARGS``.
"""

from __future__ import annotations

import os
import pickle
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import pyarrow as pa

from graphscan.behaviours.meetings import BlockPair, Keep
from graphscan.behaviours.searching import (
    Ints,
    Log,
    Meetings,
    Noted,
    Search,
    counts_between,
    kept_of,
    pack,
    pairs_between,
)
from graphscan.errors import OutsideError, SettingsError

TASKS_PER_CORE = 3
"""Tasks are uneven; with three a core the last ones are short."""

ROWS_SENT = 1 << 20
"""Actions in one piece on their way to Spark: 21 MB, below the 128 MB that Spark lets one task carry; its default of
10,000 would cut a day of 70 million into thousands of tasks that do nothing else."""

TASK = pa.schema([("task", pa.int32()), ("found", pa.binary())])
SPARK_TASK = "task int, found binary"

SENDING = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(ROWS_SENT),
    "spark.sql.execution.arrow.localRelationThreshold": "0",
}
"""How actions go to Spark: as Arrow, piece by piece. Below 48 MB it would make objects of them in the driver's Java, which
3 million actions bring down in its 1 GB."""

Work = Callable[[Log, BlockPair, ThreadPoolExecutor], Any]


def start() -> Spark:
    """Return an engine on the Spark session that there is, or on a new one.

    Raises
    ------
    SettingsError
        When PySpark or Java is not installed.
    OutsideError
        When Spark does not start: its configuration names a cluster that does not answer, or Java is too old for it.
    """
    if find_spec("pyspark") is None:
        raise SettingsError('engine "spark" needs PySpark, which is not installed: pip install "graphscan[spark]"')
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise SettingsError('engine "spark" needs Java 17 or 21, by the PATH or by JAVA_HOME, and none is there')
    from pyspark.sql import SparkSession

    os.environ.setdefault(
        "PYSPARK_PYTHON", sys.executable
    )  # workers on this machine; a cluster's submission names its own
    with _outside("start"):
        # a session of its own: what is set here is not set for whoever else uses this Spark
        session = SparkSession.builder.appName("graphscan").getOrCreate().newSession()
        for name, value in SENDING.items():
            session.conf.set(name, value)
        return Spark(session, _blocks(session.sparkContext.defaultParallelism))


def _blocks(cores: int) -> int:
    """The fewest blocks whose pairs are enough tasks for so many cores."""
    return int(np.ceil((np.sqrt(8 * TASKS_PER_CORE * cores + 1) - 1) / 2))


@dataclass(frozen=True)
class Spark:
    """A Spark session, and the blocks of accounts that the work is cut into at least."""

    session: Any
    blocks: int
    threads: int = 1  # Spark gives a task one core

    def counts(self, log: Log, tasks: Sequence[BlockPair], search: Search) -> tuple[Ints, Noted | None]:
        """See :class:`~graphscan.behaviours.meetings.Engine`."""
        found = self._run(log, tasks, _Counting(search))
        total: Ints = np.sum([*found.values(), np.zeros(len(search.cuts) + 1, np.int64)], axis=0)
        return total, None

    def pairs(
        self, log: Log, tasks: Sequence[BlockPair], search: Search, keep: Keep
    ) -> Iterator[tuple[int, list[Meetings]]]:
        """See :class:`~graphscan.behaviours.meetings.Engine`."""
        found = self._run(log, tasks, _Finding(search, keep))
        yield from (found.get(number, (0, [])) for number in range(len(tasks)))

    def _run(self, log: Log, tasks: Sequence[BlockPair], work: Work) -> dict[int, Any]:
        """What each task, by its number, found; tasks without any action are not there."""
        with _outside("finish the search"):
            shared = self.session.sparkContext.broadcast(_Shared(list(tasks), log.n_accounts, work))
            grouped = self._sent(log, tasks).groupBy("task")
            told = grouped.applyInArrow(_task_function(shared), SPARK_TASK).toArrow()
            shared.unpersist()
        return {n: pickle.loads(found) for n, found in zip(*(c.to_pylist() for c in told.columns), strict=True)}

    def _sent(self, log: Log, tasks: Sequence[BlockPair]) -> Any:
        """The actions of each task, in the partition of its number.

        By hash, Spark's other way, six tasks came to lie in three partitions, three of them in one.
        """
        from pyspark.sql import functions as f

        blocks = sorted({block for pair in tasks for block in pair})
        number = {pair: n for n, pair in enumerate(tasks)}
        of_block = [[number[min(a, b), max(a, b)] for b in blocks] for a in blocks]
        listed = f.array(*(f.array(*map(f.lit, row)) for row in of_block))
        actions = self.session.createDataFrame(_actions(log, np.array([stop for _, stop in blocks])))
        sent = actions.withColumn("task", f.explode(f.get(listed, "block"))).drop("block")
        return sent.repartitionById(len(tasks), "task")


@contextmanager
def _outside(what: str) -> Iterator[None]:
    """Turn what Spark raises into one line: running again is safe, since nothing was written.

    That PySpark does not support pandas 3 yet is no news here: only Arrow tables go in and out.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
            yield
    except (PySparkException, Py4JError) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        raise OutsideError(f"Spark did not {what}: {lines[-1] if lines else type(error).__name__}") from error


def _actions(log: Log, stops: Ints) -> pa.Table:
    """The log's actions, with the block of each one's account."""
    account = (log.actions >> log.shift).astype(np.int32)
    at = (log.actions & np.uint64((1 << int(log.shift)) - 1)).astype(np.int64) + log.origin_ms
    object_ = np.repeat(np.arange(len(log.start) - 1, dtype=np.int32), np.diff(log.start))
    block = np.searchsorted(stops, account, side="right").astype(np.int32)
    return pa.table({"account": account, "object": object_, "at_ms": at, "block": block})


@dataclass(frozen=True)
class _Shared:
    """What every task needs, whatever its actions."""

    tasks: list[BlockPair]
    n_accounts: int
    work: Work


def _task_function(shared: Any) -> Callable[[tuple[pa.Scalar, ...], pa.Table], pa.Table]:
    """The function that Spark calls with one task's actions; ``shared`` is a broadcast variable of :class:`_Shared`."""

    def done(key: tuple[pa.Scalar, ...], actions: pa.Table) -> pa.Table:
        what, number = shared.value, int(key[0].as_py())
        account, object_, at_ms = (actions.column(name).to_numpy() for name in ("account", "object", "at_ms"))
        order = np.lexsort((account, at_ms))  # Spark hands rows over in any order
        log = pack(account[order], object_[order], at_ms[order], what.n_accounts)
        with ThreadPoolExecutor(1) as pool:
            found = what.work(log, what.tasks[number], pool)
        return pa.table([pa.array([number], pa.int32()), pa.array([pickle.dumps(found)], pa.binary())], TASK)

    return done


@dataclass(frozen=True)
class _Counting:
    search: Search

    def __call__(self, log: Log, task: BlockPair, pool: ThreadPoolExecutor) -> Ints:
        return counts_between(log, *task, self.search, pool)[0]


@dataclass(frozen=True)
class _Finding:
    search: Search
    keep: Keep

    def __call__(self, log: Log, task: BlockPair, pool: ThreadPoolExecutor) -> tuple[int, list[Meetings]]:
        return kept_of(pairs_between(log, *task, self.search, pool), self.keep)
