"""The graph of validated pairs as GEXF 1.2, for Gephi and its kin.

In: the run's frames. Out: XML text without a date, nodes and edges in sorted order: the same bytes each time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from graphscan.reports.frames import Frames
from graphscan.reports.graphs import sorted_pairs
from graphscan.reports.words import iso, missing, visible

_NODE_ATTRIBUTES = (("cluster", "string"), ("membership", "double"), ("role", "string"))
_EDGE_ATTRIBUTES = (
    ("behaviour", "string"),
    ("meetings", "long"),
    ("objects", "long"),
    ("expected", "double"),
    ("p_value", "double"),
    ("q_value", "double"),
    ("window_s", "long"),
    ("first_at", "string"),
    ("last_at", "string"),
)


def gexf_text(frames: Frames) -> str:
    """Return the graph: a node per account with a validated pair, an edge per pair and behaviour.

    An edge's weight is its number of meetings. Characters that XML forbids are written out, as in
    ``⟨U+0001⟩``.
    """
    root = ET.Element("gexf", {"xmlns": "http://www.gexf.net/1.2draft", "version": "1.2"})
    graph = ET.SubElement(root, "graph", {"defaultedgetype": "undirected", "mode": "static"})
    _declare(graph, "node", _NODE_ATTRIBUTES)
    _declare(graph, "edge", _EDGE_ATTRIBUTES)
    _add_nodes(ET.SubElement(graph, "nodes"), frames)
    _add_edges(ET.SubElement(graph, "edges"), frames)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _declare(graph: ET.Element, kind: str, attributes: Iterable[tuple[str, str]]) -> None:
    block = ET.SubElement(graph, "attributes", {"class": kind, "mode": "static"})
    for name, xml_type in attributes:
        ET.SubElement(block, "attribute", {"id": name, "title": name, "type": xml_type})


def _add_nodes(parent: ET.Element, frames: Frames) -> None:
    members = frames.members.sort_values(["account_id", "cluster_id"]).drop_duplicates("account_id")
    known = members.rename(columns={"cluster_id": "cluster"}).set_index("account_id").to_dict("index")
    paired = frames.pairs[["account_a", "account_b"]].to_numpy().ravel().tolist()
    for account in sorted({*known, *paired}):
        node = ET.SubElement(parent, "node", {"id": visible(account), "label": visible(account)})
        _add_values(node, known.get(account, {}), _NODE_ATTRIBUTES)


def _add_edges(parent: ET.Element, frames: Frames) -> None:
    for place, pair in enumerate(sorted_pairs(frames.pairs).to_dict("records")):
        ends = {"source": visible(pair["account_a"]), "target": visible(pair["account_b"])}
        edge = ET.SubElement(parent, "edge", {"id": str(place), **ends, "weight": str(pair["meetings"])})
        _add_values(edge, pair, _EDGE_ATTRIBUTES)


def _add_values(parent: ET.Element, values: Mapping[Any, Any], attributes: Iterable[tuple[str, str]]) -> None:
    block = ET.SubElement(parent, "attvalues")
    for name, _ in attributes:
        value = values.get(name)
        if not missing(value):
            ET.SubElement(block, "attvalue", {"for": name, "value": _value(value)})


def _value(value: object) -> str:
    if isinstance(value, dt.datetime):
        return iso(value)
    return visible(str(value))
