"""Schema: the tables of a ledger and the triggers that keep the chain from being changed, for SQLite and PostgreSQL.

In: nothing. Out: :data:`SQLITE` and :data:`POSTGRES`, statements that may be run again and again. ``entries`` and ``payloads`` are the
ledger; ``standing`` holds what follows from them and can always be computed anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_TABLES = (
    "CREATE TABLE IF NOT EXISTS graphscan_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE IF NOT EXISTS graphscan_entries (seq BIGINT PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL,
    action TEXT NOT NULL, subject TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, digest TEXT NOT NULL,
    previous TEXT NOT NULL, mac TEXT NOT NULL, key_id TEXT NOT NULL)""",
    "CREATE TABLE IF NOT EXISTS graphscan_payloads (seq BIGINT PRIMARY KEY, salt TEXT, body TEXT)",
    """CREATE TABLE IF NOT EXISTS graphscan_files (appeal TEXT NOT NULL, sha256 TEXT NOT NULL, content {bytes},
    PRIMARY KEY (appeal, sha256))""",
    """CREATE TABLE IF NOT EXISTS graphscan_standing (kind TEXT NOT NULL, id TEXT NOT NULL, seq BIGINT NOT NULL,
    state TEXT NOT NULL, account TEXT NOT NULL, cluster TEXT NOT NULL, run TEXT NOT NULL, pending BIGINT NOT NULL,
    body TEXT NOT NULL, PRIMARY KEY (kind, id))""",
    "CREATE INDEX IF NOT EXISTS graphscan_entries_subject ON graphscan_entries (subject)",
    "CREATE INDEX IF NOT EXISTS graphscan_standing_state ON graphscan_standing (kind, state)",
    "CREATE INDEX IF NOT EXISTS graphscan_standing_account ON graphscan_standing (kind, account)",
    "CREATE INDEX IF NOT EXISTS graphscan_standing_cluster ON graphscan_standing (kind, cluster)",
    "CREATE INDEX IF NOT EXISTS graphscan_standing_run ON graphscan_standing (kind, run)",
    "CREATE INDEX IF NOT EXISTS graphscan_standing_pending ON graphscan_standing (kind, pending)",
)

_SQLITE_TRIGGERS = (
    """CREATE TRIGGER IF NOT EXISTS graphscan_entries_no_update BEFORE UPDATE ON graphscan_entries
    BEGIN SELECT RAISE(ABORT, 'the chain is append-only'); END""",
    """CREATE TRIGGER IF NOT EXISTS graphscan_entries_no_delete BEFORE DELETE ON graphscan_entries
    BEGIN SELECT RAISE(ABORT, 'the chain is append-only'); END""",
    """CREATE TRIGGER IF NOT EXISTS graphscan_payloads_only_erase BEFORE UPDATE ON graphscan_payloads
    WHEN NEW.body IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.seq <> OLD.seq
    BEGIN SELECT RAISE(ABORT, 'a payload can only be erased'); END""",
    """CREATE TRIGGER IF NOT EXISTS graphscan_payloads_no_delete BEFORE DELETE ON graphscan_payloads
    BEGIN SELECT RAISE(ABORT, 'a payload can only be erased'); END""",
)

_POSTGRES_TRIGGERS = (
    """CREATE OR REPLACE FUNCTION graphscan_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the chain is append-only'; END $$""",
    """CREATE OR REPLACE FUNCTION graphscan_only_erase() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF NEW.body IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.seq <> OLD.seq
    THEN RAISE EXCEPTION 'a payload can only be erased'; END IF; RETURN NEW; END $$""",
    """CREATE OR REPLACE TRIGGER graphscan_entries_no_change BEFORE UPDATE OR DELETE ON graphscan_entries
    FOR EACH ROW EXECUTE FUNCTION graphscan_refuse()""",
    """CREATE OR REPLACE TRIGGER graphscan_entries_no_truncate BEFORE TRUNCATE ON graphscan_entries
    FOR EACH STATEMENT EXECUTE FUNCTION graphscan_refuse()""",
    """CREATE OR REPLACE TRIGGER graphscan_payloads_only_erase BEFORE UPDATE ON graphscan_payloads
    FOR EACH ROW EXECUTE FUNCTION graphscan_only_erase()""",
    """CREATE OR REPLACE TRIGGER graphscan_payloads_no_delete BEFORE DELETE ON graphscan_payloads
    FOR EACH ROW EXECUTE FUNCTION graphscan_refuse()""",
    """CREATE OR REPLACE TRIGGER graphscan_payloads_no_truncate BEFORE TRUNCATE ON graphscan_payloads
    FOR EACH STATEMENT EXECUTE FUNCTION graphscan_refuse()""",
)

SQLITE: tuple[str, ...] = (*(text.format(bytes="BLOB") for text in _TABLES), *_SQLITE_TRIGGERS)
POSTGRES: tuple[str, ...] = (*(text.format(bytes="BYTEA") for text in _TABLES), *_POSTGRES_TRIGGERS)


def declared_triggers(statements: Sequence[str]) -> set[str]:
    """Return the names of all triggers that the statements make."""
    return {name for text in statements for name in re.findall(r"TRIGGER (?:IF NOT EXISTS )?(graphscan_\w+)", text)}
