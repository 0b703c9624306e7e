"""Tables that no file holds: shared links, the rows a clue rests on, the grounds of decisions, accounts in full.

In: run tables and input tables. Out: Arrow tables whose columns :mod:`model` names.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from graphscan.graphstore.sources import Tables

_CARRIERS = (
    ("Note", "notes", "note_id"),
    ("Comment", "comments", "comment_id"),
    ("Message", "chat_messages", "message_id"),
)


def tables(run: Tables, given: Tables) -> dict[str, pa.Table]:
    """Return every derived table but accounts."""
    carried = _carried(given)
    return {
        "carried": carried,
        "links": _links(carried),
        "evidence": _evidence(run["evidence"]),
        "evidence_rows": _evidence_rows(run["evidence"]),
        "motif_accounts": _unnested(run["motifs"], "motif_id", "accounts", "account_id"),
        "decisions": _decisions(run),
        "decision_grounds": _grounds(run["decisions"]),
        "decision_evidence": _grounds_in_evidence(run["decisions"], run["evidence"]),
    }


def accounts(run: Tables, given: pa.Table) -> pa.Table:
    """Return one row an account seen by the run, with what the dataset says of it and its role in its cluster."""
    # a join takes no lists, and no question asks for the hours
    results, members = run["accounts"].drop_columns(["hours"]), run["members"].select(["account_id", "role"])
    more = [n for n in given.column_names if n not in results.column_names]
    return (
        results.join(given.select(["account_id", *more]), "account_id", join_type="left outer")
        .join(members.group_by("account_id").aggregate([("role", "min")]), "account_id", join_type="left outer")
        .rename_columns({"role_min": "role"})
        .sort_by("account_id")
    )


def _unnested(table: pa.Table, key: str, column: str, name: str) -> pa.Table:
    """Return one row for each distinct value of a list column, beside the key of the row it came from."""
    lists = table[column].combine_chunks()
    keys = table[key].combine_chunks().take(pc.list_parent_indices(lists))
    flat = pa.table({key: keys, name: pc.list_flatten(lists)})
    return flat.filter(pc.is_valid(flat[name])).group_by([key, name], use_threads=False).aggregate([])


def _carried(given: Tables) -> pa.Table:
    parts = []
    for label, table, key in _CARRIERS:
        flat = _unnested(given[table], key, "links", "link").rename_columns(["carrier_id", "link"])
        parts.append(flat.append_column("carrier", pa.repeat(pa.scalar(label), flat.num_rows)))
    return pa.concat_tables(parts)


def _links(carried: pa.Table) -> pa.Table:
    counted = carried.group_by("link", use_threads=False).aggregate([("carrier_id", "count")])
    hosts = pa.array([host(text) for text in counted["link"].to_pylist()], pa.string())
    return pa.table({"link": counted["link"], "host": hosts, "carriers": counted["carrier_id_count"]})


def host(link: str) -> str | None:
    """Return the host of a URL in lower case; None for a bare product id or a malformed address."""
    try:
        return urlsplit(link).hostname
    except ValueError:
        return None


def _evidence(evidence: pa.Table) -> pa.Table:
    subjects = evidence["subject"]
    named = pc.binary_join_element_wise(subjects, evidence["clue"], "/")
    return (
        evidence.append_column("evidence_id", named)
        .append_column("account_id", _after("account:", subjects))
        .append_column("cluster_id", _after("cluster:", subjects))
    )


def _after(prefix: str, texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return what follows the prefix, null where it is not there."""
    rest = pc.utf8_slice_codeunits(texts, len(prefix))
    return pc.if_else(pc.starts_with(texts, prefix), rest, pa.scalar(None, pa.string()))


def _evidence_rows(evidence: pa.Table) -> pa.Table:
    """Return one row for each reference of a clue to a note, comment or message; interactions are no nodes."""
    flat = _unnested(_evidence(evidence), "evidence_id", "rows", "row")
    parts = []
    for label, table, _ in _CARRIERS:
        some = flat.filter(pc.starts_with(flat["row"], f"{table}/"))
        ids = pc.utf8_slice_codeunits(some["row"], len(table) + 1)
        labels = pa.repeat(pa.scalar(label), some.num_rows)
        parts.append(pa.table({"evidence_id": some["evidence_id"], "row_id": ids, "label": labels}))
    return pa.concat_tables(parts)


def _decisions(run: Tables) -> pa.Table:
    """Return decisions with the account they are about, written ``ID`` or ``account:ID``."""
    decisions, known = run["decisions"], run["accounts"]["account_id"].combine_chunks()
    subjects = decisions["subject"]
    plain = pc.is_in(subjects, value_set=known)
    about = pc.if_else(plain, subjects, pc.coalesce(_after("account:", subjects), subjects))
    return decisions.append_column("account_id", about)


def _grounds(decisions: pa.Table) -> pa.Table:
    """Return one row for each decision that another one follows."""
    flat = _unnested(decisions, "decision_id", "follows", "ground").rename_columns(["decision_id", "follows"])
    return flat.filter(pc.is_in(flat["follows"], value_set=decisions["decision_id"].combine_chunks()))


def _grounds_in_evidence(decisions: pa.Table, evidence: pa.Table) -> pa.Table:
    """Return one row for each clue that a decision follows, written ``account:ID clue`` in the decision."""
    flat = _unnested(decisions, "decision_id", "follows", "ground")
    told = _evidence(evidence)
    names = pc.binary_join_element_wise(told["subject"], told["clue"], " ")
    place = pc.index_in(flat["ground"], value_set=names.combine_chunks())
    found = pa.table({"decision_id": flat["decision_id"], "evidence_id": told["evidence_id"].take(place)})
    return found.filter(pc.is_valid(place))
