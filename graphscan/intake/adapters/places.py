"""Which files were handed in.

In: paths of files and folders. Out: one :class:`Place` a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from graphscan.errors import InputError


@dataclass(frozen=True)
class Place:
    """One file to read; ``from_folder``: it was found in a folder, so it may turn out to be none of ours."""

    path: Path
    name: str
    from_folder: bool


def places_of(exports: Sequence[Path]) -> list[Place]:
    """Return the files to read, in the order handed in.

    Raises
    ------
    InputError
        When none was named, or one does not exist.
    """
    if not exports:
        raise InputError("no export was named; hand in at least one file or folder")
    return [place for export in exports for place in _places_in(export)]


def _places_in(export: Path) -> Iterator[Place]:
    """Yield a file, or the files of a folder by their sorted paths; hidden files and links are no exports."""
    if export.is_dir():
        for path in sorted(export.rglob("*"), key=lambda path: path.relative_to(export).parts):
            inside = path.relative_to(export)
            if path.is_file() and not path.is_symlink() and not any(part.startswith(".") for part in inside.parts):
                yield Place(path, f"{export.name}/{inside.as_posix()}", True)
    elif export.is_file():
        yield Place(export, export.name, False)
    else:
        raise InputError(f"export {export} does not exist")
