"""The rows of a foreign file, whatever its container, each with its line; a bad line never ends the reading.

In: an :class:`~graphscan.intake.adapters.export.Export` and who to tell about a bad line. Out: (line, row)
pairs. Lines count from 1; in SQLite, spreadsheets and JSON arrays they are row numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import Any

from graphscan.errors import InputError
from graphscan.intake.adapters.export import MAX_CELL_CHARS, Export, connect, lines_of, parse_json, workbook

Row = tuple[int, dict[str, Any]]
OnFault = Callable[[int, str], None]


def read_rows(export: Export, table: str, on_fault: OnFault) -> Iterator[Row]:
    """Yield the rows of one table of an export as dicts by column name.

    Raises
    ------
    InputError
        When the container holds no rows by column (Parquet is read whole, not by this).
    """
    match export.container:
        case "csv":
            return _csv_rows(export, on_fault)
        case "json" | "jsonl":
            return read_objects(export, on_fault)
        case "sqlite":
            return _sqlite_rows(export, table)
        case "xlsx":
            return _sheet_rows(export, table, on_fault)
        case _:
            raise InputError(f"export {export.name} is {export.container}: it has no rows that this format reads")


def read_cells(export: Export, on_fault: OnFault) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV as lists of cells, the header first, each with the line it begins on."""
    reader = csv.reader(lines_of(export.path, export.encoding), delimiter=export.delimiter)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            on_fault(line, f"a cell longer than {MAX_CELL_CHARS:,} characters: a quote was never closed")
            continue
        if cells:
            yield line, cells


def read_objects(export: Export, on_fault: OnFault) -> Iterator[Row]:
    """Yield the JSON objects of an export: a line each, the members of an array, or the one document."""
    if export.container == "jsonl":
        yield from _json_lines(export, on_fault)
    elif export.container == "json":
        document = export.document
        for number, member in enumerate(document if isinstance(document, list) else [document], 1):
            if isinstance(member, dict):
                yield number, member
            else:
                on_fault(number, "not a JSON object")
    else:
        raise InputError(f"export {export.name} is {export.container}: this format is JSON")


def _json_lines(export: Export, on_fault: OnFault) -> Iterator[Row]:
    for number, line in enumerate(lines_of(export.path, export.encoding), 1):
        if not line.strip():
            continue
        try:
            member = parse_json(line)
        except ValueError:
            on_fault(number, "not valid JSON")
            continue
        if isinstance(member, dict):
            yield number, member
        else:
            on_fault(number, "not a JSON object")


def _csv_rows(export: Export, on_fault: OnFault) -> Iterator[Row]:
    header: list[str] = []
    for line, cells in read_cells(export, on_fault):
        if not header or _is_header_again(cells, header):
            header = _header(export, cells)
        elif len(cells) != len(header):
            on_fault(line, f"{len(cells)} fields where the header has {len(header)}")
        else:
            yield line, dict(zip(header, cells, strict=True))


def _header(export: Export, cells: list[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise InputError(f"export {export.name}: the header has {', '.join(twice)} twice")
    return names


def _is_header_again(cells: list[str], header: list[str]) -> bool:
    """Whether a row is a header in the middle of a file.

    A collector that was upgraded leaves one, and so do files joined by hand.
    """
    known = sum(cell.strip() in header for cell in cells if cell.strip())
    return known >= 2 and known * 2 >= len(cells)


def _sqlite_rows(export: Export, table: str) -> Iterator[Row]:
    connection = connect(export.path)
    try:
        quoted = table.replace('"', '""')
        cursor = connection.execute(f'SELECT * FROM "{quoted}"')
        names = [column[0] for column in cursor.description]
        for number, row in enumerate(cursor, 1):
            yield number, dict(zip(names, row, strict=True))
    except connection.DatabaseError as error:
        raise InputError(f"export {export.name} is a broken SQLite file: {error}") from None
    finally:
        connection.close()


def _sheet_rows(export: Export, table: str, on_fault: OnFault) -> Iterator[Row]:
    book = workbook(export.path, export.name)
    header = export.tables[table]
    try:
        for number, cells in enumerate(book[table].iter_rows(min_row=2, values_only=True), 2):
            if any(cell is not None for cell in cells[len(header) :]):
                on_fault(number, f"{len(cells)} cells where the header has {len(header)}")
            elif any(cell is not None for cell in cells):
                padded = [*cells, *[None] * (len(header) - len(cells))]
                yield number, dict(zip(header, padded, strict=False))
    finally:
        book.close()
