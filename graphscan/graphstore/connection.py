"""A connection that never waits for ever: work runs in a thread of its own, and silence ends in an error.

In: :class:`Access`. Out: :class:`Connection`. The driver itself waits without end when packets vanish (150 s seen),
and a socket's time-out does not reach into it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from graphscan.errors import GraphscanError, InputError, OutsideError, SettingsError
from graphscan.graphstore.access import Access

if TYPE_CHECKING:
    from neo4j import Driver, ManagedTransaction, Session

PATIENCE_S = 45.0
"""Seconds without an answer after which a server counts as gone; with connecting and leaving it stays under 60."""
_LEAVING_S = 3.0
_RETRY_S = 25.0
_CONNECT_S = 10.0

T = TypeVar("T")
Rows = list[dict[str, Any]]


class Connection:
    """Transactions against one database, each given at most ``patience_s`` seconds, retries included."""

    def __init__(self, driver: Driver, access: Access, patience_s: float) -> None:
        self._driver, self._access, self._patience_s = driver, access, patience_s
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        # a daemon: a thread stuck in a dead socket must not keep the process from ending
        threading.Thread(target=self._work, name="graphscan-neo4j", daemon=True).start()

    def _work(self) -> None:
        while True:
            self._jobs.get()()

    def write(self, work: Callable[[ManagedTransaction], T]) -> T:
        """Run ``work`` in one managed transaction, again after a deadlock or a lost connection; return its result."""
        return self._within(lambda: self._session(lambda s: s.execute_write(work)))

    def read(self, cypher: str, **parameters: object) -> Rows:
        """Run a reading statement; one map a row, in Python values."""
        return self._within(lambda: self._session(lambda s: s.execute_read(_rows, cypher, parameters)))

    def ask(self, work: Callable[[ManagedTransaction], T]) -> T:
        """Run ``work`` in one managed transaction that may only read; return its result."""
        return self._within(lambda: self._session(lambda s: s.execute_read(work)))

    def execute(self, cypher: str, **parameters: object) -> Rows:
        """Run one writing statement in a transaction of its own; one map a row."""
        return self.write(lambda tx: _rows(tx, cypher, parameters))

    def meet(self) -> None:
        """Check that the server answers and lets us in."""
        self._within(self._driver.verify_connectivity)

    def leave(self) -> None:
        """Close the driver, for as long as that takes up to three seconds."""
        self._wait(self._driver.close, _LEAVING_S)

    def _session(self, use: Callable[[Session], T]) -> T:
        with self._driver.session(database=self._access.database) as session:
            return use(session)

    def _within(self, job: Callable[[], T]) -> T:
        done, result, error = self._wait(job, self._patience_s)
        if not done:
            raise OutsideError(
                f"{self._access.uri} has not answered for {self._patience_s:g} s; what was written stays, running again is safe"
            )
        if error is not None:
            raise _told(error, self._access) from error
        return result  # type: ignore[return-value]

    def _wait(self, job: Callable[[], T], seconds: float) -> tuple[bool, T | None, BaseException | None]:
        answers: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()

        def run() -> None:
            try:
                answers.put((job(), None))
            except BaseException as error:  # noqa: BLE001  handed to the waiting thread, which raises it
                answers.put((None, error))

        self._jobs.put(run)
        try:
            return (True, *answers.get(timeout=seconds))
        except queue.Empty:
            return False, None, None


def _rows(tx: ManagedTransaction, cypher: str, parameters: dict[str, object]) -> Rows:
    return [record.data() for record in tx.run(cypher, parameters)]


def _told(error: BaseException, access: Access) -> BaseException:
    """Return the error in this tool's words and with its exit code."""
    from neo4j import exceptions as n

    if isinstance(error, GraphscanError) or not isinstance(error, n.Neo4jError | n.DriverError | OSError):
        return error
    if isinstance(error, n.AuthError):
        return SettingsError(
            f"{access.uri} does not let user {access.user!r} in; check NEO4J_USER and NEO4J_PASSWORD (or --password-file)"
        )
    told = " ".join(str(error).split())[:400]
    if isinstance(error, n.ClientError):
        return InputError(f"{access.uri} refuses: {told}")
    return OutsideError(f"{access.uri}: {type(error).__name__}: {told}; running again is safe")


@contextmanager
def connected(access: Access, patience_s: float = PATIENCE_S) -> Iterator[Connection]:
    """Yield a connection to a server that answered.

    Raises
    ------
    OutsideError
        When the server is not there, or says nothing for ``patience_s`` seconds.
    SettingsError
        When the server does not accept user and password, or the driver is not installed.
    """
    connection = Connection(_driver(access), access, patience_s)
    try:
        connection.meet()
        yield connection
    finally:
        connection.leave()


def _driver(access: Access) -> Driver:
    try:
        from neo4j import GraphDatabase
    except ModuleNotFoundError:
        raise SettingsError("the Neo4j driver is not installed: pip install 'graphscan[neo4j]'") from None
    return GraphDatabase.driver(
        access.uri,
        auth=access.auth,
        connection_timeout=_CONNECT_S,
        connection_acquisition_timeout=_RETRY_S,
        max_transaction_retry_time=_RETRY_S,
        notifications_min_severity="OFF",
        telemetry_disabled=True,
        user_agent="graphscan",
    )
