"""The shelf: tables and arrays too large to hold, kept as files and given back memory-mapped.

In: pieces of tables, arrays. Out: the same, whose values stay on disk until somebody reads them. The files lie in one folder
that whoever made the shelf removes; nothing in them outlives a run.
"""

from __future__ import annotations

import ctypes
import dataclasses
import mmap
import threading
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

PIECE_BYTES = 1 << 28
PIECE_ROWS = 1 << 20
"""Most rows, and about the most bytes, of one piece: what is worked on at a time."""

HELD_SHARE = 16
MOST_HELD = 1 << 30
"""Tables of up to this part of the memory budget are held: there are nine, and what is worked out of them takes more. Larger ones than a
gigabyte never are: rows of them cannot be taken where a column has more text than 32-bit offsets reach."""


KEPT_BYTES = 1 << 20
KEPT_PARTS = 16
"""An array of at least a megabyte goes to the shelf when it takes more than 1/256 of the budget: a run has hundreds."""

WATCHED_S = 0.02
NEARLY = 1.1
"""Fifty times a second the process is asked for its memory: in between it reads some 60 MB of what is mapped, a hundredth of a budget of
8 GB. From a tenth below the budget on it forgets what it read."""

T = TypeVar("T")
Array = npt.NDArray[Any]


class Store(Protocol):
    """What may put large arrays on disk and give them back mapped."""

    def keep(self, value: T, /) -> T:
        """The same value."""

    def joined(self, pieces: Iterable[Array], /) -> Array:
        """The pieces (at least one), one behind another; each is asked for when those before it are put away."""

    def release(self) -> None:
        """Give back the memory of what was read of the disk so far."""


class Held:
    """What stands for a shelf where there is none: everything stays in memory."""

    def keep(self, value: T, /) -> T:
        """The value as it is."""
        return value

    def joined(self, pieces: Iterable[Array], /) -> Array:
        """The pieces, one behind another."""
        return np.concatenate(list(pieces))

    def release(self) -> None:
        """Nothing to give back."""


HELD = Held()


def _is_mapped(array: Array) -> bool:
    """Whether an array's values lie on disk already."""
    owner: Any = array
    while isinstance(owner, np.ndarray):
        owner = owner.base
    return isinstance(owner, memoryview) and isinstance(owner.obj, mmap.mmap)


def resident_bytes() -> int:
    """Memory that the process holds now, what is mapped included; 0 where the system does not tell."""
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * mmap.PAGESIZE
    return 0


def _give_back_unused() -> None:
    """Give freed memory back to the system: between two steps of ten million actions up to a gigabyte of it is held (measured)."""
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):  # only the GNU C library has it
        ctypes.CDLL(None).malloc_trim(0)


@dataclass
class Shelf:
    """Tables as files of one piece each; ``folder`` must be there, ``memory_bytes`` is the budget of the whole run."""

    folder: Path
    memory_bytes: int
    _pieces: dict[str, list[Path]] = field(default_factory=dict)
    _maps: list[weakref.ref[mmap.mmap]] = field(default_factory=list)
    _nulls: dict[pa.DataType, pa.Array] = field(default_factory=dict)
    _arrays: int = 0

    def too_large(self, table_bytes: int) -> bool:
        """Whether a table of that many bytes belongs on the shelf."""
        return table_bytes > min(self.memory_bytes / HELD_SHARE, MOST_HELD)

    def put(self, name: str, rows: pa.Table) -> None:
        """Append one piece to a table; columns without a value are not written. No rows: nothing happens."""
        if rows.num_rows == 0:
            return
        kept = rows.select([f.name for f in rows.schema if rows[f.name].null_count < rows.num_rows])
        pieces = self._pieces.setdefault(name, [])
        path = self.folder / f"{name}-{len(pieces):06d}.arrow"
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, kept.schema) as writer:
            writer.write_table(kept.combine_chunks())
        pieces.append(path)

    def table(self, name: str, schema: pa.Schema) -> pa.Table:
        """The table of that name, memory-mapped: one chunk a piece."""
        pieces = [self._open(path, schema) for path in self._pieces.get(name, ())]
        return pa.concat_tables(pieces) if pieces else schema.empty_table()

    def drop(self, name: str) -> None:
        """Remove a table's files; what is mapped of them stays readable as long as somebody holds it."""
        for path in self._pieces.pop(name, ()):
            path.unlink()

    def keep(self, value: T) -> T:
        """The same value, with its long arrays on disk: an array, or dataclasses, dictionaries, tuples and lists that hold some."""
        if isinstance(value, np.ndarray):
            return self._kept(value) if self._is_long(value.nbytes) else value
        if isinstance(value, dict):
            return type(value)((name, self.keep(part)) for name, part in value.items())
        if isinstance(value, tuple | list):
            parts = [self.keep(part) for part in value]
            return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            held = {f.name: getattr(value, f.name) for f in dataclasses.fields(value) if f.init}
            kept = {name: self.keep(part) for name, part in held.items()}
            changed = {name: part for name, part in kept.items() if part is not held[name]}
            return dataclasses.replace(value, **changed) if changed else value
        return value

    def joined(self, pieces: Iterable[Array]) -> Array:
        """The pieces (at least one), one behind another: in memory as long as they are short, else each goes to disk as it comes."""
        held: list[Array] = []
        rest = iter(pieces)
        for piece in rest:
            held.append(piece)
            if self._is_long(sum(part.nbytes for part in held)):
                return self._written(chain([np.concatenate(held)], rest))
        return np.concatenate(held)

    def release(self) -> None:
        """Give back the memory of what was read so far, read from disk again when next asked for, and what nobody uses any more."""
        _give_back_unused()
        self._maps = [there for there in self._maps if there() is not None]
        self._forget()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Meanwhile give back what was read of the disk whenever the process holds nearly as much memory as the budget.

        What is mapped is a copy of what lies on disk, so that nothing is lost but the time to read it again.
        """
        over = threading.Event()
        try:
            threading.Thread(target=self._watch, args=(over,)).start()  # no daemon: none outlives Python's end
            yield
        finally:
            over.set()

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(WATCHED_S):
            if resident_bytes() * NEARLY > self.memory_bytes:
                self._forget()

    def _forget(self) -> None:
        if hasattr(mmap, "MADV_DONTNEED"):
            for mapped in filter(None, [there() for there in self._maps]):
                mapped.madvise(mmap.MADV_DONTNEED)

    def _is_long(self, n_bytes: int) -> bool:
        """Whether an array of that many bytes belongs on the shelf."""
        return n_bytes >= KEPT_BYTES and n_bytes * HELD_SHARE * KEPT_PARTS > self.memory_bytes

    def _kept(self, array: Array) -> Any:
        return array if _is_mapped(array) else self._written([array]).reshape(array.shape)

    def _written(self, pieces: Iterable[Array]) -> Array:
        """All values of the pieces in one file, mapped."""
        path = self.folder / f"array-{self._arrays:06d}"
        self._arrays += 1
        with path.open("wb") as sink:
            for piece in pieces:
                kind = piece.dtype
                sink.write(np.ascontiguousarray(piece).data)  # not tofile, which does not tell when the disk is full
        with path.open("rb") as stream:
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)
        path.unlink()  # its bytes stay until nobody holds the map
        self._maps.append(weakref.ref(mapped))
        return np.frombuffer(mapped, kind)

    def _open(self, path: Path, schema: pa.Schema) -> pa.Table:
        with path.open("rb") as stream:
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        self._maps.append(weakref.ref(mapped))
        held = pa.ipc.open_file(pa.BufferReader(pa.py_buffer(mapped))).read_all()
        there = set(held.column_names)
        columns = [held[f.name] if f.name in there else self._null(f.type, held.num_rows) for f in schema]
        return pa.table(columns, schema)

    def _null(self, kind: pa.DataType, rows: int) -> pa.Array:
        """Nulls; all columns of a type share one array."""
        if kind not in self._nulls or len(self._nulls[kind]) < rows:
            self._nulls[kind] = pa.nulls(max(rows, PIECE_ROWS), kind)
        return self._nulls[kind].slice(0, rows)
