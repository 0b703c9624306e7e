"""An output folder that appears whole or not at all.

In: a function that fills a folder. Out: that folder under its final name, after every byte reached the disk.
Kill the process at any point and the final name is either absent or complete; what was begun lies in a
sibling whose name starts with a dot and is swept away by the next run to the same place.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graphscan.errors import OutputError, OutsideError

_CHUNK_BYTES = 1 << 20


def sha256_of(path: Path) -> str:
    """Return the lower-case hexadecimal SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def check_free(out: Path) -> None:
    """Refuse an output that exists already or has no parent folder, before any work is done.

    Raises
    ------
    OutputError
        When ``out`` exists, or the folder it should appear in does not.
    """
    if out.exists() or out.is_symlink():
        raise OutputError(f"output {out} exists already; name a new folder or remove it first")
    if not out.resolve().parent.is_dir():
        raise OutputError(f"output {out}: the folder {out.resolve().parent} does not exist; make it first")


@contextmanager
def published(out: Path) -> Iterator[Path]:
    """Yield a hidden working folder (or file path) beside ``out``, renamed to ``out`` when the block ends well.

    The working path does not exist yet: the block makes it (``mkdir`` or by writing a file). On any error it is
    removed and ``out`` stays absent. Raises :class:`OutputError` as :func:`check_free` does and
    :class:`OutsideError` when the disk is full.
    """
    check_free(out)
    final = out.resolve()
    work = final.parent / f".{final.name}.graphscan-partial"
    remove(work)
    try:
        yield work
        _sync_tree(work)
        check_free(out)
        work.rename(final)
        sync(final.parent)
    except OSError as error:
        remove(work)
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise OutsideError(f"writing {out} failed: {error.strerror}; nothing was published") from error
        raise
    except BaseException:
        remove(work)
        raise


def remove(path: Path) -> None:
    """Remove a file, a link or a folder with all that it holds, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync_tree(path: Path) -> None:
    if path.is_dir():
        for child in path.iterdir():
            _sync_tree(child)
    sync(path)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, have reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
