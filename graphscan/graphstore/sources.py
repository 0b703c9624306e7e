"""What there is to load: a run's tables, and the input tables of its dataset or, without one, of its kept rows.

In: a run's folder, a dataset's folder or none. Out: :class:`Source`. Words of private chats are never kept:
a chat that is not known to be a group counts as private.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphscan.errors import InputError
from graphscan.graphstore.kept_rows import input_tables_of
from graphscan.intake import read_dataset
from graphscan.progress import Progress
from graphscan.tables import INPUT_TABLES, RUN_TABLES, Table

Tables = Mapping[str, pa.Table]


@dataclass(frozen=True)
class Source:
    """The tables to load; ``identity`` is the same for the same run and dataset, ``data_until`` ends the data."""

    run: Tables
    input: Tables
    identity: str
    data_until: datetime | None
    version: str
    whole: bool
    """Whether ``input`` is the dataset; else only what the run kept of it."""

    @property
    def input_rows(self) -> int:
        """Rows of all input tables."""
        return sum(t.num_rows for t in self.input.values())


def open_source(run: Path, dataset: Path | None, progress: Progress) -> Source:
    """Read a run, and its dataset where one is given.

    Raises
    ------
    InputError
        When the run is incomplete, or run or dataset cannot be read.
    """
    manifest = _manifest(run)
    tables = {table.name: _run_table(run, table) for table in RUN_TABLES}
    settings, span = manifest.get("settings", {}), manifest.get("span", {})
    if dataset is None:
        found: Tables = input_tables_of(tables["rows"])
        digests: list[Any] = []
    else:
        read = read_dataset(
            dataset,
            timezone=settings.get("timezone", "UTC"),
            epoch_unit=settings.get("epoch_unit", ""),
            progress=progress,
        )
        found, digests = read.tables, sorted((f.table, f.sha256) for f in read.quality.files)
    outputs = {k: v for k, v in sorted(manifest["outputs"].items()) if k.endswith(".parquet")}
    return Source(
        tables,
        without_private_words(complete(found)),
        _digest([outputs, digests]),
        _instant(span.get("last_at")),
        str(manifest.get("graphscan_version", "")),
        dataset is not None,
    )


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _manifest(run: Path) -> dict[str, Any]:
    path = run / "run.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(f"{run} is no run: run.json is missing") from None
    except ValueError as error:
        raise InputError(f"{path} is not valid JSON: {error}") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("outputs"), dict):
        raise InputError(f"{path} is no run's manifest: it names no outputs")
    return manifest


def _run_table(run: Path, table: Table) -> pa.Table:
    path = run / f"{table.name}.parquet"
    try:
        with pq.ParquetFile(path) as file:
            return file.read().select(table.schema.names).cast(table.schema)
    except FileNotFoundError:
        raise InputError(f"{run} is no complete run: {path.name} is missing; make the run again") from None
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, KeyError, ValueError) as error:
        raise InputError(f"{path} is not this version's {table.name} table: {error}; make the run again") from None


def complete(tables: Tables) -> dict[str, pa.Table]:
    """Return all input tables, the missing ones with no rows."""
    return {t.name: tables.get(t.name, t.schema.empty_table()) for t in INPUT_TABLES}


def without_private_words(tables: Tables) -> dict[str, pa.Table]:
    """Return the tables with the text and links of messages gone where the chat is not known to be a group."""
    messages, chats = tables["chat_messages"], tables["chats"]
    groups = chats.filter(pc.equal(chats["kind"], "group"))["chat_id"].combine_chunks()
    in_group = pc.is_in(messages["chat_id"], value_set=groups)
    for name in ("text", "links"):
        at = messages.schema.get_field_index(name)
        shown = pc.if_else(in_group, messages[name], pa.scalar(None, messages[name].type))
        messages = messages.set_column(at, messages.schema.field(at), shown)
    return {**tables, "chat_messages": messages}
